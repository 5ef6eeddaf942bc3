/** Compression as the vendor's pages have it: only for who asks, and for a feed event by event. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';

/** Whether an `Accept-Encoding` header asks for gzip. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const codings = (acceptEncoding ?? '').toLowerCase().split(',');
  return codings.some((coding) => /^\s*gzip\s*(;|$)/.test(coding) && !/;\s*q=0(\.0*)?\s*$/.test(coding));
}

/** Compresses so that each piece can be read as soon as it has arrived. */
export function compressEach(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  // A failure of the source shows at the reading end too; here it would only be unhandled.
  pipeline(Readable.from(pieces, { objectMode: true }), gzip).catch(() => undefined);
  return gzip;
}

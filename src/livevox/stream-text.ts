/**
 * The body of an event stream → its text, piece by piece, as it arrives. LiveVox compresses it without saying so in its example, so the first
 * bytes decide; what has been compressed so far is given out at once. Leaving the iteration destroys the body.
 */
import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

/** The text of the body. @throws whatever breaks the body off, also a gzip cut short. */
export async function* readStreamText(body: Readable): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const bytes of plainBytes(body)) yield decoder.decode(bytes, { stream: true });
}

async function* plainBytes(body: Readable): AsyncGenerator<Buffer, void, undefined> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    const start = await readStart(chunks);
    const bytes = continueFrom(start, chunks);
    if (start[0] !== 0x1f || start[1] !== 0x8b) return yield* bytes;
    const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH });
    // What breaks the body breaks the gunzip, whose reader hears of it.
    pipeline(Readable.from(bytes), gunzip, () => {});
    yield* gunzip;
  } finally {
    body.destroy();
  }
}

/** Two bytes tell whether it is compressed; fewer only where the body has no more. */
async function readStart(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  return start;
}

async function* continueFrom(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  yield start;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

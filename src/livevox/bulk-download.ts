/**
 * Bulk Contact Download (POST /contact/contacts/bulk with `exportableFields`; the path and verb of Bulk Create, the body decides).
 * The body is handed over as it arrives, byte for byte: LiveVox compresses without saying so, so who reads it must look at the bytes.
 * An error page in a 200 is an error; a body cut short ends the stream with a RetriableError, never as a short download.
 * Nothing in the answer tells how many rows there should be.
 */
import { PassThrough, type Readable } from 'node:stream';
import { RetriableError, toMessage } from '../errors.ts';
import type { Calls } from './calls.ts';
import { toReplyError } from './reply-error.ts';
import type { VendorMethod } from './vendor-method.ts';

export const bulkContactDownloadMethod: VendorMethod = { name: 'Bulk Contact Download', verb: 'POST', kind: 'read' };

export type BulkDownloadRequest = {
  /** Vendor field names; the columns come in this order. */
  readonly exportableFields: readonly string[];
  /** Closed range of `modifyDate`; left out: no bound. A text is a whole day of the client, `CCYY-MM-DD`. */
  readonly startsAt?: Date | string;
  readonly endsAt?: Date | string;
};

export type BulkDownload = {
  /** Bytes as received, maybe gzip. Must be read or destroyed: until then no other download of this tenant starts. */
  readonly body: Readable;
  readonly contentType: string | undefined;
  readonly serverDate: Date | undefined;
};

/** Starts a download; the signal ends it, also while the body is being read. */
export async function fetchBulkContacts(
  calls: Calls,
  request: BulkDownloadRequest,
  signal?: AbortSignal,
): Promise<BulkDownload> {
  const { exportableFields, startsAt, endsAt } = request;
  const body = { startDate: toWireBound(startsAt), endDate: toWireBound(endsAt), exportableFields };
  const headers = { accept: '*/*', 'accept-encoding': 'gzip' };
  const reply = await calls.stream(
    bulkContactDownloadMethod,
    { path: '/contact/contacts/bulk', headers, body },
    signal,
  );
  if (reply.kind !== 'streaming')
    throw toReplyError(reply, { method: bulkContactDownloadMethod.name, origin: calls.origin });
  return {
    body: relay(reply.body, calls.origin, signal),
    contentType: reply.contentType,
    serverDate: reply.serverDate,
  };
}

function toWireBound(bound: Date | string | undefined): number | string | undefined {
  return bound instanceof Date ? bound.getTime() : bound;
}

/** The same bytes, but a broken connection says what it means; destroying one end destroys the other, aborting destroys both. */
function relay(received: Readable, origin: string, signal?: AbortSignal): Readable {
  const relayed = new PassThrough();
  const onAbort = (): void => void relayed.destroy(toAbortReason(signal));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  // The reader may not be listening yet when the connection breaks; the stream stays errored for whoever comes.
  relayed.on('error', () => {});
  received.once('error', (error) => relayed.destroy(toCutShort(error, origin)));
  received.once('close', () => {
    if (!received.readableEnded) relayed.destroy(toCutShort(new Error('the connection was closed'), origin));
  });
  relayed.once('close', () => {
    signal?.removeEventListener('abort', onAbort);
    received.destroy();
  });
  return received.pipe(relayed);
}

function toCutShort(error: Error, origin: string): RetriableError {
  const message = `The download from LiveVox at ${origin} was cut short (${toMessage(error)}): try again`;
  return new RetriableError(message, { cause: error, facts: { method: bulkContactDownloadMethod.name } });
}

function toAbortReason(signal?: AbortSignal): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('The download was stopped');
}

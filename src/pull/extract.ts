/**
 * Asks LiveVox for the contacts of a window and gives back the body, not yet read.
 * All fields are asked for by name, in the order of the catalogue: `allFields` promises no order, and labels may repeat,
 * so the position in this list is what tells which column is which. An error page instead of a CSV is a failed download.
 */
import type { Readable } from 'node:stream';
import { contactFields } from '../contact/index.ts';
import { FailedDownloadError } from './failed-download.ts';
import type { Window } from './window.ts';

export type BulkContacts = {
  /** Bytes as received; gzip or not. */
  readonly body: Readable;
  readonly contentType?: string;
  readonly serverDate?: Date;
};

export type BulkContactsRequest = {
  readonly exportableFields: readonly string[];
  readonly startsAt?: Date;
  readonly endsAt?: Date;
};

export type ExtractDeps = {
  readonly livevox: {
    readonly fetchBulkContacts: (request: BulkContactsRequest, signal?: AbortSignal) => Promise<BulkContacts>;
  };
};

/** The vendor's example of a compressed download names no real type, so what is refused is named, not what is accepted. */
const notCsv = /^\s*(?:text\/html|application\/xhtml|(?:application|text)\/(?:[\w.]+\+)?(?:json|xml))/i;

/** The names of all columns, in the order in which they come. */
const exportableFields = contactFields.map((field) => field.name);

/** The body of the download of a window. @throws FailedDownloadError when LiveVox sends something else than a CSV. */
export async function extract(deps: ExtractDeps, window: Window, signal?: AbortSignal): Promise<Readable> {
  const { startsAt, endsAt } = window;
  const { body, contentType } = await deps.livevox.fetchBulkContacts({ exportableFields, startsAt, endsAt }, signal);
  if (contentType === undefined || !notCsv.test(contentType)) return body;
  body.on('error', () => {});
  body.destroy();
  const found = contentType.split(';')[0]?.trim();
  throw new FailedDownloadError(
    `LiveVox sent ${found} instead of a CSV; try again, and look at its status if it stays.`,
  );
}

/**
 * Asks LiveVox for the contacts of a window and gives back the body, not yet read.
 * All fields are asked for by name, in the order of the catalogue: `allFields` promises no order, and labels may repeat,
 * so the position in this list is what tells which column is which. An error page instead of a CSV is a failed download.
 */
import type { Readable } from 'node:stream';
import { contactFields, toLocalDate } from '../contact/index.ts';
import { NotCsvError } from './failed-download.ts';
import type { Bounds, Window } from './window.ts';

export type BulkContacts = {
  /** Bytes as received; gzip or not. */
  readonly body: Readable;
  readonly contentType?: string;
  readonly serverDate?: Date;
};

export type BulkContactsRequest = {
  readonly exportableFields: readonly string[];
  /** Closed range of modifyDate; a text is a whole day, `YYYY-MM-DD`, in the client's zone. */
  readonly startsAt?: Date | string;
  readonly endsAt?: Date | string;
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

/** The body of the download of a window. @throws NotCsvError when LiveVox sends something else than a CSV. */
export async function extract(
  deps: ExtractDeps,
  window: Pick<Window, 'startsAt' | 'endsAt'>,
  bounds: Bounds,
  signal?: AbortSignal,
): Promise<Readable> {
  const startsAt = toBound(window.startsAt, bounds);
  const endsAt = toBound(window.endsAt, bounds);
  const { body, contentType } = await deps.livevox.fetchBulkContacts({ exportableFields, startsAt, endsAt }, signal);
  if (contentType === undefined || !notCsv.test(contentType)) return body;
  body.on('error', () => {});
  body.destroy();
  const found = contentType.split(';')[0]?.trim();
  throw new NotCsvError(`LiveVox sent ${found} instead of a CSV; try again, and look at its status if it stays.`);
}

/** Whole days enclose the window: a day begins before any instant of it, and ends after. */
function toBound(at: Date | undefined, bounds: Bounds): Date | string | undefined {
  return at !== undefined && bounds.kind === 'days' ? toLocalDate(at, bounds.timeZone) : at;
}

/**
 * A download that did not arrive whole: cut off, not a CSV, or broken inside. It is thrown away and fetched again, because
 * LiveVox says nowhere how many rows there should be: only the bytes themselves can tell that some are missing.
 * The type says what would help: a smaller window helps against what was cut off or too large, not against an error page.
 */
import { RetriableError } from '../errors.ts';

/** Throw the bytes away and fetch them again; cut off in every attempt, in two halves. */
export class FailedDownloadError extends RetriableError {}

/** Larger or slower than a window may be: ask for its halves at once. */
export class OversizedDownloadError extends FailedDownloadError {}

/** Not a CSV at all: fetch it again, but never a smaller one. */
export class NotCsvError extends FailedDownloadError {}

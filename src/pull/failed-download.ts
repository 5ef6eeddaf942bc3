/**
 * A download that did not arrive whole: cut off, not a CSV, or broken inside. It is thrown away and fetched again, because
 * LiveVox says nowhere how many rows there should be: only the bytes themselves can tell that some are missing.
 */
import { RetriableError } from '../errors.ts';

/** Throw the bytes away and fetch them again. */
export class FailedDownloadError extends RetriableError {}

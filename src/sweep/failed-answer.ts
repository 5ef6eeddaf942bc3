/** An answer to a sweep's request that did not arrive whole: its rows are thrown away and the request is made again. */
import { RetriableError } from '../errors.ts';

export class FailedAnswerError extends RetriableError {}

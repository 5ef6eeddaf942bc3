/**
 * Asks LiveVox for the windows of a sweep, one after the other, and keeps account and modifyDate of every row in the sweep's working
 * table. An answer that does not arrive whole leaves none of its rows and is asked for again.
 */
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { toLocalDate } from '../contact/index.ts';
import { FatalError, toLogReason } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import { copySweepRows, type Store, type SweepTables } from '../store/index.ts';
import type { SweepWindow } from './choose-requests.ts';
import { FailedAnswerError } from './failed-answer.ts';
import { type AnswerCounts, readAnswer, sweepFields } from './read-answer.ts';

/** An instant, or a day of the client. */
type Bound = Date | string;

export type CollectDeps = {
  readonly livevox: {
    readonly fetchBulkContacts: (
      request: { readonly exportableFields: readonly string[]; readonly startsAt?: Bound; readonly endsAt?: Bound },
      signal?: AbortSignal,
    ) => Promise<{ readonly body: Readable; readonly contentType?: string }>;
  };
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type CollectInput = {
  readonly tables: SweepTables;
  readonly requests: readonly SweepWindow[];
  readonly timeZone: string;
  /** LiveVox takes bounds in whole days only. */
  readonly wholeDays: boolean;
  /** Times a request is made before the sweep fails. */
  readonly attempts: number;
  /** How many contacts are expected. */
  readonly contacts: number;
  readonly signal: AbortSignal | undefined;
};

export type Collected = AnswerCounts & {
  /** Requests that were made, failed ones included. */
  readonly requests: number;
  /** Rows of each window, in its order. */
  readonly rowsOf: readonly number[];
};

/** The wait before the second attempt; it doubles with each further one. */
const firstWaitMs = 1000;

/** The vendor's example of a compressed download names no real type, so what is refused is named, not what is accepted. */
const notCsv = /^\s*(?:text\/html|application\/xhtml|(?:application|text)\/(?:[\w.]+\+)?(?:json|xml))/i;

/** @throws FailedAnswerError when no attempt brought a whole answer; FatalError when the columns are not those asked for. */
export async function collect(deps: CollectDeps, input: CollectInput): Promise<Collected> {
  const sum = { rows: 0, unreadable: 0, requests: 0 };
  const rowsOf: number[] = [];
  for (const window of input.requests) {
    const answer = await collectWindow(deps, input, window, sum);
    sum.rows += answer.rows;
    sum.unreadable += answer.unreadable;
    rowsOf.push(answer.rows);
  }
  return { ...sum, rowsOf };
}

async function collectWindow(
  deps: CollectDeps,
  input: CollectInput,
  window: SweepWindow,
  sum: { readonly rows: number; requests: number },
): Promise<AnswerCounts> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      sum.requests += 1;
      return await collectOnce(deps, input, window, sum.rows);
    } catch (error) {
      input.signal?.throwIfAborted();
      if (!(error instanceof FailedAnswerError) || attempt >= input.attempts) throw error;
      deps.log.warn('sweep.answer.failed', { attempt, attempts: input.attempts, reason: toLogReason(error) });
      await deps.clock.sleep(firstWaitMs * 2 ** (attempt - 1), input.signal);
    }
  }
}

async function collectOnce(
  deps: CollectDeps,
  input: CollectInput,
  { startsAt, endsAt }: SweepWindow,
  rowsBefore: number,
): Promise<AnswerCounts> {
  const { tables, timeZone, contacts, signal } = input;
  const toBound = (at: Date | undefined): Bound | undefined => (at && input.wholeDays ? toLocalDate(at, timeZone) : at);
  const request = { exportableFields: sweepFields, startsAt: toBound(startsAt), endsAt: toBound(endsAt) };
  const { body, contentType } = await deps.livevox.fetchBulkContacts(request, signal);
  if (contentType !== undefined && notCsv.test(contentType)) {
    body.on('error', () => {});
    body.destroy();
    throw new FailedAnswerError(
      `LiveVox sent ${contentType.split(';')[0]?.trim()} instead of a CSV; try again, and look at its status if it stays.`,
    );
  }
  const counts = { rows: 0, unreadable: 0 };
  const rows = tell(readAnswer(body, counts), () =>
    deps.progress({ step: 'sweep', what: 'contacts found', done: rowsBefore + counts.rows, total: contacts }),
  );
  const copied = await copySweepRows(deps.store, { tables, timeZone, rows, signal });
  if (copied === counts.rows) return counts;
  throw new FatalError(
    `Postgres kept ${copied} rows of the ${counts.rows} it was given, so nothing was marked; report this.`,
    { facts: { copied, rows: counts.rows } },
  );
}

async function* tell<Batch>(batches: AsyncIterable<Batch>, onBatch: () => void): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    onBatch();
    yield batch;
  }
}

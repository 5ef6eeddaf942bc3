/**
 * Our error → BullMQ's verdict; the only file that knows both. What a person must mend is given up at once, what may pass is
 * tried again, a rate limit is waited for without counting an attempt, and a step that a stopping worker broke off is put
 * back for the next one. What reaches the queue is our own sentence: messages of other libraries may quote a contact.
 */
import { DelayedError, UnrecoverableError, WaitingError } from 'bullmq';
import { ConfigError, FatalError, LvsyncError, RateLimitedError } from '../src/errors.ts';

/** How an attempt ended. */
export type Verdict =
  | { readonly kind: 'done' }
  /** Fails for good. */
  | { readonly kind: 'give_up'; readonly reason: string }
  /** Counts as an attempt; comes back after the queue's backoff. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** Does not count as an attempt. */
  | { readonly kind: 'delay'; readonly reason: string; readonly delayMs: number }
  /** Does not count as an attempt; the next worker takes it at once. */
  | { readonly kind: 'resume'; readonly reason: string };

/** What the decision depends on besides the error. */
export type Attempt = {
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  /** Attempts there may be. */
  readonly attempts: number;
  /** Times the job was begun, waits and resumptions included, this time too. */
  readonly starts: number;
  /** Whether the worker is breaking off its jobs in order to stop. */
  readonly stopping: boolean;
};

/** Where LiveVox does not say how long to wait. */
const unsaidRateLimitMs = 30_000;
/** A rate limit that never ends must end somewhere; from here on, waiting for it counts as an attempt. */
const maxStarts = 500;
const maxReasonLength = 500;

export function chooseVerdict(error: unknown, attempt: Attempt): Verdict {
  const reason = describeFailure(error);
  if (attempt.stopping) return { kind: 'resume', reason };
  if (error instanceof FatalError || error instanceof ConfigError) return { kind: 'give_up', reason };
  if (error instanceof RateLimitedError && attempt.starts < maxStarts) {
    return { kind: 'delay', reason, delayMs: error.retryAfterMs ?? unsaidRateLimitMs };
  }
  return { kind: attempt.attemptsMade + 1 >= attempt.attempts ? 'give_up' : 'retry', reason };
}

/** One sentence for the queue: our own words, or the name and code of an error that is not ours. */
export function describeFailure(error: unknown): string {
  if (error instanceof LvsyncError) return toQueueText(error.message);
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  const name = error instanceof Error ? error.name : typeof error;
  return toQueueText(`Unexpected ${name}${code}; the run's record says more (lvsync status).`);
}

/** Postgres takes neither NUL nor half a surrogate pair: a message with one would leave its job active for ever. */
export function toQueueText(text: string): string {
  return text.slice(0, maxReasonLength).toWellFormed().replaceAll('\0', '');
}

/** The job as far as a verdict needs it. */
type MovableJob = {
  readonly moveToDelayed: (timestamp: number, token?: string) => Promise<unknown>;
  readonly moveToWait: (token?: string) => Promise<unknown>;
};

/** Does with the job what the verdict says: returns for `done`, else throws what BullMQ understands. */
export async function obeyVerdict(
  verdict: Verdict,
  job: MovableJob,
  token: string | undefined,
  now: Date,
): Promise<void> {
  switch (verdict.kind) {
    case 'done':
      return;
    case 'give_up':
      throw new UnrecoverableError(verdict.reason);
    case 'retry':
      throw new Error(verdict.reason);
    case 'delay':
      await job.moveToDelayed(now.getTime() + verdict.delayMs, token);
      throw new DelayedError();
    case 'resume':
      await job.moveToWait(token);
      throw new WaitingError();
  }
}

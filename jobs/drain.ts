/**
 * Ends workers within a known time: the steps at work may go on for a while, then they are broken off and put back, and a step
 * that does not even heed that is abandoned. Its job comes back when its lock has run out, as that of a killed worker does.
 */
import { RetriableError } from '../src/errors.ts';
import type { WorkerPort } from './queue-port.ts';

export type DrainWaits = {
  /** How long the steps at work may go on, milliseconds. */
  readonly graceMs: number;
  /** How long a step may take to break off, milliseconds. @default 3_000 */
  readonly abandonMs?: number;
};

export type Drained = 'drained' | 'abandoned';

const defaultAbandonMs = 3_000;

/** Takes no further job; resolves when all steps have ended or been abandoned. */
export async function drain(
  workers: readonly Pick<WorkerPort, 'close'>[],
  breakOff: AbortController,
  { graceMs, abandonMs = defaultAbandonMs }: DrainWaits,
): Promise<Drained> {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void): void => void timers.push(setTimeout(act, ms));
  const reason = new RetriableError('The worker was stopped; the next one goes on with this step.');
  const abandoned = new Promise<Drained>((resolve) => {
    after(graceMs, () => breakOff.abort(reason));
    after(graceMs + abandonMs, () => resolve('abandoned'));
  });
  const drained = Promise.all(workers.map((worker) => worker.close())).then((): Drained => 'drained');
  try {
    return await Promise.race([drained, abandoned]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

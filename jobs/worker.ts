/**
 * The worker process: opens the workplace and the queue, works all queues for all tenants until told to stop, then lets the
 * steps at work end. A step that takes longer is broken off and put back, and the next worker goes on with it (drain.ts). A worker that
 * is killed loses nothing either: its jobs come back when their locks have run out, and Postgres frees its tenants' locks.
 */
import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import { silentProgress } from '../src/progress.ts';
import { openWorkplace, type Workplace } from '../src/wiring.ts';
import { openBackend } from './backend.ts';
import { type Drained, drain } from './drain.ts';
import { type JobParts, processJob } from './process-job.ts';
import type { QueuePort, WorkerOptions } from './queue-port.ts';
import { queueNames } from './queues.ts';

export type RunWorkerOptions = WorkerOptions & {
  readonly log: Log;
  /** Aborted to stop the worker. */
  readonly signal: AbortSignal;
  /** How long the steps at work may go on after that, milliseconds; platforms kill after thirty seconds. @default 20_000 */
  readonly graceMs?: number;
};

const defaultGraceMs = 20_000;

/**
 * Works until `signal` is aborted, then drains. `abandoned`: a step did not end, and its connections are still open, so the process has to
 * be ended. Throws when the database or the queue cannot be reached at the start.
 */
export async function runWorker(config: Config, options: RunWorkerOptions): Promise<Drained> {
  const { log } = options;
  const place = await openWorkplace(config, { log, progress: silentProgress });
  let ended: Drained = 'drained';
  try {
    const queue = await openBackend(config, place.databaseUrl, log);
    try {
      ended = await work(place, queue, options);
    } finally {
      if (ended === 'drained') await queue.close();
    }
    return ended;
  } finally {
    // Closing would wait for what the abandoned step holds.
    if (ended === 'drained') await place.close();
  }
}

async function work(place: Workplace, queue: QueuePort, options: RunWorkerOptions): Promise<Drained> {
  const { log, signal, lockMs, graceMs = defaultGraceMs } = options;
  const breakOff = new AbortController();
  const parts: JobParts = { place, queue, log, breakOff: breakOff.signal };
  const workers = queueNames.map((name) =>
    queue.startWorker(name, (job, jobSignal) => processJob(parts, name, job, jobSignal), { lockMs }),
  );
  try {
    await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    log.info('worker.started', { queue: queue.kind });
    await untilAborted(signal);
  } catch (error) {
    await drain(workers, breakOff, { graceMs });
    throw error;
  }
  const ended = await drain(workers, breakOff, { graceMs });
  log[ended === 'drained' ? 'info' : 'warn']('worker.stopped', { ended });
  return ended;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

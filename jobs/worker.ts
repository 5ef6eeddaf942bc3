/**
 * The worker process: opens the workplace and the queue, works all queues for all tenants until told to stop, then lets the
 * steps at work end. A step that takes longer is broken off and put back, and the next worker goes on with it. A worker that
 * is killed loses nothing either: its jobs come back when their locks have run out, and Postgres frees its tenants' locks.
 */
import type { Config } from '../src/config.ts';
import { RetriableError } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { silentProgress } from '../src/progress.ts';
import { openWorkplace, type Workplace } from '../src/wiring.ts';
import { openBackend } from './backend.ts';
import { type JobParts, processJob } from './process-job.ts';
import type { QueuePort, WorkerOptions, WorkerPort } from './queue-port.ts';
import { queueNames } from './queues.ts';

export type RunWorkerOptions = WorkerOptions & {
  readonly log: Log;
  /** Aborted to stop the worker. */
  readonly signal: AbortSignal;
  /** How long the steps at work may go on after that, milliseconds; platforms kill after thirty seconds. @default 20_000 */
  readonly graceMs?: number;
};

const defaultGraceMs = 20_000;

/** Works until `signal` is aborted, then drains. Throws when the database or the queue cannot be reached at the start. */
export async function runWorker(config: Config, options: RunWorkerOptions): Promise<void> {
  const { log } = options;
  const place = await openWorkplace(config, { log, progress: silentProgress });
  try {
    const queue = await openBackend(config, place.databaseUrl, log);
    try {
      await work(place, queue, options);
    } finally {
      await queue.close();
    }
  } finally {
    await place.close();
  }
}

async function work(place: Workplace, queue: QueuePort, options: RunWorkerOptions): Promise<void> {
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
  } finally {
    await drain(workers, breakOff, graceMs);
    log.info('worker.stopped');
  }
}

async function drain(workers: readonly WorkerPort[], breakOff: AbortController, graceMs: number): Promise<void> {
  const reason = new RetriableError('The worker was stopped; the next one goes on with this step.');
  const timer = setTimeout(() => breakOff.abort(reason), graceMs);
  await Promise.all(workers.map((worker) => worker.close()));
  clearTimeout(timer);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

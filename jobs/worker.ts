/**
 * The worker process: opens the workplace and the queue, works all queues for all tenants until told to stop, then lets the
 * steps at work end. A step that takes longer is broken off and put back, and the next worker goes on with it (drain.ts). A worker that
 * is killed loses nothing either: its jobs come back when their locks have run out, and Postgres frees its tenants' locks.
 */
import { systemClock } from '../src/clock.ts';
import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import { silentProgress } from '../src/progress.ts';
import { openWorkplace, type Workplace } from '../src/wiring.ts';
import { openBackend } from './backend.ts';
import { checkHealth } from './check-health.ts';
import { countRequests, type RequestCounts } from './count-requests.ts';
import { type Drained, drain } from './drain.ts';
import { type JobParts, processJob } from './process-job.ts';
import type { QueuePort, WorkerOptions } from './queue-port.ts';
import { queueNames } from './queues.ts';
import { makeMetricsReader } from './read-metrics.ts';
import { type MetricsServer, serveMetrics } from './serve-metrics.ts';
import { watchNotices } from './watch-notices.ts';

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
  const requests = countRequests();
  const place = await openWorkplace(config, { log, progress: silentProgress, watch: requests.watch });
  let ended: Drained = 'drained';
  try {
    const queue = await openBackend(config, place.databaseUrl, log);
    try {
      ended = await workWatched(config, { place, queue, requests }, options);
    } finally {
      if (ended === 'drained') await queue.close();
    }
    return ended;
  } finally {
    // Closing would wait for what the abandoned step holds.
    if (ended === 'drained') await place.close();
  }
}

/** With a window for monitors and an eye on what a webhook is to be told; both last until the worker has drained. */
async function workWatched(config: Config, watched: Watched, options: RunWorkerOptions): Promise<Drained> {
  const { place, queue } = watched;
  const metrics = await openMetrics(config, watched, options);
  const stop = new AbortController();
  const parts = { tenants: config.tenants, store: place.store, clock: systemClock, log: options.log };
  const noticed = watchNotices(parts, AbortSignal.any([stop.signal, options.signal]));
  let ended: Drained = 'drained';
  try {
    ended = await work(place, queue, options);
    return ended;
  } finally {
    stop.abort();
    // A process that has to be ended waits for nobody.
    if (ended === 'drained') await noticed;
    await metrics?.close();
  }
}

type Watched = { readonly place: Workplace; readonly queue: QueuePort; readonly requests: RequestCounts };

/** The window for monitors, if one is configured. It stays open while the worker drains. */
async function openMetrics(
  config: Config,
  { place, queue, requests }: Watched,
  { log, signal: stopping }: RunWorkerOptions,
): Promise<MetricsServer | undefined> {
  if (config.metrics === undefined) return undefined;
  const { store, laneUse } = place;
  const shared = { store, queue, clock: systemClock };
  const { collect: collectRequests } = requests;
  return serveMetrics(config.metrics, {
    readMetrics: makeMetricsReader({ ...shared, tenants: config.tenants, laneUse, collectRequests }),
    checkHealth: () => checkHealth({ ...shared, stopping }),
    log,
  });
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
  if (ended === 'drained') log.info('worker.stopped', { ended });
  else log.warn('worker.stopped', { ended });
  return ended;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

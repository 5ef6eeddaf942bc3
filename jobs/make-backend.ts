/**
 * BullMQ behind our narrow types, the same for both of its stores. What is set here and why: locks of 15 seconds looked at
 * every 5, so that the step of a killed worker comes back within 20 (BullMQ's defaults take a minute); finished jobs kept by
 * age and never by count, because on Postgres the count's clean-up deadlocks; no stack traces, because they would be stored.
 */
import type { BackendClasses, FlowJob, IQueueBackend, Job, JobsOptions, RepeatOptions, Telemetry } from 'bullmq';
import { systemClock } from '../src/clock.ts';
import type { Log } from '../src/log.ts';
import { describeFailure, obeyVerdict, toQueueText } from './failure.ts';
import { findNextDue } from './next-due.ts';
import type {
  ActiveJob,
  NewJob,
  ProcessJob,
  QueuePort,
  StoredSchedule,
  WorkerOptions,
  WorkerPort,
} from './queue-port.ts';
import { chooseBackoffMs, type QueueName, queues, scheduledQueues } from './queues.ts';

export type BackendParts<Connection> = {
  readonly connection: Connection;
  /** Of the keys in Redis; Postgres does without. */
  readonly prefix?: string;
  readonly log: Log;
  readonly telemetry?: Telemetry | undefined;
  /** Ends the connection. */
  readonly end: () => Promise<void>;
};

const defaultLockMs = 15_000;
/** Checks for lost jobs in the time of one lock. */
const checksPerLock = 3;
/** Workers that may die with the same job before it is given up. */
const maxStalls = 5;
/** How long finished jobs are kept, seconds. */
const keepDoneSeconds = 7 * 24 * 3_600;
const keepFailedSeconds = 30 * 24 * 3_600;
/** A queue in trouble can report hundreds of errors in a second; one in this time is logged, milliseconds. */
const errorLogMs = 10_000;

export function makeBackend<Store extends IQueueBackend, Connection>(
  kind: QueuePort['kind'],
  classes: BackendClasses<Store, Connection>,
  { connection, prefix, log, telemetry, end }: BackendParts<Connection>,
): QueuePort {
  const onError = makeErrorLog(log);
  // Nothing is written about a queue that is only looked at.
  const base = { connection, prefix, telemetry, skipMetasUpdate: true, settings: { repeatStrategy } };
  const openQueue = (name: QueueName) => new classes.Queue(name, base).on('error', onError);
  const open = new Map<QueueName, ReturnType<typeof openQueue>>();
  const queueOf = (name: QueueName): ReturnType<typeof openQueue> => {
    const queue = open.get(name) ?? openQueue(name);
    open.set(name, queue);
    return queue;
  };
  const flows = new classes.FlowProducer({ connection, prefix, telemetry });
  flows.on('error', onError);
  return {
    kind,
    add: async (job) => void (await flows.add(toFlowJob(job))),
    selectCounts: (name) => queueOf(name).getJobCounts(),
    selectSchedules: async () => {
      const found = await Promise.all(
        scheduledQueues.map(async (name) => {
          const schedulers = await queueOf(name).getJobSchedulers(0, -1, true);
          return Promise.all(schedulers.map((scheduler) => toStoredSchedule(scheduler, name, queueOf(name))));
        }),
      );
      return found.flat();
    },
    putSchedule: async ({ id, queue, cron, timeZone }, job) => {
      const template = { name: job.name, data: job.payload, opts: toJobOptions({ ...job, queue }) };
      const next = await queueOf(queue).upsertJobScheduler(id, { pattern: cron, tz: timeZone }, template);
      return toDueAt(next?.opts);
    },
    removeSchedule: async ({ id, queue }) => void (await queueOf(queue).removeJobScheduler(id)),
    startWorker: (name, processJob, options = {}) =>
      startWorker(classes, { connection, prefix, log, telemetry, onError }, name, processJob, options),
    close: async () => {
      await Promise.all([...open.values()].map((queue) => queue.close()));
      await flows.close();
      await end();
    },
  };
}

type WorkerParts<Connection> = Pick<BackendParts<Connection>, 'connection' | 'prefix' | 'log' | 'telemetry'> & {
  readonly onError: (error: Error) => void;
};

function startWorker<Store extends IQueueBackend, Connection>(
  classes: BackendClasses<Store, Connection>,
  { connection, prefix, log, telemetry, onError }: WorkerParts<Connection>,
  name: QueueName,
  processJob: ProcessJob,
  { lockMs = defaultLockMs }: WorkerOptions,
): WorkerPort {
  const processor = async (job: Job, token?: string, signal?: AbortSignal): Promise<void> => {
    const verdict = await processJob(toActiveJob(job), signal ?? new AbortController().signal);
    await obeyVerdict(verdict, job, token, systemClock.now());
  };
  const worker = new classes.Worker(name, processor, {
    connection,
    prefix,
    telemetry,
    concurrency: queues[name].concurrency,
    lockDuration: lockMs,
    stalledInterval: Math.ceil(lockMs / checksPerLock),
    maxStalledCount: maxStalls,
    settings: { backoffStrategy: (attempt) => chooseBackoffMs(name, attempt), repeatStrategy },
  });
  worker.on('error', onError);
  worker.on('stalled', (jobId) => log.warn('job.stalled', { queue: name, jobId }));
  // Failed without being begun: its worker died too often, or the job before it failed.
  worker.on('failed', (job, error) => {
    if (job?.deferredFailure)
      log.warn('job.failed', { queue: name, jobId: job.id, reason: toQueueText(error.message) });
  });
  return { waitUntilReady: () => worker.waitUntilReady(), close: () => worker.close() };
}

function toActiveJob(job: Job): ActiveJob {
  const { id = '', data, attemptsMade, attemptsStarted: starts, opts } = job;
  return { id, payload: data, attemptsMade, attempts: opts.attempts ?? 1, starts, dueAt: toDueAt(opts) };
}

/** What BullMQ calls the previous one is, in a job that a schedule has made, the time it was made for. */
function toDueAt(opts: JobsOptions | undefined): Date | undefined {
  return opts?.prevMillis === undefined ? undefined : new Date(opts.prevMillis);
}

/** When a schedule comes again; the same for who writes it and for the worker that goes on with it. */
function repeatStrategy(millis: number, { pattern, tz }: RepeatOptions): number | undefined {
  return findNextDue({ cron: pattern ?? '', timeZone: tz ?? 'UTC' }, new Date(millis))?.getTime();
}

function toFlowJob(job: NewJob): FlowJob {
  const opts = { ...toJobOptions(job), jobId: job.id };
  const children = job.after === undefined ? {} : { children: [toFlowJob(job.after)] };
  return { name: job.name, queueName: job.queue, data: job.payload, opts, ...children };
}

function toJobOptions(job: Omit<NewJob, 'id'>): JobsOptions {
  return {
    attempts: queues[job.queue].attempts,
    backoff: { type: 'doubling' },
    removeOnComplete: { age: keepDoneSeconds },
    removeOnFail: { age: keepFailedSeconds },
    stackTraceLimit: 0,
    ...(job.priority === undefined ? {} : { priority: job.priority }),
    ...(job.onFailure === 'begin' ? { ignoreDependencyOnFailure: true } : { failParentOnFailure: true }),
  };
}

type Scheduler = { readonly key: string; readonly pattern?: string; readonly tz?: string; readonly next?: number };

/** A schedule whose next job has gone missing would never come again: that it has, only the job itself can say. */
async function toStoredSchedule(
  scheduler: Scheduler,
  name: QueueName,
  queue: { getJob(id: string): Promise<unknown> },
): Promise<StoredSchedule> {
  const { key: id, pattern: cron = '', tz: timeZone = '', next } = scheduler;
  const job = next === undefined ? undefined : await queue.getJob(`repeat:${id}:${next}`);
  return {
    id,
    queue: name,
    cron,
    timeZone,
    nextAt: job === undefined || next === undefined ? undefined : new Date(next),
  };
}

function makeErrorLog(log: Log): (error: Error) => void {
  let quietUntil = 0;
  let unlogged = 0;
  return (error) => {
    const now = systemClock.now().getTime();
    unlogged += 1;
    if (now < quietUntil) return;
    log.warn('queue.error', { reason: describeFailure(error), times: unlogged });
    quietUntil = now + errorLogMs;
    unlogged = 0;
  };
}

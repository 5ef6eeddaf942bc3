/**
 * What the rest of the program knows of a queue: our own narrow types, because BullMQ's differ from one store to the other.
 * An upgrade of BullMQ, or another queue, changes make-backend.ts and nothing that imports these.
 */
import type { Verdict } from './failure.ts';
import type { QueueName } from './queues.ts';

/** A job on its way into a queue. */
export type NewJob = {
  readonly queue: QueueName;
  readonly name: string;
  /** Adding a job whose id its queue knows changes nothing. No colons. */
  readonly id: string;
  /** Ids only; the queue's schema says which. */
  readonly payload: object;
  /** Must have ended before this one begins. */
  readonly after?: NewJob;
  /** When this job fails for good, whoever waits for it: `fail`s as well, or `begin`s all the same. @default 'fail' */
  readonly onFailure?: 'fail' | 'begin';
  /** The lower goes first, from 1; a job without goes before all that have one. @default none */
  readonly priority?: number;
};

/** A job at work. */
export type ActiveJob = {
  readonly id: string;
  readonly payload: unknown;
  /** Attempts that failed before this one. */
  readonly attemptsMade: number;
  readonly attempts: number;
  /** Times it was begun, this time too. */
  readonly starts: number;
  /** When its schedule wanted it; undefined: no schedule did. */
  readonly dueAt: Date | undefined;
};

export type Schedule = {
  readonly id: string;
  /** Where its jobs go. */
  readonly queue: QueueName;
  readonly cron: string;
  /** IANA zone of the cron expression. */
  readonly timeZone: string;
};

export type StoredSchedule = Schedule & {
  /** When its next job is due; undefined when that job is lost. */
  readonly nextAt: Date | undefined;
};

export type WorkerPort = {
  /** Resolves when it is connected. */
  readonly waitUntilReady: () => Promise<void>;
  /** Takes no further job, and resolves when those at work have ended. */
  readonly close: () => Promise<void>;
};

export type WorkerOptions = {
  /** A job whose worker has shown no sign of life for so long is given to another one, milliseconds. @default 15_000 */
  readonly lockMs?: number;
};

export type ProcessJob = (job: ActiveJob, signal: AbortSignal) => Promise<Verdict>;

/** All queues of one installation. */
export type QueuePort = {
  readonly kind: 'postgres' | 'redis';
  /** Adds a job and those it comes after, all or none. */
  readonly add: (job: NewJob) => Promise<void>;
  /** State → jobs. */
  readonly selectCounts: (queue: QueueName) => Promise<Readonly<Record<string, number>>>;
  /** Of the queues that schedules may fill. */
  readonly selectSchedules: () => Promise<readonly StoredSchedule[]>;
  /** Makes or changes a schedule whose jobs are like `job`, and returns when the next is due. */
  readonly putSchedule: (schedule: Schedule, job: Omit<NewJob, 'id' | 'queue'>) => Promise<Date | undefined>;
  readonly removeSchedule: (schedule: Pick<Schedule, 'id' | 'queue'>) => Promise<void>;
  readonly startWorker: (queue: QueueName, processJob: ProcessJob, options?: WorkerOptions) => WorkerPort;
  readonly close: () => Promise<void>;
};

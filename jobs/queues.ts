/**
 * One table of the queues: what a job's payload may hold, how often it is tried, how many run at once in one worker.
 * A payload is ids only (tenant, run, ordinal, kind of sweep): what a step works on is in the database, so the queue may be lost.
 * The waits between attempts stay below the two minutes after which another run may take the place of a silent one.
 */
import { z } from 'zod';
import { FatalError } from '../src/errors.ts';

const tenant = z.string().min(1);
const runId = z.uuid();

/** Starts a nightly of the tenant. */
const openPayload = z.strictObject({ tenant });
/** Ends a nightly whose steps are through, or cannot go on. */
const closePayload = z.strictObject({ tenant, runId });
/** Runs the step at `ordinal` (from 1) of a nightly. */
const stepPayload = z.strictObject({ tenant, runId, ordinal: z.int().positive() });
/** Sweeps, all contacts or the part whose turn it is. */
const sweepPayload = z.strictObject({ tenant, sweep: z.enum(['whole', 'rolling']) });
/** Does what `sync.reconciles` says. */
const reconcilePayload = z.strictObject({ tenant, reconcileId: z.uuid() });
/** Clears away what has been kept long enough. */
const retentionPayload = z.strictObject({ tenant });

export type OpenPayload = z.output<typeof openPayload>;
export type ClosePayload = z.output<typeof closePayload>;
export type StepPayload = z.output<typeof stepPayload>;
export type SweepPayload = z.output<typeof sweepPayload>;
export type ReconcilePayload = z.output<typeof reconcilePayload>;

/** Waits between attempts, milliseconds: doubling from the first to the longest. */
type Backoff = { readonly firstMs: number; readonly longestMs: number };

type QueueSpec = {
  readonly payload: z.ZodType;
  /** Times a job is tried; waiting for a rate limit and being resumed are not counted. */
  readonly attempts: number;
  readonly backoff: Backoff;
  /** Jobs of this queue that one worker process runs at once. */
  readonly concurrency: number;
};

const patient: Backoff = { firstMs: 1_000, longestMs: 60_000 };
/** To be there when the step of another run ends: trying is asking Postgres for a lock. */
const eager: Backoff = { firstMs: 500, longestMs: 60_000 };

export const queues = {
  // Waits here while another run of the tenant goes on: three hours and more before the nightly is given up.
  nightly: {
    payload: z.union([closePayload, openPayload]),
    attempts: 200,
    backoff: patient,
    concurrency: 8,
  },
  // Half an hour of LiveVox not answering, on top of the client's own attempts.
  pull: { payload: stepPayload, attempts: 30, backoff: patient, concurrency: 2 },
  verify: { payload: stepPayload, attempts: 10, backoff: patient, concurrency: 2 },
  diff: { payload: stepPayload, attempts: 10, backoff: patient, concurrency: 2 },
  push: { payload: stepPayload, attempts: 30, backoff: patient, concurrency: 4 },
  // Somebody waits for it: a queue of its own, so that no nightly of another tenant stands before it.
  reconcile: { payload: reconcilePayload, attempts: 200, backoff: eager, concurrency: 4 },
  // All of a sweep is one job, and it may take hours.
  sweep: { payload: sweepPayload, attempts: 200, backoff: patient, concurrency: 2 },
  retention: { payload: retentionPayload, attempts: 10, backoff: patient, concurrency: 1 },
} as const satisfies Readonly<Record<string, QueueSpec>>;

export type QueueName = keyof typeof queues;
export type PayloadOf<Name extends QueueName> = z.output<(typeof queues)[Name]['payload']>;

export const queueNames = Object.keys(queues) as readonly QueueName[];
/** Those that schedules fill. */
export const scheduledQueues = ['nightly', 'sweep', 'retention'] as const satisfies readonly QueueName[];

/** A payload as this version knows it. Throws FatalError for any other, without quoting it. */
export function parsePayload<Name extends QueueName>(name: Name, payload: unknown): PayloadOf<Name> {
  const parsed = queues[name].payload.safeParse(payload);
  if (!parsed.success) {
    throw new FatalError(`This job of queue ${name} was written by another version of livevox-sync; remove it.`);
  }
  return parsed.data as PayloadOf<Name>;
}

/** How long to wait after the `attempt`th failed attempt (from 1), milliseconds. */
export function chooseBackoffMs(name: QueueName, attempt: number): number {
  const { firstMs, longestMs } = queues[name].backoff;
  return Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 20));
}

/**
 * The nightly as jobs: `open` starts the run and adds its steps, one after the other, with `close` at the end. The job's id
 * is the run's key, and the ids of the steps come from the run, so a job done twice starts nothing twice. When a step fails
 * for good, those after it fail unbegun, and `close` begins all the same: it is the queue that sees to it that a run ends.
 */
import { randomUUID } from 'node:crypto';
import { FatalError } from '../src/errors.ts';
import { endFailed, endRun, openNightly, type TenantDeps, wayOf } from '../src/pipeline.ts';
import { type StoredRun, selectRun } from '../src/store/index.ts';
import type { ActiveJob, NewJob, QueuePort } from './queue-port.ts';
import type { ClosePayload, OpenPayload } from './queues.ts';

type Adder = Pick<QueuePort, 'add'>;

/** A nightly that no worker has begun by then was missed: the machine was down. */
export const missedAfterMs = 15 * 60_000;

/** Puts one nightly of the tenant into the queue, to start at once; returns the job's id. */
export async function enqueueNightly(queue: Adder, tenant: string): Promise<string> {
  const id = `nightly-${tenant}-${randomUUID()}`;
  await queue.add({ ...makeOpenJob(tenant), id });
  return id;
}

/** The job that starts a nightly; a schedule gives each of its jobs an id of its own. */
export function makeOpenJob(tenant: string): Omit<NewJob, 'id'> & { readonly payload: OpenPayload } {
  return { queue: 'nightly', name: 'open', payload: { tenant } };
}

/** Starts the run of this job, or finds it again, and adds its steps. Throws RetriableError while another run goes on. */
export async function openNightlyJob(
  deps: TenantDeps,
  queue: Adder,
  job: Pick<ActiveJob, 'id' | 'dueAt' | 'starts'>,
  signal: AbortSignal,
): Promise<void> {
  if (isLeftOut(deps, job)) return;
  const runId = await openNightly(deps, job.id, signal);
  const run = await selectRun(deps.store.pool, runId);
  if (run?.state !== 'running') return;
  await queue.add(makeFlow(deps.tenant.name, runId));
  deps.log.info('run.started', { tenant: deps.tenant.name, runId, kind: run.kind });
}

/** Whether a night that was missed is only to be reported. One that a dead worker had begun was not missed. */
function isLeftOut(
  { tenant, clock, log }: TenantDeps,
  { dueAt, starts }: Pick<ActiveJob, 'dueAt' | 'starts'>,
): boolean {
  if (dueAt === undefined || starts > 1 || clock.now().getTime() - dueAt.getTime() <= missedAfterMs) return false;
  const isLeft = tenant.schedule.nightly?.missed === 'report';
  log.warn('schedule.missed', { tenant: tenant.name, due: dueAt.toISOString(), caughtUp: !isLeft });
  return isLeft;
}

/** The jobs of a run: a chain, deepest first, of the steps of a sync. Pure. */
export function makeFlow(tenant: string, runId: string): NewJob {
  const chain = wayOf.sync.reduce<NewJob | undefined>((after, { step }, index) => {
    const ordinal = index + 1;
    const onFailure = ordinal === wayOf.sync.length ? 'begin' : 'fail';
    return {
      queue: step,
      name: step,
      id: `${runId}-${ordinal}`,
      payload: { tenant, runId, ordinal },
      after,
      onFailure,
    };
  }, undefined);
  return { queue: 'nightly', name: 'close', id: `${runId}-close`, payload: { tenant, runId }, after: chain };
}

/** Ends the run as its steps came out. A run that has ended already, because a step failed or was given up, stays as it is. */
export async function closeNightlyJob(deps: TenantDeps, { runId }: ClosePayload): Promise<void> {
  const run = await selectRun(deps.store.pool, runId);
  if (run?.state !== 'running') return;
  const open = findOpenStep(run);
  if (open === undefined) await endRun(deps, runId);
  // That the run failed is on its record; ending it is what this job was for, and that is done.
  else await endFailed(deps, runId, new FatalError(open)).catch(() => {});
}

/** Why the run cannot have been through, in a sentence; undefined when all its steps are done or skipped. */
function findOpenStep(run: StoredRun): string | undefined {
  const index = wayOf.sync.findIndex((_, at) => {
    const state = run.steps.find((step) => step.ordinal === at + 1)?.state;
    return state !== 'done' && state !== 'skipped';
  });
  if (index === -1) return undefined;
  const because = run.steps.find((step) => step.ordinal === index + 1)?.message ?? 'the workers that began it died';
  return `Step ${index + 1} (${wayOf.sync[index]?.step}) was given up: ${because}`;
}

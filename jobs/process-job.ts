/**
 * One job from its payload to the verdict on this attempt: check the payload, find the tenant's parts, call the handler. When
 * the job is given up, its run is on record as failed before the queue hears of it. One log line each, ids and times only.
 */
import { systemClock } from '../src/clock.ts';
import { ConfigError, FatalError, LvsyncError } from '../src/errors.ts';
import type { Log, LogFacts } from '../src/log.ts';
import { tellNotices } from '../src/notices.ts';
import { noteFailed, type TenantDeps } from '../src/pipeline.ts';
import { selectRunIdOfJob } from '../src/store/index.ts';
import type { Workplace } from '../src/wiring.ts';
import { diffJob } from './diff.ts';
import { chooseVerdict, type Verdict } from './failure.ts';
import { closeNightlyJob, openNightlyJob } from './nightly.ts';
import { pullJob } from './pull.ts';
import { pushJob } from './push.ts';
import type { ActiveJob, QueuePort } from './queue-port.ts';
import { type PayloadOf, parsePayload, type QueueName } from './queues.ts';
import { reconcileJob } from './reconcile.ts';
import { retentionJob } from './retention.ts';
import { sweepJob } from './sweep.ts';
import { verifyJob } from './verify.ts';

/** What jobs are done with. */
export type JobParts = {
  readonly place: Pick<Workplace, 'tenant' | 'store'>;
  readonly queue: Pick<QueuePort, 'add'>;
  readonly log: Log;
  /** Aborted when the steps at work have to break off, so that the worker can stop. */
  readonly breakOff: AbortSignal;
};

type JobContext = {
  readonly deps: TenantDeps;
  readonly queue: JobParts['queue'];
  readonly job: ActiveJob;
  readonly signal: AbortSignal;
};

type Handlers = { readonly [Name in QueueName]: (context: JobContext, payload: PayloadOf<Name>) => Promise<void> };

const handlers: Handlers = {
  nightly: ({ deps, queue, job, signal }, payload) =>
    'runId' in payload ? closeNightlyJob(deps, payload) : openNightlyJob(deps, queue, job, signal),
  pull: ({ deps, signal }, payload) => pullJob(deps, payload, signal),
  verify: ({ deps, signal }, payload) => verifyJob(deps, payload, signal),
  diff: ({ deps, signal }, payload) => diffJob(deps, payload, signal),
  push: ({ deps, signal }, payload) => pushJob(deps, payload, signal),
  reconcile: ({ deps, job, signal }, payload) => reconcileJob(deps, payload, job.id, signal),
  sweep: ({ deps, job, signal }, payload) => sweepJob(deps, payload, job.id, signal),
  retention: ({ deps, signal }) => retentionJob(deps, signal),
};

/** Does the job, and says how this attempt ended; throws nothing. */
export async function processJob<Name extends QueueName>(
  parts: JobParts,
  name: Name,
  job: ActiveJob,
  jobSignal: AbortSignal,
): Promise<Verdict> {
  const startedAt = systemClock.now().getTime();
  let facts: LogFacts = { queue: name, jobId: job.id };
  const signal = AbortSignal.any([parts.breakOff, jobSignal]);
  try {
    const payload = parsePayload(name, job.payload);
    facts = { ...facts, ...payload };
    const deps = findTenant(parts, payload.tenant);
    await handlers[name]({ deps, queue: parts.queue, job, signal }, payload);
    parts.log.info('job.done', { ...facts, ms: systemClock.now().getTime() - startedAt });
    return { kind: 'done' };
  } catch (error) {
    const verdict = chooseVerdict(error, { ...job, stopping: parts.breakOff.aborted });
    if (verdict.kind === 'give_up') await endRunOf(parts, job, facts, error);
    logVerdict(parts.log, verdict, { ...facts, ...toSource(error) });
    return verdict;
  }
}

/** @throws FatalError when the config has no such tenant any more: its runs end, and its schedules have to go */
function findTenant({ place }: JobParts, name: string): TenantDeps {
  try {
    return place.tenant(name);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new FatalError(
      `Tenant ${name} is not in this worker's config any more; put it back, or run lvsync schedule to remove what is planned for it.`,
      { cause: error },
    );
  }
}

/** The run of a job that is given up does not stay open: the one that the payload names, or that the job has opened. */
async function endRunOf({ place, log }: JobParts, { id }: ActiveJob, facts: LogFacts, error: unknown): Promise<void> {
  const { store } = place;
  const { runId } = facts;
  const tenant = String(facts['tenant']);
  try {
    const ended = typeof runId === 'string' ? runId : await selectRunIdOfJob(store.pool, id);
    if (ended === undefined) return;
    await noteFailed({ store, log, tenant: { name: tenant } }, ended, error);
    await tellNotices(place.tenant(tenant));
  } catch {
    // A tenant that nobody knows any more has nobody who is told; that a run could not be ended, its heartbeat tells the next one.
  }
}

const tellings = {
  give_up: ['error', 'job.failed'],
  retry: ['warn', 'job.retried'],
  delay: ['info', 'job.delayed'],
  resume: ['info', 'job.put_back'],
} as const;

function logVerdict(log: Log, verdict: Verdict, facts: LogFacts): void {
  if (verdict.kind === 'done') return;
  const [level, event] = tellings[verdict.kind];
  const { kind: _, ...told } = verdict;
  log[level](event, { ...facts, ...told });
}

/** Where an error that is not ours came from: its message may quote a contact, the place it was thrown at does not. */
function toSource(error: unknown): LogFacts {
  if (error instanceof LvsyncError || !(error instanceof Error)) return {};
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return { source: place?.trim() };
}

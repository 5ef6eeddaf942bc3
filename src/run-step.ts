/**
 * Runs one step of a run with its bookkeeping: it is on record as running before it starts and as done, failed or skipped after, with its
 * counts and the requests it made. A step that is done is not run again, so a repeated queue job changes nothing.
 * The caller holds the tenant's lock.
 */
import { toLogReason, toMessage } from './errors.ts';
import { inSpan } from './spans.ts';
import type { StepContext } from './step-context.ts';
import { findChangeSet, sayUnpushable, steps, toKeyedInput } from './steps.ts';
import {
  hasSentSincePull,
  hasUnreadUrgent,
  markRunAlive,
  markStepEnded,
  markStepStarted,
  type StepName,
  selectRun,
  selectTally,
  selectUrgentChangeSets,
} from './store/index.ts';
import { selectForKeyedReads } from './verify/verify.ts';

/** A step of the way, and the reason to skip it, if there is one by then. */
export type PlannedStep<Step extends StepName = StepName> = {
  readonly step: Step;
  /** Whether another push comes later in the way. @default false */
  readonly pushFollows?: boolean;
  /** Whether few contacts may be read back one by one, because a pull comes later in the way. @default false */
  readonly readsByKey?: boolean;
  readonly skipWhen?: (context: StepContext) => Promise<string | undefined>;
};

const heartbeatMs = 10_000;

/** Runs the step at `ordinal` (from 1), unless it is done or has a reason to be skipped. Throws what the step throws. */
export async function runStep(context: StepContext, ordinal: number, planned: PlannedStep): Promise<void> {
  const { deps, runId } = context;
  const { pool } = deps.store;
  const run = await selectRun(pool, runId);
  if (run?.steps.some((step) => step.ordinal === ordinal && (step.state === 'done' || step.state === 'skipped')))
    return;
  await markStepStarted(pool, runId, ordinal, planned.step);
  const reason = await planned.skipWhen?.(context);
  if (reason !== undefined) {
    await markStepEnded(pool, runId, ordinal, { state: 'skipped', message: reason });
    deps.log.debug('step.skipped', { tenant: deps.tenant.name, runId, step: planned.step, reason });
    return;
  }
  await execute(
    { ...context, pushFollows: planned.pushFollows, readsByKey: planned.readsByKey },
    ordinal,
    planned.step,
  );
}

async function execute(context: StepContext, ordinal: number, step: StepName): Promise<void> {
  const { deps, runId } = context;
  const { clock } = deps;
  const { pool } = deps.store;
  const startedAt = clock.now().getTime();
  const log = deps.log.with({ tenant: deps.tenant.name, runId });
  const beat = setInterval(() => void markRunAlive(pool, runId).catch(() => {}), heartbeatMs);
  try {
    log.info('step.started', { step });
    const facts = { tenant: deps.tenant.name, runId, ordinal };
    const counts = await inSpan(`step ${step}`, facts, () => steps[step]({ ...context, deps: { ...deps, log } }));
    await markStepEnded(pool, runId, ordinal, { state: 'done', counts });
    log.info('step.ended', { step, state: 'done', ms: clock.now().getTime() - startedAt });
  } catch (error) {
    // The failure that matters is the step's own; that it could not be noted comes second.
    await markStepEnded(pool, runId, ordinal, { state: 'failed', message: toMessage(error) }).catch(() => {});
    log.warn('step.ended', {
      step,
      state: 'failed',
      ms: clock.now().getTime() - startedAt,
      reason: toLogReason(error),
    });
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** Reason to skip a push: a guard holds the plan, or all of it has been sent; and no urgent plan waits whose process has gone. */
export async function isNothingToPush(context: StepContext): Promise<string | undefined> {
  const changeSet = await findChangeSet(context);
  const reason = changeSet && sayUnpushable(changeSet);
  if (reason === undefined) return undefined;
  const { store, tenant } = context.deps;
  return (await selectUrgentChangeSets(store.pool, tenant.name)).length > 0 ? undefined : reason;
}

/** Reason to skip a read-back: the mirror has seen all that was sent. */
export async function isNothingToReadBack(context: StepContext): Promise<string | undefined> {
  const changeSet = await findChangeSet(context);
  const { pool } = context.deps.store;
  if (await hasUnreadUrgent(pool, context.deps.tenant.name)) return undefined;
  if (changeSet === undefined || changeSet.state === 'held') return 'nothing was sent';
  const tally = await selectTally(pool, changeSet.id);
  if (tally.unread > 0 || (await hasSentSincePull(pool, context.deps.tenant.name, changeSet.id))) return undefined;
  return 'nothing was sent';
}

/** The same, where few contacts are read one by one instead. */
export async function isNothingToPull(context: StepContext): Promise<string | undefined> {
  const changeSet = await findChangeSet(context);
  const { store, tenant } = context.deps;
  const byKey = changeSet && (await selectForKeyedReads(store, toKeyedInput(tenant, changeSet.id)));
  if (byKey === undefined || byKey.length === 0) return isNothingToReadBack(context);
  return `${byKey.length} ${byKey.length === 1 ? 'contact is' : 'contacts are'} read one by one`;
}

/** Reason to skip a verify: the change set has its end already, or never began. */
export async function isNothingToSettle(context: StepContext): Promise<string | undefined> {
  const { store, tenant } = context.deps;
  if (await hasUnreadUrgent(store.pool, tenant.name)) return undefined;
  const state = (await findChangeSet(context))?.state;
  return state === 'pushing' || state === 'pushed' ? undefined : 'nothing is unsettled';
}

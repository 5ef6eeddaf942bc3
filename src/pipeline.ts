/**
 * The way: pull, verify, diff, push, and back again. The order is written here once; a command and a queue job both go along it.
 * A run is proven only when its invariants hold: every row pulled is accounted for (the pull throws otherwise), and every change sent
 * was read back. Two runs of one tenant never overlap.
 */
import type { BlockRequest } from './diff/diff.ts';
import { FatalError, HeldError, toLogReason, toMessage } from './errors.ts';
import { tellNotices } from './notices.ts';
import { type RunReport, toReport } from './run-report.ts';
import {
  isNothingToPull,
  isNothingToPush,
  isNothingToReadBack,
  isNothingToSettle,
  type PlannedStep,
  runStep,
} from './run-step.ts';
import type { ReconcileOptions, RevertOptions, RunOptions, StepContext, TenantDeps } from './step-context.ts';
import {
  holdTenant,
  markRunAlive,
  markRunEnded,
  type OpenRun,
  openRun,
  type RunEnd,
  type RunKind,
  type StepName,
  selectChangeSetOfRun,
  selectRun,
  type TenantLock,
  tryHoldTenant,
} from './store/index.ts';

export type { RunReport } from './run-report.ts';
export type { ReconcileOptions, RunOptions, SweepOptions, TenantDeps } from './step-context.ts';

/** The steps that have a queue of their own. */
type NightlyStep = Exclude<StepName, 'replay' | 'sweep' | 'block' | 'revert' | 'reconcile'>;

/** Sending and reading back. Only the first time may the read-back go contact by contact: a pull follows, so that the next plan sees what was sent. */
const makeRound = (round: 'first' | 'next' | 'last'): readonly PlannedStep<NightlyStep>[] => [
  { step: 'push', skipWhen: isNothingToPush },
  { step: 'pull', skipWhen: round === 'first' ? isNothingToPull : isNothingToReadBack },
  { step: 'verify', skipWhen: isNothingToSettle, pushFollows: round !== 'last', readsByKey: round === 'first' },
];

/** Once more for lifts, which wait until the blocks before them have been read back, and for what was lost; steps without work are skipped. */
const sendAndReadBack = [...makeRound('first'), ...makeRound('next'), ...makeRound('last')];

/** The steps of each kind of run, in order. */
export const wayOf: Readonly<Record<Exclude<RunKind, 'sync' | 'block' | 'reconcile'>, readonly PlannedStep[]>> & {
  readonly sync: readonly PlannedStep<NightlyStep>[];
} = {
  pull: [{ step: 'pull' }, { step: 'verify' }],
  plan: [{ step: 'diff' }],
  apply: sendAndReadBack,
  sync: [{ step: 'pull' }, { step: 'verify' }, { step: 'diff' }, ...sendAndReadBack],
  // The pull first: what it brings anyway is no drift.
  sweep: [{ step: 'pull' }, { step: 'verify' }, { step: 'sweep' }],
  replay: [{ step: 'replay' }],
  // What goes back is chosen by what LiveVox shows now.
  revert: [{ step: 'pull' }, { step: 'verify' }, { step: 'revert' }],
};

/** A dry run is the way stopped after the plan. */
const dryRunSteps = 3;

export type RunRequest = RunOptions & { readonly signal?: AbortSignal };

/** One pull, and the verdicts it allows. */
export function runPull(deps: TenantDeps, request: RunRequest = {}): Promise<RunReport> {
  return runWay(deps, 'pull', wayOf.pull, request);
}

/** Loads a download again: a file, or what a run has kept. It is no read-back: nothing gets a verdict. */
export function runReplay(deps: TenantDeps, request: RunRequest & { readonly replayed: string }): Promise<RunReport> {
  return runWay(deps, 'replay', wayOf.replay, request);
}

/** A plan from the mirror as it is; sends nothing. */
export function runPlan(deps: TenantDeps, request: RunRequest = {}): Promise<RunReport> {
  return runWay(deps, 'plan', wayOf.plan, request);
}

/** A plan that takes back what an earlier one has changed, after a pull; sends nothing. */
export function runRevert(
  deps: TenantDeps,
  request: RunRequest & { readonly reverted: RevertOptions },
): Promise<RunReport> {
  return runWay(deps, 'revert', wayOf.revert, request);
}

/** Pushes a stored plan, reads back, verifies. */
export function runApply(deps: TenantDeps, request: RunRequest & { readonly changeSetId: string }): Promise<RunReport> {
  return runWay(deps, 'apply', wayOf.apply, request);
}

/** A pull, then a pass over what LiveVox shows: deletions are marked, drift is found and pulled again. */
export function runSweep(deps: TenantDeps, request: RunRequest = {}): Promise<RunReport> {
  return runWay(deps, 'sweep', wayOf.sweep, request);
}

/**
 * Blocks at once, whatever else goes on for the tenant: the plan is stored without waiting, a push under way takes it in between, and otherwise
 * it is sent from here. Ends when it has been read back.
 */
export async function runBlock(
  deps: TenantDeps,
  request: RunRequest & { readonly block: BlockRequest },
): Promise<RunReport> {
  const runId = await startRun(deps, { kind: 'block', startedFrom: 'command' });
  const signal = request.signal ?? new AbortController().signal;
  try {
    const context = { deps, runId, options: request, signal };
    await runStep(context, 1, { step: 'block' });
    await deliverBlocks(context, 2);
    // A number may have come to a contact while its block was being planned: the read-back shows it.
    if (request.block.numbers.length > 0) {
      await runStep({ ...context, looksAgain: true }, lookAgainAt, { step: 'block' });
      await deliverBlocks(context, lookAgainAt + 1);
    }
  } catch (error) {
    await endFailed(deps, runId, error);
  }
  return endRun(deps, runId);
}

const lookAgainAt = sendAndReadBack.length + 2;

/** `ordinal`: of the first step that sends. */
async function deliverBlocks(context: StepContext, ordinal: number): Promise<void> {
  const { deps, runId, signal } = context;
  await pushAtOnce(context, ordinal);
  const lock = await awaitTurn(deps, runId, signal);
  if (lock === undefined) return;
  try {
    const held = { deps, runId, options: {}, signal: AbortSignal.any([lock.signal, signal]) };
    for (const [index, planned] of sendAndReadBack.entries()) {
      held.signal.throwIfAborted();
      await runStep(held, index + ordinal, planned);
    }
  } finally {
    await lock.release();
  }
}

/** Sends the blocks from here, whatever else the run under way is doing, unless its push sends them. */
async function pushAtOnce({ deps, runId, signal }: StepContext, ordinal: number): Promise<void> {
  for (;;) {
    const state = (await selectChangeSetOfRun(deps.store.pool, runId))?.state;
    if (state !== 'planned' && state !== 'pushing') return;
    await markRunAlive(deps.store.pool, runId);
    const lock = await tryHoldTenant(deps.store, deps.tenant.name, {
      ...{ what: 'push', clock: deps.clock, waitMs: turnMs, signal },
    });
    if (lock === undefined) continue;
    try {
      const context = { deps, runId, options: {}, holdsPush: true, signal: AbortSignal.any([lock.signal, signal]) };
      return await runStep(context, ordinal, sendAndReadBack[0]!);
    } finally {
      await lock.release();
    }
  }
}

/** The tenant's lock; undefined when the run that holds it has sent the blocks and read them back, or there are none to send. */
async function awaitTurn(deps: TenantDeps, runId: string, signal: AbortSignal): Promise<TenantLock | undefined> {
  for (;;) {
    const changeSet = await selectChangeSetOfRun(deps.store.pool, runId);
    if (changeSet === undefined || changeSet.state === 'proven' || changeSet.state === 'not_proven') return undefined;
    await markRunAlive(deps.store.pool, runId);
    const { clock } = deps;
    const lock = await tryHoldTenant(deps.store, deps.tenant.name, { clock, waitMs: turnMs, signal });
    if (lock !== undefined) return lock;
  }
}

/** The nightly: all of it. */
export function runSync(
  deps: TenantDeps,
  request: RunRequest & { readonly dryRun?: boolean } = {},
): Promise<RunReport> {
  return runWay(deps, 'sync', request.dryRun === true ? wayOf.sync.slice(0, dryRunSteps) : wayOf.sync, request);
}

/**
 * Whether LiveVox, the mirror and the system of record agree now: of all contacts by a sweep, of a few by reading them. `apply` sends what
 * differs from the system of record, through the guards and approvals of a sync. A look at a few plans nothing, so it may stand between
 * two steps of a nightly; anything else waits for the nightly's end. `dedupKey`: as a job of the queue.
 */
export async function runReconcile(
  deps: TenantDeps,
  request: RunRequest & { readonly reconcile: ReconcileOptions; readonly dedupKey?: string },
): Promise<RunReport | undefined> {
  const { dedupKey } = request;
  const way = chooseReconcileWay(request.reconcile);
  const beside = isOnlyLooking(request.reconcile);
  return dedupKey === undefined
    ? runWay(deps, 'reconcile', way, request, { beside })
    : runInJob(deps, { kind: 'reconcile', dedupKey, beside }, way, request);
}

function isOnlyLooking({ accounts, apply }: ReconcileOptions): boolean {
  return accounts !== undefined && apply !== true;
}

/** Pure. A look at a few contacts neither pulls nor gives verdicts: the run it may stand in the middle of does both. */
function chooseReconcileWay(options: ReconcileOptions): readonly PlannedStep[] {
  if (isOnlyLooking(options)) return [{ step: 'reconcile' }, { step: 'diff' }];
  const look: PlannedStep = { step: options.accounts === undefined ? 'sweep' : 'reconcile' };
  const planned: readonly PlannedStep[] = [{ step: 'pull' }, { step: 'verify' }, look, { step: 'diff' }];
  return options.apply === true ? [...planned, ...sendAndReadBack] : planned;
}

async function runWay(
  deps: TenantDeps,
  kind: RunKind,
  way: readonly PlannedStep[],
  request: RunRequest,
  { beside = false }: { readonly beside?: boolean } = {},
): Promise<RunReport> {
  const lock = await (beside ? lockBetweenSteps : lockTenant)(deps, request.signal);
  try {
    const runId = await startRun(deps, { kind, startedFrom: 'command', ...(beside ? { beside } : {}) });
    await goAlong(deps, runId, way, request, lock).catch((error) => endFailed(deps, runId, error));
    return await endRun(deps, runId, request.changeSetId);
  } finally {
    await lock.release();
  }
}

/** Runs the steps that are not done yet, in order. */
async function goAlong(
  deps: TenantDeps,
  runId: string,
  way: readonly PlannedStep[],
  request: RunRequest,
  lock: TenantLock,
): Promise<void> {
  const signal = AbortSignal.any([lock.signal, ...(request.signal ? [request.signal] : [])]);
  for (const [index, planned] of way.entries()) {
    signal.throwIfAborted();
    await runStep({ deps, runId, options: request, signal }, index + 1, planned);
  }
}

/** A sweep that is one job of the queue; see `runInJob`. */
export function runQueuedSweep(
  deps: TenantDeps,
  dedupKey: string,
  request: RunRequest,
): Promise<RunReport | undefined> {
  return runInJob(deps, { kind: 'sweep', dedupKey }, wayOf.sweep, request);
}

/**
 * All steps of a run in one job of the queue. Called again with the same key - after a crash, or for another attempt - it goes on after the
 * steps that are done; meanwhile the run's row keeps others away. Undefined: the run has ended already.
 */
async function runInJob(
  deps: TenantDeps,
  run: { readonly kind: RunKind; readonly dedupKey: string; readonly beside?: boolean },
  way: readonly PlannedStep[],
  request: RunRequest,
): Promise<RunReport | undefined> {
  const lock = await (run.beside === true ? lockBetweenSteps : lockTenant)(deps, request.signal);
  try {
    const runId = await startRun(deps, { ...run, startedFrom: 'job' });
    if ((await selectRun(deps.store.pool, runId))?.state !== 'running') return undefined;
    await markRunAlive(deps.store.pool, runId);
    await goAlong(deps, runId, way, request, lock);
    return await endRun(deps, runId, request.changeSetId);
  } finally {
    await lock.release();
  }
}

/** Opens a run, or finds the one that the same job opened before. */
async function startRun(
  { store, log, tenant: { name: tenant } }: TenantDeps,
  run: Omit<OpenRun, 'tenant'>,
): Promise<string> {
  const runId = await openRun(store, { ...run, tenant });
  log.info('run.started', { tenant, runId, kind: run.kind });
  return runId;
}

/** How often a run that blocks looks whether another one has sent its plan. */
const turnMs = 1_000;

/** A killed run's lock is freed by the server when it notices, which may take a moment. */
const lockWaitMs = 10_000;

function lockTenant(deps: TenantDeps, signal?: AbortSignal): Promise<TenantLock> {
  return holdTenant(deps.store, deps.tenant.name, { clock: deps.clock, waitMs: lockWaitMs, signal });
}

/** How long a look at a few contacts waits for the step of another run to end. */
const besideWaitMs = 600_000;

/** The lock for a run beside others: it is next when the step at work ends. */
async function lockBetweenSteps(deps: TenantDeps, signal?: AbortSignal): Promise<TenantLock> {
  const { store, clock, progress } = deps;
  const { name } = deps.tenant;
  const free = await tryHoldTenant(store, name, { clock, waitMs: 0, signal });
  if (free !== undefined) return free;
  const note = 'Another run is at work for this tenant; the look begins when its present step has ended.';
  progress({ step: 'reconcile', what: 'contacts read', done: 0, note });
  return holdTenant(store, name, { clock, waitMs: besideWaitMs, isQueued: true, signal });
}

/**
 * Opens a nightly as a run of queue jobs, and returns its id; the same `dedupKey` gets the same run back.
 * Between its steps nobody holds the tenant: the run's row in state `running` keeps others away.
 */
export async function openNightly(deps: TenantDeps, dedupKey: string, signal?: AbortSignal): Promise<string> {
  const lock = await lockTenant(deps, signal);
  try {
    return await openRun(deps.store, { tenant: deps.tenant.name, kind: 'sync', startedFrom: 'job', dedupKey });
  } finally {
    await lock.release();
  }
}

/** Runs one step of a run that was opened before, if the run still goes on; a repeated call changes nothing. */
export async function runNightlyStep(
  deps: TenantDeps,
  runId: string,
  ordinal: number,
  signal: AbortSignal,
): Promise<void> {
  const planned = wayOf.sync[ordinal - 1];
  if (planned === undefined) throw new FatalError(`A nightly has no step ${ordinal}.`);
  const lock = await lockTenant(deps, signal);
  try {
    const run = await selectRun(deps.store.pool, runId);
    if (run?.state !== 'running')
      throw new FatalError(`Run ${runId} does not go on any more: ${run?.state ?? 'it is not known'}.`);
    const options = { source: deps.tenant.schedule.nightly?.source };
    await runStep({ deps, runId, options, signal: AbortSignal.any([lock.signal, signal]) }, ordinal, planned);
  } finally {
    await lock.release();
  }
}

/** Ends a run whose steps are through: proven, not proven, or held, as its report says. */
export async function endRun(deps: TenantDeps, runId: string, changeSetId?: string): Promise<RunReport> {
  const report = await toReport(deps, runId, changeSetId);
  await markRunEnded(deps.store.pool, runId, report.state, report.message);
  deps.log.info('run.ended', {
    tenant: report.tenant,
    runId,
    state: report.state,
    differencesLeft: report.differencesLeft,
  });
  await tellNotices(deps);
  return report;
}

/** Notes that a run ended because a step threw, tells who is to be told, and throws that error on. */
export async function endFailed(deps: TenantDeps, runId: string, error: unknown): Promise<never> {
  await noteFailed(deps, runId, error);
  await tellNotices(deps);
  throw error;
}

/** What it takes to note how a run ended: of a tenant that the config does not know any more, too. */
type EndingDeps = Pick<TenantDeps, 'store' | 'log'> & { readonly tenant: Pick<TenantDeps['tenant'], 'name'> };

/** Notes that a run ended because of an error. */
export async function noteFailed({ store, log, tenant }: EndingDeps, runId: string, error: unknown): Promise<void> {
  const state: RunEnd = error instanceof HeldError ? 'held' : 'failed';
  await markRunEnded(store.pool, runId, state, toMessage(error)).catch(() => {});
  log.info('run.ended', { tenant: tenant.name, runId, state, reason: toLogReason(error) });
}

/**
 * Binds the verbs to a tenant's parts: which config goes into which verb, and what each step counts. No order here
 * (pipeline.ts) and no bookkeeping (run-step.ts).
 */
import { userInfo } from 'node:os';
import { chooseSource, type TenantConfig } from './config.ts';
import { type Endpoint, toLocalDate } from './contact/index.ts';
import { block, compareAccounts, diff, revert } from './diff/diff.ts';
import { FatalError } from './errors.ts';
import { isAddressable, isShownByKey, toShownValues } from './livevox/index.ts';
import { toContactWriter, toPullReader, toReferenceReader, toSweepReader } from './narrow-client.ts';
import { openRecord } from './open-record.ts';
import { pull, replay } from './pull/pull.ts';
import { isTimeToStop, push } from './push/push.ts';
import { takeLost, waitForLost, withPushLock } from './push-lock.ts';
import { reconcileContacts } from './reconcile-contacts.ts';
import { references } from './references/references.ts';
import type { StepContext, SweepOptions, TenantDeps } from './step-context.ts';
import {
  type ChangeSet,
  type StepCounts,
  type StepName,
  selectChangeSet,
  selectChangeSetOfRun,
} from './store/index.ts';
import { storeForecast } from './store-forecast.ts';
import { keepSuppressionClock } from './suppression-clock.ts';
import { sweep } from './sweep/sweep.ts';
import { timePush } from './time-push.ts';
import { type KeyedInput, type VerifyDeps, verify } from './verify/verify.ts';

export const steps: Readonly<Record<StepName, (context: StepContext) => Promise<StepCounts>>> = {
  pull: runPullStep,
  verify: runVerifyStep,
  diff: runDiffStep,
  push: runPushStep,
  sweep: runSweepStep,
  replay: runReplayStep,
  block: runBlockStep,
  revert: runRevertStep,
  reconcile: runReconcileStep,
};

async function runPullStep({ deps, runId, options, signal }: StepContext): Promise<StepCounts> {
  const { tenant, store, clock, log, progress, spoolFolder } = deps;
  await waitForLost(deps, await withPushLock(deps, signal, () => takeLost(deps)), signal);
  const counts = await pull(
    { livevox: toPullReader(deps.livevox()), store, clock, log, progress },
    {
      tenant: tenant.name,
      runId,
      timeZone: tenant.timeZone,
      spoolFolder,
      overlapMs: tenant.pull.overlapMinutes * 60_000,
      attempts: tenant.pull.attempts,
      maxWindowBytes: tenant.pull.maxWindowBytes,
      maxWindowMs: tenant.pull.maxWindowMs,
      keepDownloadsMs: tenant.pull.keepDownloadsMs,
      keepHistoryMonths: tenant.history.keepMonths,
      windows: tenant.pull.windows,
      window: options.window ?? { kind: 'incremental' },
      signal,
    },
  );
  const besides = await references(
    { livevox: toReferenceReader(deps.livevox()), store, clock, log, progress },
    {
      tenant: tenant.name,
      runId,
      timeZone: tenant.timeZone,
      references: tenant.references,
      hasChanges: counts.added + counts.changed > 0,
      signal,
    },
  );
  return { ...counts, ...besides };
}

async function runSweepStep(context: StepContext): Promise<StepCounts> {
  const { deps, runId, options, signal } = context;
  const { tenant, store, clock, log, progress } = deps;
  const chosen = options.sweep ?? {};
  return sweep(
    {
      livevox: toSweepReader(deps.livevox()),
      store,
      clock,
      log,
      progress,
      pullWindow: ({ startsAt, endsAt }) => {
        const window = { kind: 'slice', since: startsAt, until: endsAt } as const;
        return runPullStep({ ...context, options: { ...options, window } });
      },
    },
    {
      tenant: tenant.name,
      runId,
      timeZone: tenant.timeZone,
      slice: chooseSlice(deps, chosen),
      chunkRows: tenant.sweep.chunkRows,
      maxVanishedPercent: chosen.maxVanishedPercent ?? tenant.sweep.maxVanishedPercent,
      isPercentChosen: chosen.maxVanishedPercent !== undefined,
      independentAfterMs: tenant.sweep.independentAfterMs,
      overlapMs: tenant.pull.overlapMinutes * 60_000,
      attempts: tenant.pull.attempts,
      wholeDays: tenant.pull.windows === 'days',
      signal,
    },
  );
}

async function runReconcileStep(context: StepContext): Promise<StepCounts> {
  const { deps, runId, options, signal } = context;
  const { accounts } = options.reconcile ?? {};
  if (accounts === undefined) throw new FatalError('No contact was chosen to be reconciled; name accounts.');
  return reconcileContacts(deps, { runId, accounts, signal }, (stretch) => {
    const window = { kind: 'slice', since: stretch.startsAt, until: stretch.endsAt } as const;
    return runPullStep({ ...context, options: { ...options, window } });
  });
}

/** The part whose turn it is: the number of the client's day decides, so that each comes in its time, whoever starts the sweep. */
function chooseSlice(
  { tenant, clock }: TenantDeps,
  { rolling, slice }: SweepOptions,
): { readonly index: number; readonly of: number } | undefined {
  const of = tenant.sweep.slices;
  if (slice !== undefined) return { index: slice, of };
  if (rolling !== true) return undefined;
  return { index: (Date.parse(toLocalDate(clock.now(), tenant.timeZone)) / 86_400_000) % of, of };
}

async function runReplayStep({ deps, runId, options, signal }: StepContext): Promise<StepCounts> {
  const { tenant, store, clock, log, progress, spoolFolder } = deps;
  const { name, timeZone, pull: settings } = tenant;
  const { keepDownloadsMs } = settings;
  if (options.replayed === undefined) throw new FatalError('A replay needs a file or the id of a run; give one.');
  const what = options.replayed;
  return replay(
    { store, clock, log, progress },
    { tenant: name, runId, timeZone, spoolFolder, keepDownloadsMs, what, signal },
  );
}

async function runVerifyStep(context: StepContext): Promise<StepCounts> {
  const { deps, runId, options, pushFollows, readsByKey, signal } = context;
  const { tenant, store, clock, log } = deps;
  const { name, timeZone, push: settings } = tenant;
  const changeSetId = options.changeSetId ?? (await selectChangeSetOfRun(store.pool, runId))?.id;
  const repeat = pushFollows && changeSetId !== undefined ? { changeSetId, repeats: settings.repeats } : undefined;
  const byKey = readsByKey && changeSetId !== undefined ? toKeyedInput(tenant, changeSetId) : undefined;
  const ownUser = tenant.credentials.userName;
  return keepSuppressionClock(deps, () =>
    verify({ store, clock, log, lookUp: makeLookUp(deps) }, { tenant: name, timeZone, ownUser, repeat, byKey, signal }),
  );
}

/** Which contacts of a plan may be read back one by one. */
export function toKeyedInput({ push: { keyedReads } }: TenantConfig, changeSetId: string): KeyedInput {
  return { changeSetId, keyedReads, isShownByKey };
}

/** One keyed read, in the words of a verdict. */
function makeLookUp({ livevox, tenant }: TenantDeps): VerifyDeps['lookUp'] {
  return async (account, signal) => {
    if (!isAddressable(account)) return { kind: 'unknown' };
    const found = await livevox().contacts.readContact(account, signal);
    return found === undefined ? { kind: 'absent' } : { kind: 'found', values: toShownValues(found, tenant.timeZone) };
  };
}

async function runDiffStep({ deps, runId, options, signal }: StepContext): Promise<StepCounts> {
  const { tenant, store, clock, log, progress } = deps;
  const { name, source: config } = chooseSource(tenant, options.source);
  const source = await openRecord(deps, config);
  const input = {
    tenant: tenant.name,
    runId,
    timeZone: tenant.timeZone,
    sourceName: name,
    source,
    createActive: tenant.push.createActive,
    fanOut: tenant.fanOut,
    signal,
  };
  const { accounts, apply } = options.reconcile ?? {};
  if (accounts !== undefined && apply !== true) {
    const compared = await compareAccounts({ store, clock, log, progress }, { ...input, accounts });
    return { from: source.label, ...compared };
  }
  const result = await diff(
    { store, clock, log, progress },
    {
      ...input,
      guards: tenant.guards,
      plans: tenant.plans,
      expiresAt: new Date(clock.now().getTime() + tenant.plans.expiresMs),
      accounts,
    },
  );
  await storeForecast(deps, result.changeSetId, methodNames);
  return { from: source.label, filesPassedOver: source.filesPassedOver, ...result.counts };
}

async function runBlockStep({ deps, runId, options, looksAgain, signal }: StepContext): Promise<StepCounts> {
  const { tenant, store, clock } = deps;
  if (options.block === undefined) throw new FatalError('Nobody was named to be blocked; name accounts or numbers.');
  const counts = await block(
    { store, clock },
    { tenant: tenant.name, runId, timeZone: tenant.timeZone, wanted: options.block, onlyOpen: looksAgain, signal },
  );
  return { ...counts };
}

async function runRevertStep({ deps, runId, options, signal }: StepContext): Promise<StepCounts> {
  const { tenant, store, clock, log, progress } = deps;
  if (options.reverted === undefined) throw new FatalError('A revert needs the plan to take back; give its id.');
  const { counts, changeSetId } = await revert(
    { store, clock, log, progress },
    {
      ...options.reverted,
      tenant: tenant.name,
      runId,
      timeZone: tenant.timeZone,
      actor: findOperator(),
      guards: tenant.guards,
      plans: tenant.plans,
      expiresAt: new Date(clock.now().getTime() + tenant.plans.expiresMs),
      signal,
    },
  );
  await storeForecast(deps, changeSetId, methodNames);
  return counts;
}

/** The plan that a run made, or is to push. */
export async function findChangeSet({ deps, runId, options }: StepContext): Promise<ChangeSet | undefined> {
  const { pool } = deps.store;
  return options.changeSetId === undefined
    ? selectChangeSetOfRun(pool, runId)
    : selectChangeSet(pool, deps.tenant.name, options.changeSetId);
}

/** Why nothing of a plan is sent; undefined when it is to be pushed. */
export function sayUnpushable({ state }: ChangeSet): string | undefined {
  if (state === 'held') return 'the plan is held';
  return state === 'pushed' || state === 'proven' || state === 'not_proven' ? 'nothing waits to be sent' : undefined;
}

async function runPushStep(context: StepContext): Promise<StepCounts> {
  if (context.holdsPush === true) return pushPlans(context);
  return withPushLock(context.deps, context.signal, (signal) => pushPlans({ ...context, signal }));
}

async function pushPlans(context: StepContext): Promise<StepCounts> {
  const { deps, runId, options, signal } = context;
  await waitForLost(deps, await takeLost(deps), signal);
  const changeSetId = options.changeSetId ?? (await selectChangeSetOfRun(deps.store.pool, runId))?.id;
  if (changeSetId === undefined) throw new FatalError('This run has no plan to push; run lvsync sync again.');
  const changeSet = await findChangeSet(context);
  const { until } = options;
  return keepSuppressionClock(deps, async () => {
    // Stops that somebody asked for leave, whatever keeps the plan itself back.
    if (changeSet !== undefined && sayUnpushable(changeSet) !== undefined) return sendPlan(context, undefined);
    const urgent = isTimeToStop({ clock: deps.clock, until }) ? await sendPlan(context, undefined) : {};
    const sending = (): Promise<StepCounts> => sendPlan(context, changeSetId);
    return { ...urgent, ...(await timePush(deps, { changeSetId, until, methods: methodNames }, sending)) };
  });
}

/** Sends a plan and the urgent ones that wait, or these alone. */
async function sendPlan({ deps, options, signal }: StepContext, changeSetId: string | undefined): Promise<StepCounts> {
  const { tenant, store, clock, log, progress } = deps;
  const methods = methodNames;
  return {
    ...(await push(
      { livevox: toContactWriter(deps.livevox()), lookUp: makeLookUp(deps), store, clock, log, progress },
      {
        tenant: tenant.name,
        changeSetId,
        actor: findOperator(),
        push: tenant.push,
        inFlight: (endpoint) => tenant.inFlight[methods[endpoint]] ?? 1,
        until: options.until,
        signal,
      },
    )),
  };
}

/** Whose process this is; a container may know no name for it. */
function findOperator(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** The vendor's names of the bulk methods, as the config's `inFlight` knows them. */
export const methodNames: Readonly<Record<Endpoint, string>> = {
  bulk_create: 'Bulk Create Contact',
  bulk_update: 'Bulk Update Contact',
  multi_dnd: "Update Multiple Contacts' DND",
  delete_contact: 'Delete Contact',
};

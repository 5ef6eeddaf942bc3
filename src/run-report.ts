/**
 * What a run says of itself at its end, read from the database alone: the steps with their counts, how its change set stands, and the
 * verdict on the run. Green means proven; otherwise the message says which invariant broke.
 */

import type { TenantDeps } from './step-context.ts';
import type { StepCounts, StepName, StoredRun } from './store/index.ts';
import {
  type ChangeSet,
  type ChangeSetTally,
  selectChangeSet,
  selectChangeSetOfRun,
  selectRun,
  selectTally,
} from './store/index.ts';
import { readSuppressionClock, sayLateStops } from './suppression-clock.ts';
import { isProven, toDifferencesLeft } from './verify/verify.ts';

export type RunReport = {
  readonly runId: string;
  readonly tenant: string;
  readonly kind: StoredRun['kind'];
  readonly state: 'proven' | 'not_proven' | 'held' | 'failed';
  /** One sentence: what was reached, or which invariant broke. */
  readonly message: string;
  /** The plan that the run made or pushed. */
  readonly changeSetId?: string;
  readonly heldBecause: readonly string[];
  readonly steps: readonly { readonly step: StepName; readonly state: string; readonly counts: StepCounts }[];
  /** Patches by how they stand; undefined when the run has no plan. */
  readonly tally?: ChangeSetTally;
  /** Patches that still separate LiveVox from the system of record; undefined when the run has no plan. */
  readonly differencesLeft?: number;
  /** Requests made to LiveVox by this process, per vendor method. */
  readonly requests: Readonly<Record<string, number>>;
};

/** Reads the run and judges it. */
export async function toReport(deps: TenantDeps, runId: string, changeSetId?: string): Promise<RunReport> {
  const { pool } = deps.store;
  const run = (await selectRun(pool, runId))!;
  const changeSet =
    changeSetId === undefined
      ? await selectChangeSetOfRun(pool, runId)
      : await selectChangeSet(pool, run.tenant, changeSetId);
  const tally = changeSet && (await selectTally(pool, changeSet.id));
  const { state, message } = toVerdict(run, changeSet, tally);
  const late = sayLateStops(await readSuppressionClock(deps.store, deps.tenant, deps.clock.now()));
  return {
    runId,
    tenant: run.tenant,
    kind: run.kind,
    state,
    message: late === undefined ? message : `${message}; ${late}`,
    changeSetId: changeSet?.id,
    heldBecause: changeSet?.heldBecause ?? [],
    steps: run.steps.map(({ step, state, counts }) => ({ step, state, counts })),
    tally,
    differencesLeft: tally && toDifferencesLeft(tally),
    requests: run.kind === 'plan' || run.kind === 'replay' ? {} : { ...deps.livevox().requestCounts },
  };
}

type Verdict = Pick<RunReport, 'state' | 'message'>;

function toVerdict(run: StoredRun, changeSet: ChangeSet | undefined, tally: ChangeSetTally | undefined): Verdict {
  return run.kind === 'reconcile' ? toReconcileVerdict(run, changeSet, tally) : toOwnVerdict(run, changeSet, tally);
}

function toOwnVerdict(run: StoredRun, changeSet: ChangeSet | undefined, tally: ChangeSetTally | undefined): Verdict {
  if (run.kind === 'sweep') return toSweepVerdict(run);
  if (run.kind === 'block') return toBlockVerdict(run, tally);
  if (changeSet === undefined || tally === undefined)
    return { state: 'proven', message: 'proven: every row pulled is accounted for' };
  if (changeSet.state === 'held') return { state: 'held', message: sayHeld(changeSet) };
  const left = toDifferencesLeft(tally);
  const pushed = run.steps.some((step) => step.step === 'push');
  if (!pushed) return { state: 'proven', message: `planned: ${sayCount(left, 'difference')}; nothing was sent` };
  const stop = run.steps.findLast((step) => step.step === 'push' && typeof step.counts['stoppedAt'] === 'string');
  if (stop !== undefined && tally.unsent > 0)
    return { state: 'not_proven', message: sayStopped(changeSet.id, stop.counts, tally) };
  if (isProven(tally))
    return { state: 'proven', message: `proven: ${sayCount(left, 'difference')} left${sayWhy(tally)}` };
  const message = `not proven: ${sayCount(left, 'difference')} left${sayWhy(tally)}${sayWhere(changeSet.id, tally)}`;
  return { state: 'not_proven', message };
}

/** What holds the plan, and how a person lets it through. */
function sayHeld({ id, holds, heldBecause }: ChangeSet): string {
  const people = Math.max(1, ...holds.map(({ approvers }) => approvers));
  const who = people === 1 ? 'somebody has' : `${people} people have`;
  return `held: ${heldBecause.join(' ')} Until ${who} approved it (lvsync approve ${id} --by NAME --reason TEXT), nothing of it is sent.`;
}

/** A sweep that a guard held, or that got no whole answer, has thrown. */
function toSweepVerdict(run: StoredRun): Verdict {
  const {
    mirrorRows = 0,
    absent = 0,
    tombstoned = 0,
    driftPerTenThousand = 0,
  } = run.steps.find(({ step }) => step === 'sweep')?.counts ?? {};
  if (mirrorRows === 0) return { state: 'proven', message: 'proven: the mirror has nothing to sweep' };
  return {
    state: 'proven',
    message: `proven: ${mirrorRows} contacts compared, ${absent} not found, ${tombstoned} marked as gone; drift ${driftPerTenThousand} per 10,000`,
  };
}

/** Right, now: nothing differs any more. What the mirror lacked and has now is right again, and still told. */
function toReconcileVerdict(
  run: StoredRun,
  changeSet: ChangeSet | undefined,
  tally: ChangeSetTally | undefined,
): Verdict {
  const counts = (step: StepName): StepCounts => run.steps.find((one) => one.step === step)?.counts ?? {};
  const look = { ...counts('sweep'), ...counts('reconcile') };
  const [drifted, repaired] = [Number(look['drifted'] ?? 0), Number(look['repaired'] ?? 0)];
  const contacts = Number(look['accounts'] ?? 0);
  const told = `${sayCount(contacts, 'contact')} looked at; LiveVox and the mirror differed in ${drifted} (drift ${look['driftPerTenThousand'] ?? 0} per 10,000${sayCauses(look)}), ${repaired} repaired`;
  const own = changeSet === undefined ? undefined : toOwnVerdict(run, changeSet, tally);
  if (own?.state === 'held' || own?.state === 'failed') return { ...own, message: `${own.message} ${told}` };
  const differences = tally === undefined ? Number(counts('diff')['differ'] ?? 0) : toDifferencesLeft(tally);
  const isRight = drifted === repaired && differences === 0 && own?.state !== 'not_proven';
  const record = own?.message ?? `${sayCount(differences, 'contact')} not as the system of record wants`;
  return {
    state: isRight ? 'proven' : 'not_proven',
    message: `${isRight ? 'right' : 'not right'}: ${told}; ${record}`,
  };
}

/** `: 2 late commit, 1 purged`, or nothing. */
function sayCauses(counts: StepCounts): string {
  const named = [
    ['lateCommit', 'committed late'],
    ['missedWindow', 'in a missed window'],
    ['silentChange', 'changed in silence'],
    ['rolledBack', 'rolled back'],
    ['altered', 'our own write altered'],
    ['vanished', 'purged'],
  ] as const;
  const said = named
    .filter(([name]) => Number(counts[name] ?? 0) > 0)
    .map(([name, words]) => `${counts[name]} ${words}`);
  return said.length === 0 ? '' : `: ${said.join(', ')}`;
}

/** Who LiveVox does not show cannot be blocked there, and whoever asked for it has to know. */
function toBlockVerdict(run: StoredRun, tally: ChangeSetTally | undefined): Verdict {
  const {
    found = 0,
    blocks = 0,
    blockedAlready = 0,
    unknown = 0,
    unusedNumbers = 0,
  } = run.steps.find(({ step }) => step === 'block')?.counts ?? {};
  const missing = [
    [Number(unknown), 'account', 'that LiveVox does not show'],
    [Number(unusedNumbers), 'number', 'that no contact carries'],
  ] as const;
  const named = missing.filter(([count]) => count > 0).map(([count, what, why]) => `${sayCount(count, what)} ${why}`);
  const arrived = tally === undefined || isProven(tally);
  const again = Number(blockedAlready) > 0 ? `, ${blockedAlready} blocked before and again` : '';
  const said = `${blocks} of ${sayCount(Number(found), 'contact')} had to be blocked${again}${tally === undefined ? '' : sayWhy(tally)}`;
  return arrived && named.length === 0
    ? { state: 'proven', message: `proven: ${said}` }
    : { state: 'not_proven', message: `not proven: ${[said, ...named].join('; ')}` };
}

/** Nothing broke, but nobody may take it for done: not everything was sent, so not everything is proven. */
function sayStopped(id: string, { stoppedAt, blocksNotSent }: StepCounts, tally: ChangeSetTally): string {
  const all = tally.confirmed + toDifferencesLeft(tally) - tally.notExpressible;
  const blocks = Number(blocksNotSent) > 0 ? `, ${blocksNotSent} of them blocks` : '';
  const besides = sayWhy({ ...tally, unsent: 0 });
  const count = (patches: number): string => patches.toLocaleString('en-US');
  return `stopped at ${stoppedAt} as asked: ${count(tally.unsent)} of ${count(all)} patches not sent${blocks}; lvsync apply ${id} goes on${besides}`;
}

/** ` (3 refused, 1 not expressible)`, or nothing. */
function sayWhy(tally: ChangeSetTally): string {
  const parts = [
    [tally.notTaken, 'sent but not taken'],
    [tally.altered, 'altered by LiveVox'],
    [tally.refused, sayRefused(tally)],
    [tally.leftOut, 'left out'],
    [tally.unread, 'not read back'],
    [tally.unsent, 'not sent'],
    [tally.overtaken, 'overtaken by changes in LiveVox'],
    [tally.notExpressible, 'that LiveVox cannot express'],
  ] as const;
  const named = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return named.length === 0 ? '' : ` (${named.join(', ')})`;
}

/** `refused: lvsync dead list`; refused stops are told apart, since they keep the run from being proven. */
function sayRefused({ refused, refusedStops, refusedUnnamed }: ChangeSetTally): string {
  const kind = refusedStops === 1 ? 'a block or a withdrawn consent' : 'blocks or withdrawn consents';
  const stops = refusedStops === 0 ? '' : `, ${refusedStops} of them ${kind}`;
  return `refused${stops}${refused > refusedUnnamed ? ': lvsync dead list' : ''}`;
}

/** `; lvsync show PLAN --state not_taken lists them`, or nothing. */
function sayWhere(changeSetId: string, { notTaken, altered, leftOut }: ChangeSetTally): string {
  const counted = [
    [notTaken, 'not_taken'],
    [altered, 'altered'],
    [leftOut, 'left_out'],
  ] as const;
  const states = counted.filter(([count]) => count > 0).map(([, state]) => state);
  return states.length === 0 ? '' : `; lvsync show ${changeSetId} --state ${states.join(',')} lists them`;
}

function sayCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

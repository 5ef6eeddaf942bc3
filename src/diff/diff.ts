/**
 * Computes a plan: reads the system of record, compares it with the mirror, stores a sealed change set. Sends nothing and has no way to
 * (no arrow to LiveVox). The comparing is done in Postgres over digests of both sides; only contacts that differ are planned here.
 * Every row read is accounted for: read = accepted + quarantined. The plan is stored in one transaction.
 */
import type { Clock } from '../clock.ts';
import type { FanOutConfig, GuardsConfig, PlansConfig } from '../config.ts';
import { toComparedFields } from '../contact/index.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import { countDesired, type Store, withCandidates } from '../store/index.ts';
import type { SystemOfRecord } from '../system-of-record/index.ts';
import { assertReadBack } from './assert-read-back.ts';
import { type DiffCounts, makeCounts } from './plan-counts.ts';
import type { PlanPolicy } from './planned.ts';
import { isAbsenceKnown, type Prepared, prepareComparison } from './prepare-comparison.ts';
import { storePlan } from './store-plan.ts';

export { type BlockRequest, block } from './block.ts';
export { compareAccounts } from './compare-accounts.ts';
export { revert } from './revert.ts';

export type DiffDeps = { readonly store: Store; readonly clock: Clock; readonly log: Log; readonly progress: Progress };

export type DiffInput = {
  readonly tenant: string;
  readonly runId: string;
  readonly timeZone: string;
  /** Name of the system of record in the config. */
  readonly sourceName: string;
  readonly source: SystemOfRecord;
  readonly createActive: boolean;
  readonly guards: GuardsConfig;
  readonly plans: PlansConfig;
  /** undefined: a revocation counts for its own contact alone. */
  readonly fanOut: FanOutConfig | undefined;
  /** From when on the plan is neither approved nor begun. */
  readonly expiresAt: Date;
  /** Only these contacts. @default all */
  readonly accounts?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
};

export type DiffResult = {
  readonly changeSetId: string;
  readonly counts: DiffCounts;
  readonly heldBecause: readonly string[];
};

/**
 * Plans once; the change set is `planned`, or `held` when a guard tripped.
 * @throws FatalError when what was sent last has not been read back yet
 */
export async function diff(deps: DiffDeps, input: DiffInput): Promise<DiffResult> {
  await assertReadBack(deps.store, input.tenant);
  const prepared = await prepareComparison(deps, input);
  const result = await compare(deps, input, prepared);
  const { label, filesPassedOver, isComplete } = input.source;
  deps.log.info('diff.planned', {
    changeSet: result.changeSetId,
    held: result.heldBecause.length > 0,
    from: label,
    filesPassedOver,
    isComplete,
    digested: prepared.refreshed.digested,
    ...result.counts,
  });
  return result;
}

async function compare(
  deps: DiffDeps,
  input: DiffInput,
  { comparison, loaded, refreshed }: Prepared,
): Promise<DiffResult> {
  const { source, createActive } = input;
  const { owners, isComplete, onAbsence } = source;
  const policy: PlanPolicy = { createActive, owners, onAbsence };
  const isActing = onAbsence !== 'nothing' && isAbsenceKnown(deps.log, source, loaded);
  const held = await countDesired(deps.store, comparison);
  const { timeZone, accounts, signal } = input;
  const compared = accounts?.length ?? held.accepted + held.restrictsOnly;
  return withCandidates(
    deps.store,
    comparison,
    {
      fields: toComparedFields(owners),
      mapped: new Set(Object.keys(owners)),
      isComplete,
      now: deps.clock.now(),
      timeZone,
      touchedSeq: refreshed.touchedSeq,
      accounts,
      signal,
    },
    async ({ count, absent, read }) => {
      const toRead = isActing ? count : count - absent.unrestricted;
      const known = { candidates: count - absent.all, absent: absent.all, mirrorContacts: refreshed.rows };
      const counts = makeCounts(loaded, known);
      const differing = { compared, count: toRead, isActing, read: () => read(isActing) };
      const stored = await storePlan(deps, { ...input, isComplete, owners, policy }, differing, counts);
      return { ...stored, counts };
    },
  );
}

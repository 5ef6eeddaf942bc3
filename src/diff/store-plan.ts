/**
 * Turns what differs into a stored, sealed plan: patches in the order of accounts, the guards' word, the seal over both. One transaction,
 * beside the one that reads; memory does not grow with the plan.
 */
import type { FanOutConfig, GuardsConfig, PlansConfig } from '../config.ts';
import { type Owner, Seal } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import {
  type Candidate,
  insertChangeSet,
  insertPatches,
  insertSuppressions,
  markChangeSetPlanned,
  type NewPatch,
  type Queryable,
  type Store,
  selectPreviousReading,
  withTransaction,
} from '../store/index.ts';
import { chooseHolds } from './guard.ts';
import { makePlanner } from './plan.ts';
import { planCandidate } from './plan-candidate.ts';
import { countPatches, type DiffCounts, type PatchCounts, toHazardTotals } from './plan-counts.ts';
import type { PlanPolicy } from './planned.ts';
import { toSealedRow } from './sealed-row.ts';

export type StorePlanInput = {
  readonly tenant: string;
  readonly runId: string;
  readonly sourceName: string;
  readonly isComplete: boolean;
  readonly owners: Readonly<Record<string, Owner>>;
  readonly policy: PlanPolicy;
  readonly guards: GuardsConfig;
  readonly plans: PlansConfig;
  readonly fanOut: FanOutConfig | undefined;
  readonly expiresAt: Date;
  /** The plan whose changes this one takes back. @default none */
  readonly reverts?: string | undefined;
};

/** Where a plan is being stored: what else belongs to it is written with the same client, in the same transaction. */
export type Storing = { readonly client: Queryable; readonly changeSetId: string };

/** What differs: contacts that were compared, and how to read those that may differ. */
export type Differing = {
  readonly compared: number;
  /** How many batches of `read` hold together. */
  readonly count: number;
  /** Whether contacts that the system of record lacks are taken for gone. */
  readonly isActing: boolean;
  readonly read: (storing: Storing) => AsyncIterable<readonly Candidate[]>;
  /** Writes what belongs to the plan besides its patches, before they are read. @default nothing */
  readonly open?: (storing: Storing) => Promise<void>;
};

export type StoredPlan = { readonly changeSetId: string; readonly heldBecause: readonly string[] };

/**
 * Stores the plan and completes `counts`; those of the reading are missing where the plan does not rest on one.
 * @throws FatalError when what was read is not what was found
 */
export function storePlan(
  { store, progress }: { readonly store: Store; readonly progress: Progress },
  input: StorePlanInput,
  differing: Differing,
  counts: PatchCounts & Partial<DiffCounts>,
): Promise<StoredPlan> {
  const { tenant, runId, sourceName: systemOfRecord, policy, guards, plans, isComplete, reverts } = input;
  return withTransaction(store, async (client) => {
    const previousAccepted = await selectPreviousReading(client, tenant, systemOfRecord);
    const changeSetId = await insertChangeSet(client, { tenant, runId, systemOfRecord, reverts });
    await differing.open?.({ client, changeSetId });
    const seal = await storePatches({ client, changeSetId, progress }, input, differing, counts);
    const totals = { ...counts, isComplete, previousAccepted, hazards: toHazardTotals(counts) };
    const holds = chooseHolds(totals, guards, plans);
    const stored = toPlainJson({ ...policy, isComplete, guards, plans, fanOut: input.fanOut, reverts });
    await markChangeSetPlanned(client, changeSetId, {
      counts: { ...counts },
      holds,
      seal: seal.finish(stored, holds),
      policy: stored,
      expiresAt: input.expiresAt,
    });
    await insertSuppressions(client, { tenant, changeSetId });
    return { changeSetId, heldBecause: holds.map(({ sentence }) => sentence) };
  });
}

async function storePatches(
  { client, changeSetId, progress }: Storing & { readonly progress: Progress },
  { policy, reverts }: StorePlanInput,
  { compared, count, isActing, read }: Differing,
  counts: PatchCounts,
): Promise<Seal> {
  const seal = new Seal();
  const planner = makePlanner(policy);
  let seq = 0;
  let planned = 0;
  let differ = 0;
  for await (const batch of read({ client, changeSetId })) {
    const patches: NewPatch[] = [];
    for (const candidate of batch) {
      const found = planCandidate(candidate, planner, isActing);
      countPatches(counts, found);
      // A contact that the system of record lacks is none of its rows, but one of those that a revert looks at.
      if (found.length > 0 && (candidate.desired !== undefined || reverts !== undefined)) differ += 1;
      for (const patch of found) {
        seq += 1;
        const base = candidate.mirror?.mergedAt;
        seal.add(toSealedRow(seq, patch, base));
        patches.push({ seq, patch, base });
      }
    }
    if (patches.length > 0) await insertPatches(client, changeSetId, patches);
    planned += batch.length;
    progress({ step: 'diff', what: 'contacts that differ planned', done: planned, total: count });
  }
  if (planned !== count || differ > compared) {
    throw new FatalError(
      `Of ${compared} contacts ${count} may differ, but ${planned} were read and ${differ} differ; nothing was stored: plan again, and report this when it stays.`,
      { facts: { compared, count, planned, differ } },
    );
  }
  counts.same = compared - differ;
  return seal;
}

/** As the database will give it back. */
function toPlainJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

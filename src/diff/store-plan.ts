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
import { countPatches, type DiffCounts, toHazardTotals } from './plan-counts.ts';
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
};

/** What differs: rows of the system of record that were compared, and how to read those that may differ. */
export type Differing = {
  readonly compared: number;
  /** How many batches of `read` hold together. */
  readonly count: number;
  /** Whether contacts that the system of record lacks are taken for gone. */
  readonly isActing: boolean;
  readonly read: () => AsyncIterable<readonly Candidate[]>;
};

export type StoredPlan = { readonly changeSetId: string; readonly heldBecause: readonly string[] };

/** Stores the plan and completes `counts`. @throws FatalError when what was read is not what was found */
export function storePlan(
  { store, progress }: { readonly store: Store; readonly progress: Progress },
  input: StorePlanInput,
  differing: Differing,
  counts: DiffCounts,
): Promise<StoredPlan> {
  const { tenant, runId, sourceName: systemOfRecord, policy, guards, plans, isComplete } = input;
  return withTransaction(store, async (client) => {
    const previousAccepted = await selectPreviousReading(client, tenant, systemOfRecord);
    const changeSetId = await insertChangeSet(client, { tenant, runId, systemOfRecord });
    const seal = await storePatches({ client, changeSetId, progress }, input, differing, counts);
    const totals = { ...counts, isComplete, previousAccepted, hazards: toHazardTotals(counts) };
    const holds = chooseHolds(totals, guards, plans);
    const stored = toPlainJson({ ...policy, isComplete, guards, plans, fanOut: input.fanOut });
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

type Storing = { readonly client: Queryable; readonly changeSetId: string; readonly progress: Progress };

async function storePatches(
  { client, changeSetId, progress }: Storing,
  { policy }: StorePlanInput,
  { compared, count, isActing, read }: Differing,
  counts: DiffCounts,
): Promise<Seal> {
  const seal = new Seal();
  const planner = makePlanner(policy);
  let seq = 0;
  let planned = 0;
  let differ = 0;
  for await (const batch of read()) {
    const patches: NewPatch[] = [];
    for (const candidate of batch) {
      const found = planCandidate(candidate, planner, isActing);
      countPatches(counts, found);
      if (found.length > 0 && candidate.desired !== undefined) differ += 1;
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

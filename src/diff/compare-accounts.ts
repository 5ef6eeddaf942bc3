/**
 * What a plan would change on chosen contacts, counted and not stored: no change set comes of it, so a plan that waits to be sent stays
 * the one that counts. The reading of the system of record is kept, as that of any plan is.
 */
import { toComparedFields } from '../contact/index.ts';
import { withCandidates } from '../store/index.ts';
import { makePlanner } from './plan.ts';
import { planCandidate } from './plan-candidate.ts';
import type { PlanPolicy } from './planned.ts';
import { isAbsenceKnown, type PrepareDeps, type PrepareInput, prepareComparison } from './prepare-comparison.ts';

type CompareAccountsInput = PrepareInput & {
  readonly createActive: boolean;
  readonly accounts: readonly string[];
};

type Compared = {
  /** Rows of the system of record: read = accepted + quarantined. */
  readonly read: number;
  readonly accepted: number;
  readonly quarantined: number;
  /** Of the chosen contacts: those that a plan would change. */
  readonly differ: number;
  readonly patches: number;
};

/** @throws as a plan */
export async function compareAccounts(deps: PrepareDeps, input: CompareAccountsInput): Promise<Compared> {
  const { comparison, loaded, refreshed } = await prepareComparison(deps, input);
  const { source, createActive, timeZone, accounts, signal } = input;
  const { owners, isComplete, onAbsence } = source;
  const policy: PlanPolicy = { createActive, owners, onAbsence };
  const isActing = onAbsence !== 'nothing' && isAbsenceKnown(deps.log, source, loaded);
  const { read, accepted, quarantined } = loaded;
  const fields = toComparedFields(owners);
  const mapped = new Set(Object.keys(owners));
  const { touchedSeq } = refreshed;
  const on = { fields, mapped, isComplete, now: deps.clock.now(), timeZone, touchedSeq, accounts, signal };
  return withCandidates(deps.store, comparison, on, async (candidates) => {
    const planner = makePlanner(policy);
    const counts = { differ: 0, patches: 0 };
    for await (const batch of candidates.read(isActing)) {
      const found = batch.map((candidate) => planCandidate(candidate, planner, isActing).length);
      counts.differ += found.filter((patches) => patches > 0).length;
      counts.patches += found.reduce((sum, patches) => sum + patches, 0);
    }
    return { read, accepted, quarantined, ...counts };
  });
}

/** Plans one contact that may differ: what both sides hold of it in, patches out. Pure. */
import type { Candidate } from '../store/index.ts';
import type { DesiredContact } from './contact-state.ts';
import type { Planner } from './plan.ts';
import type { PatchCauses, PlannedPatch } from './planned.ts';

/**
 * The patches of a candidate; empty when nothing is to change. `isActing`: a contact that the system of record lacks is taken for gone.
 * A contact that is gone and has a restriction of its own all the same, by the policy, gets both, the restriction first.
 */
export function planCandidate(candidate: Candidate, planner: Planner, isActing: boolean): readonly PlannedPatch[] {
  const { mirror, desired, isAbsent } = candidate;
  const patches: PlannedPatch[] = [];
  if (desired !== undefined && (mirror !== undefined || !desired.restrictsOnly)) {
    patches.push(...planner(mirror, toDesired(desired)));
  }
  if (isAbsent && isActing) patches.push(...planner(mirror, undefined));
  return patches;
}

function toDesired(desired: NonNullable<Candidate['desired']>): DesiredContact {
  const { account, fields, changedAt, causes } = desired;
  return { account, fields, changedAt, causes: causes as PatchCauses | undefined };
}

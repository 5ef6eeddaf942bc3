/**
 * Guards: limits on one plan, by direction of harm. Making people less diallable is never capped; making them more
 * diallable is capped low, because one wrong file could undo thousands of opt-outs. A tripped guard holds the plan
 * for a person; nothing of it is sent. Pure.
 */
import type { GuardsConfig } from '../config.ts';

/** What a guard looks at. */
export type PlanTotals = {
  /** Rows of the system of record that can be used. */
  readonly accepted: number;
  readonly quarantined: number;
  readonly creates: number;
  readonly updates: number;
  /** Contacts that the plan would make more diallable: a block lifted, a consent granted, an activation. */
  readonly moreDiallable: number;
};

/** The reasons to hold the plan, a sentence each; empty when it may go out. */
export function chooseHoldReasons(totals: PlanTotals, guards: GuardsConfig): readonly string[] {
  const reasons: string[] = [];
  if (totals.accepted === 0) {
    reasons.push('The system of record gave no usable row: check the file or the query before anything is sent.');
  }
  const caps = [
    [
      'make more diallable (lifted blocks, granted consents, activations)',
      totals.moreDiallable,
      guards.maxMoreDiallable,
      'maxMoreDiallable',
    ],
    ['create', totals.creates, guards.maxCreates, 'maxCreates'],
    ['update', totals.updates, guards.maxUpdates, 'maxUpdates'],
  ] as const;
  for (const [what, count, limit, name] of caps) {
    if (count > limit) reasons.push(`The plan would ${what} ${count} contacts; guards.${name} allows ${limit}.`);
  }
  return reasons;
}

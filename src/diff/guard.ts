/**
 * Guards: limits on one plan, by direction of harm. Making people less diallable is never capped; making them more
 * diallable is capped low, because one wrong file could undo thousands of opt-outs. A tripped guard holds the plan
 * for a person; nothing of it is sent. Shares of a small mirror or a small source say nothing and are not judged. Pure.
 */
import type { GuardsConfig, PlansConfig } from '../config.ts';
import { type Hazard, hazards } from './planned.ts';

/** What a guard looks at; the reading is missing where the plan does not rest on one. */
export type PlanTotals = ChangeTotals & Partial<ReadingTotals>;

type ReadingTotals = {
  /** Rows of the system of record: read = accepted + quarantined. */
  readonly read: number;
  /** Rows of the system of record that can be used. */
  readonly accepted: number;
  readonly quarantined: number;
  /** `accepted` of its last reading; undefined when there was none, or none that may serve as a yardstick. */
  readonly previousAccepted?: number | undefined;
  /** Whether the system of record holds every contact, so that one missing there is gone. */
  readonly isComplete: boolean;
};

type ChangeTotals = {
  /** Contacts in the mirror, without tombstones. */
  readonly mirrorContacts: number;
  /** Patches that only make less diallable: never capped. */
  readonly blocks: number;
  readonly creates: number;
  readonly updates: number;
  readonly deactivations: number;
  readonly deletions: number;
  /** Contacts that the plan would make more diallable: a block lifted, a consent granted, an activation. */
  readonly moreDiallable: number;
  /** Patches with each side effect. */
  readonly hazards: Readonly<Record<Hazard, number>>;
};

/** Why a plan is held, and what it takes to let it through. */
export type Hold = {
  /** Key of the guard in the config, without `guards.`; `empty` and `approveAll` are none of its keys. */
  readonly guard: string;
  /** One sentence for a person: what, how many, what is allowed. */
  readonly sentence: string;
  /** How many different people have to approve. */
  readonly approvers: 1 | 2;
};

type Tripped = Omit<Hold, 'approvers'>;

/** Contacts in the mirror from which on a share of it is judged: a first load creates all of them. */
const judgedMirror = 1_000;
/** Rows of the system of record from which on a share of them is judged. */
const judgedRows = 100;

/** Guards in the direction that can hurt a person, or cannot be taken back. */
const needSecondPerson: ReadonlySet<string> = new Set([
  'maxMoreDiallable',
  'maxDeletions',
  'maxDeletionsPercent',
  'hazards.downgrades_permanent',
]);

const sayHazard: Readonly<Record<Hazard, string>> = {
  deactivates: 'deactivate contacts whose rows do not ask for it',
  drops_phone: 'take phone numbers away and put none in their place',
  shifts_ordinals: 'move phone numbers to other ordinals',
  downgrades_permanent: 'leave daily blocks of lasting ones, or lose one unasked',
  clears_field: 'make values empty',
};

/** The guards that hold the plan; empty when it may go out. */
export function chooseHolds(
  totals: PlanTotals,
  guards: GuardsConfig,
  plans: Pick<PlansConfig, 'approveAll'>,
): readonly Hold[] {
  const tripped = [
    ...judgeSource(totals, guards),
    ...judgeCounts(totals, guards),
    ...judgeShares(totals, guards),
    ...judgeHazards(totals, guards),
  ];
  if (tripped.length === 0 && plans.approveAll && sendsAnything(totals)) {
    tripped.push({ guard: 'approveAll', sentence: "plans.approveAll asks for a person's word on every plan." });
  }
  return tripped.map(({ guard, sentence }) => {
    const approvers = guards.secondPerson && needSecondPerson.has(guard) ? 2 : 1;
    return { guard, sentence, approvers };
  });
}

/** A system of record that is empty, suddenly small, or for the most part unreadable. */
function judgeSource(totals: PlanTotals, guards: GuardsConfig): Tripped[] {
  const { read, accepted, quarantined, previousAccepted = 0, isComplete } = totals;
  if (read === undefined || accepted === undefined || quarantined === undefined) return [];
  if (accepted === 0) {
    const sentence = 'The system of record gave no usable row: check the file or the query before anything is sent.';
    return [{ guard: 'empty', sentence }];
  }
  const tripped: Tripped[] = [];
  if (previousAccepted >= judgedRows && accepted * 100 < previousAccepted * guards.minSourcePercent) {
    const gone = isComplete ? ', and what is missing there counts as gone' : '';
    const sentence = `The system of record gave ${accepted} usable rows, its last reading ${previousAccepted}${gone}; guards.minSourcePercent demands ${guards.minSourcePercent} per cent.`;
    tripped.push({ guard: 'minSourcePercent', sentence });
  }
  if (read >= judgedRows && quarantined * 100 > read * guards.maxQuarantinedPercent) {
    const sentence = `Of ${read} rows of the system of record ${quarantined} cannot be used; guards.maxQuarantinedPercent allows ${guards.maxQuarantinedPercent} per cent.`;
    tripped.push({ guard: 'maxQuarantinedPercent', sentence });
  }
  return tripped;
}

function judgeCounts(totals: PlanTotals, guards: GuardsConfig): Tripped[] {
  const caps = [
    ['make more diallable (lifted blocks, granted consents, activations)', totals.moreDiallable, 'maxMoreDiallable'],
    ['create', totals.creates, 'maxCreates'],
    ['update', totals.updates, 'maxUpdates'],
    ['deactivate', totals.deactivations, 'maxDeactivations'],
    ['delete', totals.deletions, 'maxDeletions'],
  ] as const;
  return caps
    .filter(([, count, guard]) => count > guards[guard])
    .map(([what, count, guard]) => ({
      guard,
      sentence: `The plan would ${what} ${sayContacts(count)}; guards.${guard} allows ${guards[guard]}.`,
    }));
}

function judgeShares(totals: PlanTotals, guards: GuardsConfig): Tripped[] {
  const { mirrorContacts } = totals;
  if (mirrorContacts < judgedMirror) return [];
  const caps = [
    ['create', totals.creates, 'maxCreatesPercent'],
    ['update', totals.updates, 'maxUpdatesPercent'],
    ['deactivate', totals.deactivations, 'maxDeactivationsPercent'],
    ['delete', totals.deletions, 'maxDeletionsPercent'],
  ] as const;
  return caps
    .filter(([, count, guard]) => count * 100 > mirrorContacts * guards[guard])
    .map(([what, count, guard]) => ({
      guard,
      sentence: `The plan would ${what} ${sayContacts(count)}, with ${mirrorContacts} in the mirror; guards.${guard} allows ${guards[guard]} per cent.`,
    }));
}

function judgeHazards(totals: PlanTotals, guards: GuardsConfig): Tripped[] {
  return hazards
    .filter((hazard) => totals.hazards[hazard] > guards.hazards[hazard])
    .map((hazard) => ({
      guard: `hazards.${hazard}`,
      sentence: `The plan would ${sayHazard[hazard]} in ${totals.hazards[hazard]} patches; guards.hazards.${hazard} allows ${guards.hazards[hazard]}.`,
    }));
}

function sendsAnything(totals: PlanTotals): boolean {
  const { blocks, creates, updates, deactivations, deletions, moreDiallable } = totals;
  return blocks + creates + updates + deactivations + deletions + moreDiallable > 0;
}

function sayContacts(count: number): string {
  return count === 1 ? '1 contact' : `${count} contacts`;
}

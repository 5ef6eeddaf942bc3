/**
 * Why a field of a contact is or is not changed: what the last plan said of it, else what its owner says of the two values. It explains a plan that was
 * made; it makes none, and says so where no plan has seen these values. Pure.
 */
import { type CanonicalValue, findField, isBlockOrConsent, toDefaultOwner } from '../contact/index.ts';
import type { ContactPlan, MirrorFacts, Reading } from '../store/index.ts';
import { toPatchState } from '../store/index.ts';

export type FieldAnswer = {
  readonly field: string;
  readonly owner: string;
  /** What LiveVox last showed, and what the system of record wants. */
  readonly mirror: CanonicalValue;
  readonly desired: CanonicalValue;
  readonly equal: boolean;
  readonly reason: FieldReason;
  /** The reason as a sentence. */
  readonly because: string;
};

/** How far the patch has come that changes the field; or why none does. */
type FieldReason =
  | ReturnType<typeof toPatchState>
  | 'equal'
  | 'says_nothing'
  | 'livevox'
  | 'newest'
  | 'only-if-empty'
  | 'most-restrictive'
  | 'not_planned';

export type FieldFacts = {
  readonly field: string;
  readonly mirror: MirrorFacts | undefined;
  readonly contact: Reading['contact'];
  /** The last plan. */
  readonly plan: ContactPlan | undefined;
};

/** What can be told of one field. */
export function explainField(facts: FieldFacts): FieldAnswer {
  const { field, plan } = facts;
  const owner = plan?.owners[field] ?? toDefaultOwner(field);
  const mirror = facts.mirror?.values[field] ?? null;
  const desired = facts.contact?.fields[field] ?? null;
  const equal = toComparable(field, mirror) === toComparable(field, desired);
  const { reason, because } = explain({ ...facts, owner, from: mirror, to: desired, equal });
  return { field, owner, mirror, desired, equal, reason, because };
}

type Explained = { readonly reason: FieldReason; readonly because: string };

type Judged = FieldFacts & {
  readonly owner: string;
  readonly from: CanonicalValue;
  readonly to: CanonicalValue;
  readonly equal: boolean;
};

function explain(judged: Judged): Explained {
  const { field, to, equal, plan } = judged;
  if (equal) return { reason: 'equal', because: 'both are the same' };
  const planned = plan && explainPlan(field, plan);
  if (planned !== undefined) return planned;
  if (to === null && findField(field)?.type === 'boolean')
    return { reason: 'says_nothing', because: 'the system of record does not say' };
  return explainOwner(judged);
}

/** What the plan does to the field; undefined when it does nothing. */
function explainPlan(field: string, plan: ContactPlan): Explained | undefined {
  const steps = plan.patches.filter((patch) => patch.changes[field] !== undefined);
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  const told = steps.map((patch) => {
    const cause = patch.causes?.[field];
    const from =
      cause === undefined ? '' : `, because of ${cause.field ?? field} of ${cause.account ?? 'another contact'}`;
    const left = patch.leftOutBecause === null ? '' : `: ${patch.leftOutBecause}`;
    return `${patch.operation} ${toPatchState(patch)}${from}${left}`;
  });
  return { reason: toPatchState(last), because: `in the last plan: ${told.join(', then ')}` };
}

/** Why the owner of a field lets two different values be. */
function explainOwner({ field, owner, from, mirror, contact }: Judged): Explained {
  if (owner === 'livevox') return { reason: owner, because: 'LiveVox owns it: it is never touched' };
  if (owner === 'only-if-empty' && from !== null)
    return { reason: owner, because: 'only filled where LiveVox has nothing' };
  if (owner === 'most-restrictive' && isRestricted(field, from))
    return { reason: owner, because: 'LiveVox is the more restrictive side, which wins' };
  if (owner === 'newest' && !isNewer(contact?.changedAt ?? null, mirror?.modifyDate ?? null))
    return { reason: owner, because: 'the system of record is not known to have changed it later than LiveVox' };
  return { reason: 'not_planned', because: sayUnplanned(field) };
}

function sayUnplanned(field: string): string {
  const isSwitch = findField(field)?.ordinal !== undefined;
  return isSwitch
    ? 'the last plan leaves it: what belongs to a phone is compared by number, not by place'
    : 'the last plan does not change it: plan again if either side has changed since';
}

/** Blocked, without consent, or inactive. */
function isRestricted(field: string, value: CanonicalValue): boolean {
  const isBlock = /Block(Daily)?$/.test(field);
  return (value === 'true') === isBlock;
}

function isNewer(changedAt: string | null, modifyDate: string | null): boolean {
  return changedAt !== null && modifyDate !== null && Date.parse(changedAt) >= Date.parse(modifyDate);
}

/** An empty switch is one that is off. */
function toComparable(name: string, value: CanonicalValue): CanonicalValue {
  const field = findField(name);
  const isSwitch = field !== undefined && (isBlockOrConsent(field) || name === 'active');
  return isSwitch ? (value ?? 'false') : value;
}

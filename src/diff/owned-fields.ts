/**
 * Whose value counts, field by field (the owners are told in contact/owner.ts). Pure. `undefined` always means: not ours to touch.
 * What would surprise: `newest` never holds back a block or a withdrawn consent, because LiveVox tells when a contact changed and not when
 * a field did; and a missing time is no proof of being newer.
 */
import type { CanonicalValue, Owner } from '../contact/index.ts';
import type { DesiredContact, MirrorContact } from './contact-state.ts';

/** One contact as both sides have it. */
export type Situation = {
  readonly mirror: MirrorContact;
  readonly desired: DesiredContact;
  /** Whether the system of record surely changed the contact no earlier than LiveVox did. */
  readonly isRecordNewest: boolean;
};

export type SwitchQuestion = {
  readonly owner: Owner;
  /** What LiveVox has, null for nothing. */
  readonly from: CanonicalValue;
  /** What the system of record says; undefined when it does not. */
  readonly to: boolean | undefined;
  /** The value that makes the person less diallable: true for a block, false for a consent and `active`. */
  readonly restrictive: boolean;
  readonly isRecordNewest: boolean;
};

/** Whether the system of record changed the contact at the same time as LiveVox or later; false when either does not say. */
export function isRecordNewest(mirror: MirrorContact, desired: DesiredContact): boolean {
  if (desired.changedAt === undefined || mirror.modifyDate === null) return false;
  return Date.parse(desired.changedAt) >= Date.parse(mirror.modifyDate);
}

/** The value that a field without a direction of harm should have: a name, a balance, a phone number. */
export function chooseValue(
  owner: Owner,
  from: CanonicalValue,
  to: CanonicalValue | undefined,
  recordIsNewest: boolean,
): CanonicalValue | undefined {
  switch (owner) {
    case 'record':
      return to;
    case 'newest':
      return recordIsNewest ? to : undefined;
    case 'only-if-empty':
      return from === null ? to : undefined;
    case 'livevox':
    case 'most-restrictive':
      return undefined;
  }
}

/** What a block or a consent should be. Empty is what LiveVox shows nothing for; a `false` that it shows is a value. */
export function chooseSwitch({ owner, from, to, restrictive, isRecordNewest }: SwitchQuestion): boolean | undefined {
  const isRestricting = to === restrictive;
  switch (owner) {
    case 'record':
      return to;
    case 'newest':
      return isRecordNewest || isRestricting ? to : undefined;
    case 'only-if-empty':
      return from === null ? to : undefined;
    case 'most-restrictive':
      return isRestricting ? to : undefined;
    case 'livevox':
      return undefined;
  }
}

/** What `active` should be: no word of the person, so `newest` weighs it like a name. */
export function chooseActive(question: Omit<SwitchQuestion, 'restrictive'>): boolean | undefined {
  if (question.owner === 'newest') return question.isRecordNewest ? question.to : undefined;
  return chooseSwitch({ ...question, restrictive: false });
}

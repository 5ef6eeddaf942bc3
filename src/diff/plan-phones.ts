/**
 * Plans the phones of one contact. Blocks and consents belong to a number, not to its ordinal: when a number moves, they move
 * along; when a number goes, its consents go too. Whenever one number changes, all phones that should exist are sent, with
 * verbs that only set blocks, so that it does not matter whether LiveVox merges a phone array by ordinal or replaces it.
 */
import { chooseBlockVerb, chooseLiftVerb, type DndVerb, phoneOrdinals, toDndState } from '../contact/index.ts';
import {
  type DesiredContact,
  type MirrorContact,
  type PhoneSwitches,
  type PhoneWish,
  switchFields,
  toPhoneSwitches,
  toPhoneWish,
  toText,
} from './contact-state.ts';
import { type Draft, type Drafts, noteBits, noteSwitch } from './drafts.ts';

type PhonePlan = {
  readonly ordinal: number;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  /** As LiveVox spells the number it has; the new number where it changes. */
  readonly spelt: string | null;
  readonly has: PhoneSwitches;
  readonly wish: PhoneWish;
};

type Bits = { permanent: boolean; daily: boolean };

/** Adds to the drafts what the phones need. */
export function planPhones(drafts: Drafts, mirror: MirrorContact, desired: DesiredContact): void {
  const phones = phoneOrdinals.map((ordinal) => toPhonePlan(mirror, desired, ordinal));
  const blockedInPlace = new Map<number, Bits>();
  for (const phone of phones) {
    if (phone.before === phone.after) planSwitches(drafts, phone);
    else planMoveFirst(drafts, phones, phone, blockedInPlace);
  }
  const changed = phones.filter((phone) => phone.before !== phone.after);
  if (changed.length === 0) return;
  for (const phone of phones) {
    if (phone.before === phone.after) resendPhone(drafts.update, phone);
    else planNumber(drafts, phones, phone, blockedInPlace.get(phone.ordinal));
  }
}

function toPhonePlan(mirror: MirrorContact, desired: DesiredContact, ordinal: number): PhonePlan {
  const field = `phone${ordinal}`;
  const before = mirror.values[field] ?? null;
  const wanted = desired.fields[field];
  const after = wanted === undefined ? before : wanted;
  const spelt = after === before ? (mirror.rawPhones[field] ?? before) : after;
  return {
    ordinal,
    field,
    before,
    after,
    spelt,
    has: toPhoneSwitches(mirror, ordinal),
    wish: toPhoneWish(desired, ordinal),
  };
}

/** A number that stays: only its switches may differ, and the DND method carries those. An empty ordinal has none. */
function planSwitches(drafts: Drafts, phone: PhonePlan): void {
  if (phone.before === null) return;
  const state = toDndState(phone.has);
  const block = chooseBlockVerb(phone.wish, state);
  if (block !== undefined) noteVerb(drafts.blockDnd, phone, phone.spelt, block);
  const lift = chooseLiftVerb(phone.wish, state);
  if (lift !== undefined) noteVerb(drafts.liftDnd, phone, phone.spelt, lift);
  for (const consent of ['cellConsent', 'smsConsent'] as const) {
    const wanted = phone.wish[consent];
    if (wanted === undefined || wanted === phone.has[consent]) continue;
    noteConsent(wanted ? drafts.liftDnd : drafts.blockDnd, phone, consent, wanted);
  }
}

/** Puts a verb into a DND draft, and the switches it really turns into its changes. */
function noteVerb(draft: Draft, phone: PhonePlan, number: string | null, verb: DndVerb, has: Bits = phone.has): void {
  draft.sends[phone.field] = number;
  draft.sends[switchFields.permanent(phone.ordinal)] = verb;
  noteBits(
    draft,
    verb,
    { permanent: switchFields.permanent(phone.ordinal), daily: switchFields.daily(phone.ordinal) },
    has,
  );
}

function noteConsent(draft: Draft, phone: PhonePlan, consent: 'cellConsent' | 'smsConsent', to: boolean): void {
  draft.sends[phone.field] = phone.spelt;
  draft.sends[switchFields[consent](phone.ordinal)] = toText(to);
  noteSwitch(draft, switchFields[consent](phone.ordinal), to);
}

/** What the switches of a changed ordinal should be in the end. */
function toTarget(phones: readonly PhonePlan[], phone: PhonePlan): PhoneSwitches {
  const home = findHome(phones, phone);
  return {
    permanent: phone.wish.permanent ?? (phone.has.permanent || (home?.has.permanent ?? false)),
    daily: phone.wish.daily ?? (phone.has.daily || (home?.has.daily ?? false)),
    cellConsent: phone.wish.cellConsent ?? home?.has.cellConsent ?? false,
    smsConsent: phone.wish.smsConsent ?? home?.has.smsConsent ?? false,
  };
}

/** Where LiveVox has the number now, if it comes from another ordinal of the contact. */
function findHome(phones: readonly PhonePlan[], phone: PhonePlan): PhonePlan | undefined {
  if (phone.after === null) return undefined;
  return phones.find((other) => other.ordinal !== phone.ordinal && other.before === phone.after);
}

/** A number that is to be blocked at its new ordinal is blocked at its old one first: it must not ring while it moves. */
function planMoveFirst(
  drafts: Drafts,
  phones: readonly PhonePlan[],
  phone: PhonePlan,
  inPlace: Map<number, Bits>,
): void {
  const home = findHome(phones, phone);
  if (home === undefined || home.before === home.after) return;
  const target = toTarget(phones, phone);
  const verb = chooseBlockVerb(
    { permanent: target.permanent || undefined, daily: target.daily || undefined },
    toDndState(home.has),
  );
  const spelt = home.before;
  if (verb !== undefined) {
    noteVerb(drafts.blockDnd, home, spelt, verb);
    inPlace.set(home.ordinal, {
      permanent: home.has.permanent || target.permanent,
      daily: home.has.daily || target.daily,
    });
  }
  for (const consent of ['cellConsent', 'smsConsent'] as const) {
    if (home.has[consent] && !target[consent]) noteConsent(drafts.blockDnd, { ...home, spelt }, consent, false);
  }
}

/** An ordinal whose number changes: the update carries number, blocks and consents together. */
function planNumber(drafts: Drafts, phones: readonly PhonePlan[], phone: PhonePlan, inPlace: Bits | undefined): void {
  const { update } = drafts;
  update.changes[phone.field] = [phone.before, phone.after];
  update.sends[phone.field] = phone.after;
  if (phone.after === null) return;
  const target = toTarget(phones, phone);
  const has = inPlace ?? phone.has;
  setSwitches(update, phone, target);
  for (const bit of ['permanent', 'daily'] as const) {
    if (target[bit] && !has[bit]) noteSwitch(update, switchFields[bit](phone.ordinal), true);
  }
  for (const consent of ['cellConsent', 'smsConsent'] as const) {
    if (target[consent] !== phone.has[consent])
      noteSwitch(update, switchFields[consent](phone.ordinal), target[consent]);
  }
  const lift = chooseLiftVerb(
    { permanent: target.permanent ? undefined : false, daily: target.daily ? undefined : false },
    toDndState(has),
  );
  if (lift !== undefined) noteVerb(drafts.liftDnd, phone, phone.after, lift, has);
}

/** A number that stays, sent along because another one changes. A grant or a lift waits for its own request. */
function resendPhone(update: Draft, phone: PhonePlan): void {
  if (phone.after === null) return;
  update.sends[phone.field] = phone.spelt;
  setSwitches(update, phone, {
    permanent: phone.has.permanent || phone.wish.permanent === true,
    daily: phone.has.daily || phone.wish.daily === true,
    cellConsent: phone.has.cellConsent && phone.wish.cellConsent !== false,
    smsConsent: phone.has.smsConsent && phone.wish.smsConsent !== false,
  });
}

/** Writes switches into an update: blocks only ever set (left out when off), consents always said. */
function setSwitches(update: Draft, phone: PhonePlan, to: PhoneSwitches): void {
  const verb = chooseBlockVerb({ permanent: to.permanent || undefined, daily: to.daily || undefined }, 'NONE');
  if (verb !== undefined) update.sends[switchFields.permanent(phone.ordinal)] = verb;
  update.sends[switchFields.cellConsent(phone.ordinal)] = toText(to.cellConsent);
  update.sends[switchFields.smsConsent(phone.ordinal)] = toText(to.smsConsent);
}

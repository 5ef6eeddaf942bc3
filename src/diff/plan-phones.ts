/**
 * Plans the phones of one contact. Blocks and consents belong to a number, not to its ordinal: when a number moves, they move
 * along; when a number goes, its consents go too. Whenever one number changes, all phones that should exist are sent, with
 * verbs that only set blocks, so that it does not matter whether LiveVox merges a phone array by ordinal or replaces it.
 * What would surprise: an update never makes a number more diallable; what is to be lifted or granted arrives as it was and waits for the lifts.
 */
import { type CanonicalValue, chooseBlockVerb, chooseLiftVerb, type DndVerb, toDndState } from '../contact/index.ts';
import { type PhoneSwitches, type PhoneWish, toText } from './contact-state.ts';
import { type Draft, type Drafts, noteBits, noteSwitch } from './drafts.ts';
import type { Situation } from './owned-fields.ts';
import {
  arePhonesTouched,
  findHomes,
  type PhonePlace,
  toArrivingTarget,
  toBrought,
  toLeavingWish,
  toPlaces,
  toStayingWish,
} from './phone-places.ts';
import type { PhoneRule, PlanRules } from './plan-rules.ts';

/** A number that comes to a place: what its switches should be there in the end, and what they are until the lifts. */
type Arrival = { readonly place: PhonePlace; readonly target: PhoneSwitches; readonly carried: PhoneSwitches };

const bits = ['permanent', 'daily'] as const;
const consents = ['cellConsent', 'smsConsent'] as const;

/** Adds to the drafts what the phones need. */
export function planPhones(drafts: Drafts, rules: PlanRules, situation: Situation): void {
  if (!arePhonesTouched(rules, situation)) return;
  const places = toPlaces(rules, situation);
  const staying = places.filter(({ before, after }) => before === after && before !== null);
  const wishes = staying.map((place) => ({ place, wish: toStayingWish(places, place, situation) }));
  for (const { place, wish } of wishes) planSwitches(drafts, place, wish);
  const changing = places.filter(({ before, after }) => before !== after);
  if (changing.length === 0) return;
  const arrivals = changing.filter(({ after }) => after !== null).map((place) => toArrival(places, place, situation));
  for (const place of changing) planChange(drafts, place, arrivals, toLeavingWish(places, place, situation));
  for (const { place, wish } of wishes) resendPhone(drafts.update, place, wish);
}

/** A number that stays: only its switches may differ, and the DND method carries those. */
function planSwitches(drafts: Drafts, place: PhonePlace, wish: PhoneWish): void {
  const state = toDndState(place.has);
  const block = chooseBlockVerb(wish, state);
  if (block !== undefined) noteVerb(drafts.blockDnd, place.rule, place.spelt, block, place.has);
  const lift = chooseLiftVerb(wish, state);
  if (lift !== undefined) noteVerb(drafts.liftDnd, place.rule, place.spelt, lift, place.has);
  for (const consent of consents) {
    const wanted = wish[consent];
    if (wanted === undefined || wanted === place.has[consent]) continue;
    noteConsent(wanted ? drafts.liftDnd : drafts.blockDnd, place.rule, place.spelt, consent, wanted);
  }
}

function toArrival(places: readonly PhonePlace[], place: PhonePlace, situation: Situation): Arrival {
  const homes = findHomes(places, place);
  const brought = toBrought(homes);
  const target = toArrivingTarget(place, homes, brought, situation);
  const carried = {
    permanent: target.permanent || brought.permanent,
    daily: target.daily || brought.daily,
    cellConsent: target.cellConsent && brought.cellConsent,
    smsConsent: target.smsConsent && brought.smsConsent,
  };
  return { place, target, carried };
}

/** A place whose number changes: the one that leaves is made silent first where it has to be, then the other one comes. */
function planChange(drafts: Drafts, place: PhonePlace, arrivals: readonly Arrival[], leaving: PhoneWish): void {
  const { rule, before, after } = place;
  const targets = arrivals.filter((arrival) => before !== null && arrival.place.after === before);
  const standing = restrictBeforeLeaving(drafts.blockDnd, place, [leaving, ...targets.map(({ target }) => target)]);
  drafts.update.changes[rule.number] = [before, after];
  drafts.update.sends[rule.number] = after;
  const arrival = arrivals.find((candidate) => candidate.place === place);
  if (arrival === undefined) return;
  noteArrival(drafts.update, arrival, standing);
  liftAfterMoving(drafts, arrival, standing);
}

/**
 * A number that is to be blocked where it comes to, or that the record blocks wherever it is, is blocked where it leaves: it must not ring
 * while it moves. Gives the switches of the place as they are then.
 */
function restrictBeforeLeaving(draft: Draft, place: PhonePlace, wishes: readonly PhoneWish[]): PhoneSwitches {
  const wish = {
    permanent: wishes.some(({ permanent }) => permanent === true) || undefined,
    daily: wishes.some(({ daily }) => daily === true) || undefined,
  };
  const verb = chooseBlockVerb(wish, toDndState(place.has));
  if (verb !== undefined) noteVerb(draft, place.rule, place.spelt, verb, place.has);
  const standing: { -readonly [K in keyof PhoneSwitches]: boolean } = { ...place.has };
  for (const bit of bits) standing[bit] ||= wish[bit] === true;
  for (const consent of consents) {
    if (!standing[consent] || !wishes.some((one) => one[consent] === false)) continue;
    noteConsent(draft, place.rule, place.spelt, consent, false);
    standing[consent] = false;
  }
  return standing;
}

/** The update carries number, blocks and consents together. */
function noteArrival(update: Draft, { place, target, carried }: Arrival, standing: PhoneSwitches): void {
  const { fields } = place.rule;
  setSwitches(update, place.rule, carried);
  const isLifted = chooseLift(target, carried, standing) !== undefined;
  for (const bit of bits) {
    if (carried[bit] && !standing[bit]) noteSwitch(update, fields[bit], true);
    // What stays when the other one is lifted has to be read back before.
    else if (isLifted && target[bit]) update.changes[fields[bit]] = ['true', 'true'];
  }
  for (const consent of consents) {
    if (carried[consent] !== standing[consent]) noteSwitch(update, fields[consent], carried[consent]);
  }
}

/** What the number, or the one before it, left blocked and nobody wants, and consents that it did not have. */
function liftAfterMoving(drafts: Drafts, { place, target, carried }: Arrival, standing: PhoneSwitches): void {
  const lift = chooseLift(target, carried, standing);
  if (lift !== undefined) noteVerb(drafts.liftDnd, place.rule, place.after, lift, toLeft(carried, standing));
  for (const consent of consents) {
    if (target[consent] && !carried[consent]) noteConsent(drafts.liftDnd, place.rule, place.after, consent, true);
  }
}

function chooseLift(target: PhoneSwitches, carried: PhoneSwitches, standing: PhoneSwitches): DndVerb | undefined {
  const wish = { permanent: target.permanent ? undefined : false, daily: target.daily ? undefined : false };
  return chooseLiftVerb(wish, toDndState(toLeft(carried, standing)));
}

/** The blocks of a place after the update, in a LiveVox that keeps what an update does not name. */
function toLeft(carried: PhoneSwitches, standing: PhoneSwitches): { permanent: boolean; daily: boolean } {
  return { permanent: carried.permanent || standing.permanent, daily: carried.daily || standing.daily };
}

/** A number that stays, sent along because another one changes. A grant or a lift waits for its own request. */
function resendPhone(update: Draft, { rule, spelt, has }: PhonePlace, wish: PhoneWish): void {
  update.sends[rule.number] = spelt;
  setSwitches(update, rule, {
    permanent: has.permanent || wish.permanent === true,
    daily: has.daily || wish.daily === true,
    cellConsent: has.cellConsent && wish.cellConsent !== false,
    smsConsent: has.smsConsent && wish.smsConsent !== false,
  });
}

/** Writes switches into an update: blocks only ever set (left out when off), consents always said. */
function setSwitches(update: Draft, { fields }: PhoneRule, to: PhoneSwitches): void {
  const verb = chooseBlockVerb({ permanent: to.permanent || undefined, daily: to.daily || undefined }, 'NONE');
  if (verb !== undefined) update.sends[fields.permanent] = verb;
  update.sends[fields.cellConsent] = toText(to.cellConsent);
  update.sends[fields.smsConsent] = toText(to.smsConsent);
}

/** Puts a verb into a DND draft, and the switches it really turns into its changes. */
function noteVerb(
  draft: Draft,
  { number, fields }: PhoneRule,
  spelt: CanonicalValue,
  verb: DndVerb,
  has: { readonly permanent: boolean; readonly daily: boolean },
): void {
  draft.sends[number] = spelt;
  draft.sends[fields.permanent] = verb;
  noteBits(draft, verb, fields, has);
}

function noteConsent(
  draft: Draft,
  { number, fields }: PhoneRule,
  spelt: CanonicalValue,
  consent: (typeof consents)[number],
  to: boolean,
): void {
  draft.sends[number] = spelt;
  draft.sends[fields[consent]] = toText(to);
  noteSwitch(draft, fields[consent], to);
}

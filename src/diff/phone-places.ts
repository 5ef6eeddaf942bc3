/**
 * The phones of one contact as places that numbers come to, stay at and leave, and what the switches of each number should be.
 * A switch belongs to a number, so the system of record's word on `phone2Block` is about the number that it has as `phone2`. Where LiveVox keeps
 * another number there, only what restricts counts: nobody loses a block to a word about somebody else's number. And a number that
 * the record names at a place it does not get is restricted where it is.
 */
import type { CanonicalValue } from '../contact/index.ts';
import { isSet, type PhoneSwitches, type PhoneWish, restrictive, switchKeys, toWish } from './contact-state.ts';
import { chooseSwitch, chooseValue, type Situation } from './owned-fields.ts';
import type { PhoneRule, PlanRules } from './plan-rules.ts';

export type PhonePlace = {
  readonly rule: PhoneRule;
  /** The number in LiveVox now, and the one that should be here. */
  readonly before: CanonicalValue;
  readonly after: CanonicalValue;
  /** The number that the system of record has here; undefined when it does not say. */
  readonly named: CanonicalValue | undefined;
  /** `before` as LiveVox spells it: a DND request has to name the number LiveVox knows. */
  readonly spelt: CanonicalValue;
  /** The switches of this place in LiveVox now. */
  readonly has: PhoneSwitches;
};

type SwitchKey = keyof PhoneSwitches;

/** Whether the phones have to be looked at; cheap, because those of most contacts have not. */
export function arePhonesTouched(rules: PlanRules, { mirror, desired }: Situation): boolean {
  for (const { number, fields } of rules.phones) {
    const named = desired.fields[number];
    if (named !== undefined && named !== (mirror.values[number] ?? null)) return true;
    for (const key of switchKeys) {
      const wish = toWish(desired, fields[key]);
      // A wanted block may concern another place of the same number, even when this one has it.
      if (wish !== undefined && (wish !== isSet(mirror, fields[key]) || (wish && restrictive[key]))) return true;
    }
  }
  return false;
}

/** The places that have, get or are meant for a number, by ordinal. */
export function toPlaces(rules: PlanRules, situation: Situation): readonly PhonePlace[] {
  const { mirror, desired } = situation;
  const places: PhonePlace[] = [];
  for (const rule of rules.phones) {
    const before = mirror.values[rule.number] ?? null;
    const named = desired.fields[rule.number];
    if (before === null && named == null) continue;
    const wanted = chooseValue(rule.numberOwner, before, named, situation.isRecordNewest);
    const after = wanted === undefined ? before : wanted;
    const spelt = mirror.rawPhones[rule.number] ?? before;
    places.push({ rule, before, after, named, spelt, has: toSwitches((key) => isSet(mirror, rule.fields[key])) });
  }
  return places;
}

/** Where LiveVox has the number of `place` now, besides there. */
export function findHomes(places: readonly PhonePlace[], place: PhonePlace): readonly PhonePlace[] {
  return place.after === null ? [] : places.filter((other) => other !== place && other.before === place.after);
}

/** What of a number's switches it brings along to a new place: a block that it has anywhere, a consent that it has everywhere. */
export function toBrought(homes: readonly PhonePlace[]): PhoneSwitches {
  if (homes.length === 0) return { permanent: false, daily: false, cellConsent: false, smsConsent: false };
  return toSwitches((key) =>
    restrictive[key] ? homes.some(({ has }) => has[key]) : homes.every(({ has }) => has[key]),
  );
}

/** What the switches of a number that stays should be. */
export function toStayingWish(places: readonly PhonePlace[], place: PhonePlace, situation: Situation): PhoneWish {
  const isAbout = place.named === undefined || place.named === place.after;
  return toSwitches((key) => {
    if (place.named !== place.after && isRestrictedElsewhere(places, place, key, situation)) return restrictive[key];
    const own = chooseFor(place, key, situation.mirror.values[place.rule.fields[key]] ?? null, situation);
    return isAbout || own === restrictive[key] ? own : undefined;
  });
}

/** What a number has to be restricted in before it leaves `place`; undefined where it needs not be. */
export function toLeavingWish(places: readonly PhonePlace[], place: PhonePlace, situation: Situation): PhoneWish {
  return toSwitches((key) => (isRestrictedElsewhere(places, place, key, situation) ? restrictive[key] : undefined));
}

/** Whether the system of record restricts the number that `place` has now, at another place where it names it. */
function isRestrictedElsewhere(
  places: readonly PhonePlace[],
  place: PhonePlace,
  key: SwitchKey,
  situation: Situation,
): boolean {
  if (place.before === null) return false;
  // Such a word has nothing here to be empty: once it is followed it must still count, or it would be undone.
  return places.some(
    (other) =>
      other !== place && other.named === place.before && chooseFor(other, key, null, situation) === restrictive[key],
  );
}

/**
 * What the switches of a number that comes to `place` should be in the end. Where nothing is said of a block, neither the
 * number's own nor that of the place is lifted; a consent is the number's own or none.
 */
export function toArrivingTarget(
  place: PhonePlace,
  homes: readonly PhonePlace[],
  brought: PhoneSwitches,
  situation: Situation,
): PhoneSwitches {
  return toSwitches((key) => {
    // The place is empty for this number; what it has elsewhere only keeps it from being freed.
    if (chooseFor(place, key, null, situation) === restrictive[key]) return restrictive[key];
    const homeValue = homes.map(({ rule }) => situation.mirror.values[rule.fields[key]]).find((value) => value != null);
    const wish = chooseFor(place, key, homeValue ?? null, situation);
    if (wish !== undefined) return wish;
    const isSaid =
      place.rule.owners[key] !== 'livevox' && toWish(situation.desired, place.rule.fields[key]) !== undefined;
    return brought[key] || (restrictive[key] && !isSaid && place.has[key]);
  });
}

function chooseFor(
  { rule }: PhonePlace,
  key: SwitchKey,
  from: CanonicalValue,
  { desired, isRecordNewest }: Situation,
): boolean | undefined {
  const to = toWish(desired, rule.fields[key]);
  if (to === undefined) return undefined;
  return chooseSwitch({ owner: rule.owners[key], from, to, restrictive: restrictive[key], isRecordNewest });
}

function toSwitches<Value>(read: (key: SwitchKey) => Value): Readonly<Record<SwitchKey, Value>> {
  return {
    permanent: read('permanent'),
    daily: read('daily'),
    cellConsent: read('cellConsent'),
    smsConsent: read('smsConsent'),
  };
}

/**
 * Chooses what of a contact goes back to what it was before a plan: the values that LiveVox still shows as the plan made them, and that nobody
 * else needs as they are. The planner makes patches of it as of any other wish, so that order, phones and verbs are as always. Pure.
 * A switch belongs to a number, so that it goes back only with the number it was sent for.
 * What would surprise: a number that comes back is stopped at once where a reading wants it stopped; a contact that was created is
 * deactivated, never deleted, and only if nothing of it was changed since.
 */
import {
  type CanonicalValue,
  findField,
  isRestricting,
  phoneOrdinals,
  type Sends,
  toMirrorCanonical,
} from '../contact/index.ts';
import type { SentChange, SentContact, UnrevertedReason } from '../store/index.ts';
import {
  type FieldHistory,
  isTurnedSince,
  judgeField,
  type Since,
  type Today,
  toHistories,
  toShown,
} from './sent-history.ts';
import { findStopReason, isNumberStopped, type Words } from './wanted-stops.ts';

export type RevertContext = Today & {
  /** Which of the contact's words is that of the plan's own system of record; undefined: no reading of it is kept. */
  readonly ownReading: number | undefined;
};

export type RevertChoice = {
  /** What the contact should be again; empty: nothing is to be done. */
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  /** The contact was created by the plan, and is to be deactivated. */
  readonly deactivates: boolean;
  /** What stays as it is though it changed. */
  readonly left: readonly { readonly field: string; readonly reason: UnrevertedReason }[];
};

type Mirror = NonNullable<SentContact['mirror']>;

type Situation = {
  readonly mirror: Mirror;
  readonly patches: readonly SentChange[];
  readonly histories: ReadonlyMap<string, FieldHistory>;
  readonly words: Words;
  readonly since: Since;
};

/** What becomes of a phone's number: it stays, comes back, goes without another, or somebody else changed it. */
type Place = { readonly kind: 'stays' | 'returns' | 'empties' | 'touched'; readonly number: CanonicalValue };

type Writable = {
  -readonly [K in 'fields' | 'left']: K extends 'fields'
    ? Record<string, CanonicalValue>
    : RevertChoice['left'][number][];
};

const nothing: RevertChoice = { fields: {}, deactivates: false, left: [] };
const suffixes = ['Block', 'BlockDaily', 'CellConsent', 'SmsConsent'] as const;
type Suffix = (typeof suffixes)[number];

export function chooseRevert(contact: SentContact, context: RevertContext): RevertChoice {
  const { mirror } = contact;
  const isDeleted = contact.patches.some(({ operation }) => operation === 'delete');
  const patches = contact.patches.filter(({ operation }) => operation !== 'delete');
  if (mirror === undefined) return isDeleted ? leave(['account'], 'deleted') : leaveGone(patches);
  const creation = patches.find(({ operation }) => operation === 'create');
  if (creation !== undefined) return chooseCreated(creation, mirror);
  const histories = toHistories(patches, context);
  if (patches.some(({ lvAccountId }) => isAnother(lvAccountId, mirror)))
    return leave([...histories.keys()], 'touched_since');
  const { ownReading } = context;
  const words: Words = {
    isRead: ownReading !== undefined,
    own: ownReading === undefined ? null : (contact.words[ownReading] ?? null),
    all: contact.words.filter((word) => word !== null),
    shown: mirror.values,
  };
  return chooseFields({ mirror, patches, histories, words, since: contact });
}

function leave(fields: readonly string[], reason: UnrevertedReason): RevertChoice {
  return { ...nothing, left: fields.map((field) => ({ field, reason })) };
}

/** A contact that was to be created and is not there is as it was before. */
function leaveGone(patches: readonly SentChange[]): RevertChoice {
  const changed = patches
    .filter(({ operation }) => operation !== 'create')
    .flatMap(({ changes }) => Object.keys(changes));
  return leave([...new Set(changed)], 'gone');
}

/** Deleted by somebody and made anew. */
function isAnother(lvAccountId: string | null, mirror: Mirror): boolean {
  return lvAccountId !== null && mirror.lvAccountId !== undefined && lvAccountId !== mirror.lvAccountId;
}

function chooseCreated({ changes }: SentChange, { values }: Mirror): RevertChoice {
  if (toShown('active', values['active']) !== 'true') return nothing;
  const touched = Object.entries(changes).filter(
    // A daily block ends by itself.
    ([field, [, to]]) => !field.endsWith('BlockDaily') && toShown(field, values[field]) !== toShown(field, to),
  );
  if (touched.length === 0) return { ...nothing, deactivates: true };
  return leave(
    touched.map(([field]) => field),
    'touched_since',
  );
}

function chooseFields(situation: Situation): RevertChoice {
  const choice: Writable = { fields: {}, left: [] };
  for (const [field, history] of situation.histories) {
    if (isOfPhone(field)) continue;
    const state = judgeField(field, history, situation.mirror.values[field]);
    if (state === 'touched') choice.left.push({ field, reason: 'touched_since' });
    else if (state === 'ours') say(choice, situation, field, history.from, undefined);
  }
  for (const ordinal of phoneOrdinals) choosePhone(choice, situation, `phone${ordinal}`);
  return { ...choice, deactivates: false };
}

function isOfPhone(field: string): boolean {
  return findField(field)?.ordinal !== undefined;
}

/** Asks for a value, unless that would take away a stop that has to stay, or that is not ours any more. `number`: whose switch it is. */
function say(
  choice: Writable,
  { words, since, mirror }: Situation,
  field: string,
  value: CanonicalValue,
  number: CanonicalValue | undefined,
): void {
  const frees = findField(field)?.type === 'boolean' && !isRestricting(field, value);
  const reason = frees
    ? (findStopReason(words, field, number) ??
      (isTurnedSince(field, since, mirror.values[field] ?? null) ? 'touched_since' : undefined))
    : undefined;
  if (reason === undefined) choice.fields[field] = value;
  else choice.left.push({ field, reason });
}

/** The number of a place, and its switches with it. */
function choosePhone(choice: Writable, situation: Situation, phone: string): void {
  const place = toPlace(situation, phone);
  if (situation.histories.has(phone)) {
    if (place.kind === 'touched') choice.left.push({ field: phone, reason: 'touched_since' });
    else if (place.kind !== 'stays') choice.fields[phone] = place.number;
  }
  for (const suffix of suffixes) {
    const history = situation.histories.get(phone + suffix);
    if (history !== undefined) chooseSwitch(choice, situation, { phone, suffix, place, history });
  }
  if (place.kind === 'returns') stopReturning(choice, situation, phone, place.number);
}

type Switch = {
  readonly phone: string;
  readonly suffix: Suffix;
  readonly place: Place;
  readonly history: FieldHistory;
};

function chooseSwitch(choice: Writable, situation: Situation, one: Switch): void {
  const { phone, suffix, place, history } = one;
  const field = phone + suffix;
  const state = judgeField(field, history, situation.mirror.values[field]);
  // What is left of a number that goes means nothing.
  if (place.kind === 'empties' || (place.kind !== 'returns' && state === 'back')) return;
  if (state === 'touched' || place.kind === 'touched' || isStoppedElsewhere(situation, one)) {
    choice.left.push({ field, reason: 'touched_since' });
  } else say(choice, situation, field, history.from, place.number);
}

function toPlace(situation: Situation, phone: string): Place {
  const { mirror, patches, histories } = situation;
  const shown = mirror.values[phone] ?? null;
  const history = histories.get(phone);
  if (history !== undefined) {
    const state = judgeField(phone, history, shown);
    if (state === 'back') return { kind: 'stays', number: shown };
    if (state === 'touched' || isStoppedHere(situation, phone)) return { kind: 'touched', number: shown };
    return { kind: history.from === null ? 'empties' : 'returns', number: history.from };
  }
  const sent = patches.map(({ sends }) => sends[phone]).findLast((number) => number !== undefined);
  const field = findField(phone);
  const isSame = sent != null && field !== undefined && toMirrorCanonical(field, sent) === shown;
  return { kind: isSame ? 'stays' : 'touched', number: shown };
}

/** Whether somebody else has stopped the number that we put here. It must not go, or the stop would go with it. */
function isStoppedHere(situation: Situation, phone: string): boolean {
  return situation.mirror.values[phone] != null && suffixes.some((suffix) => isForeignStop(situation, phone, suffix));
}

/** A number that stands elsewhere as well, or comes back from there, and that somebody else stopped there, must not be freed here. */
function isStoppedElsewhere(situation: Situation, { phone, suffix, place, history }: Switch): boolean {
  if (place.number === null || isRestricting(phone + suffix, history.from)) return false;
  return phoneOrdinals.some((ordinal) => {
    const home = `phone${ordinal}`;
    if (home === phone || situation.mirror.values[home] !== place.number) return false;
    return toAlike(suffix).some((one) => isForeignStop(situation, home, one));
  });
}

/** A lasting and a daily block stop a number alike. */
function toAlike(suffix: Suffix): readonly Suffix[] {
  return suffix === 'Block' || suffix === 'BlockDaily' ? ['Block', 'BlockDaily'] : [suffix];
}

/**
 * A stop that no step of ours has set. What we left the switches of a number at is in the request that brought it: blocks only where they are
 * on, consents always.
 */
function isForeignStop({ mirror, patches, histories }: Situation, phone: string, suffix: Suffix): boolean {
  const field = phone + suffix;
  if (!isRestricting(field, toShown(field, mirror.values[field]))) return false;
  if (histories.get(field)?.tos.some((to) => isRestricting(field, to)) === true) return false;
  const arrival = patches.findLast(({ changes }) => changes[phone] !== undefined);
  return arrival === undefined || !isRestrictedBy(arrival.sends, phone, suffix);
}

function isRestrictedBy(sends: Sends, phone: string, suffix: Suffix): boolean {
  const verb = sends[`${phone}Block`];
  if (suffix === 'Block') return verb === 'PERMANENT' || verb === 'BOTH';
  if (suffix === 'BlockDaily') return verb === 'DAILY' || verb === 'BOTH';
  return sends[phone + suffix] !== 'true';
}

function stopReturning(choice: Writable, { words }: Situation, phone: string, number: CanonicalValue): void {
  if (number === null) return;
  for (const suffix of suffixes) {
    if (isNumberStopped(words, number, suffix))
      choice.fields[phone + suffix] = suffix.startsWith('Block') ? 'true' : 'false';
  }
}

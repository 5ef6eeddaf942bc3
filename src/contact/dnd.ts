/**
 * Do-not-dial: what a sent verb does to a person's state, and which verbs bring the state to what is wanted.
 * Two phases, blocks first and lifts last: a block verb only ever sets bits, a lift verb only ever clears bits that are
 * wanted false, so whoever is wanted blocked is never diallable in between, from whatever state they may be in by now.
 * What would surprise: a block that the mirror shows already is sent again when a lift follows it, because
 * the mirror may be out of date and lifting the other bit would then leave the person open.
 * Vendor fact: the DND table; DAILY ends with the client's day and leaves no `modifyDate`.
 */
import { toLocalDate } from './zone.ts';

/** The two blocks of an account or of a phone, as LiveVox names their combinations. */
export type DndState = 'NONE' | 'DAILY' | 'PERMANENT' | 'BOTH';

/** What a write may send in `accountBlock` and `phoneBlock`. */
export type DndVerb = DndState | 'DAILY_OFF' | 'PERMANENT_OFF';

export type DndBits = { readonly permanent: boolean; readonly daily: boolean };

/** What the system of record says of each bit; undefined: it does not say, so the bit is not ours to touch. */
export type WantedDnd = { readonly permanent?: boolean | undefined; readonly daily?: boolean | undefined };

export const dndStates = ['NONE', 'DAILY', 'PERMANENT', 'BOTH'] as const satisfies readonly DndState[];
export const dndVerbs = [...dndStates, 'DAILY_OFF', 'PERMANENT_OFF'] as const satisfies readonly DndVerb[];

/** The vendor's table: sent verb → current state → new state. */
const table: Readonly<Record<DndVerb, Readonly<Record<DndState, DndState>>>> = {
  DAILY: { DAILY: 'DAILY', PERMANENT: 'BOTH', NONE: 'DAILY', BOTH: 'BOTH' },
  PERMANENT: { DAILY: 'BOTH', PERMANENT: 'PERMANENT', NONE: 'PERMANENT', BOTH: 'BOTH' },
  NONE: { DAILY: 'NONE', PERMANENT: 'NONE', NONE: 'NONE', BOTH: 'NONE' },
  BOTH: { DAILY: 'BOTH', PERMANENT: 'BOTH', NONE: 'BOTH', BOTH: 'BOTH' },
  DAILY_OFF: { DAILY: 'NONE', PERMANENT: 'PERMANENT', NONE: 'NONE', BOTH: 'PERMANENT' },
  PERMANENT_OFF: { DAILY: 'DAILY', PERMANENT: 'NONE', NONE: 'NONE', BOTH: 'DAILY' },
};

/** The state after LiveVox has taken `verb`. */
export function applyDnd(verb: DndVerb, state: DndState): DndState {
  return table[verb][state];
}

export function toDndState({ permanent, daily }: DndBits): DndState {
  if (permanent) return daily ? 'BOTH' : 'PERMANENT';
  return daily ? 'DAILY' : 'NONE';
}

export function toDndBits(state: DndState): DndBits {
  return { permanent: state === 'PERMANENT' || state === 'BOTH', daily: state === 'DAILY' || state === 'BOTH' };
}

/**
 * The verb of the block phase, or undefined when none is needed: it sets every bit that is wanted true, when the mirror
 * (`current`) misses one of them or when a lift of the other bit will follow.
 */
export function chooseBlockVerb(wanted: WantedDnd, current: DndState): DndVerb | undefined {
  const shown = toDndBits(current);
  const set: DndBits = { permanent: wanted.permanent === true, daily: wanted.daily === true };
  const isMissing = (set.permanent && !shown.permanent) || (set.daily && !shown.daily);
  if (!isMissing && chooseLiftVerb(wanted, current) === undefined) return undefined;
  const verb = toDndState(set);
  return verb === 'NONE' ? undefined : verb;
}

/**
 * The verb of the lift phase, or undefined when the mirror (`current`) shows no bit that is wanted false. NONE only when
 * both bits are wanted false: then it is right from every state, while the two single verbs are not.
 */
export function chooseLiftVerb(wanted: WantedDnd, current: DndState): DndVerb | undefined {
  const shown = toDndBits(current);
  const clear: DndBits = { permanent: wanted.permanent === false, daily: wanted.daily === false };
  const isLeft = (clear.permanent && shown.permanent) || (clear.daily && shown.daily);
  if (!isLeft) return undefined;
  if (clear.permanent && clear.daily) return 'NONE';
  return clear.permanent ? 'PERMANENT_OFF' : 'DAILY_OFF';
}

/** Whether a DAILY block that was read at `readAt` still holds: not once the client's day has changed since. */
export function isDailyInForce(readAt: Date, now: Date, timeZone: string): boolean {
  return toLocalDate(readAt, timeZone) >= toLocalDate(now, timeZone);
}

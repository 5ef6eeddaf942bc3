/**
 * Whether one contact differs between LiveVox and the mirror, in which fields, and why. Pure. A field that LiveVox's answer does not say is
 * not known, never different. What LiveVox changed after the last pull is no drift: the next pull brings it.
 */
import { type CanonicalValue, startOfDay, toLocalDate } from '../contact/index.ts';

/** A contact as LiveVox shows it now. */
export type ShownContact = {
  readonly account: string;
  /** Canonical values of the fields that the answer says. */
  readonly values: Readonly<Record<string, CanonicalValue>>;
  readonly modifyDate: Date | undefined;
};

/** The same contact as the mirror holds it. */
export type HeldContact = {
  readonly values: Readonly<Record<string, CanonicalValue>>;
  readonly modifyDate: Date | null;
  readonly isTombstone: boolean;
  /** When we last wrote to it, by LiveVox's clock where it is known; null: never. */
  readonly ownWriteAt: Date | null;
};

export type DriftCause = 'late_commit' | 'missed_window' | 'silent_change' | 'rolled_back' | 'vanished' | 'altered';

export type Finding =
  | { readonly kind: 'same' }
  /** Neither side has it. */
  | { readonly kind: 'unknown' }
  /** Changed in LiveVox since the last pull. */
  | { readonly kind: 'not_pulled' }
  | { readonly kind: 'drift'; readonly cause: DriftCause; readonly fields: readonly string[] };

export type FindingInput = {
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** What LiveVox changed later, a pull need not have seen. */
  readonly settledUntil: Date;
  readonly isCovered: (at: Date) => boolean;
};

/** LiveVox's clock in an answer is in whole seconds, and not that of its database. */
const graceMs = 5_000;
/** Some answers and some downloads leave out the fraction. */
const secondMs = 1_000;

export function findCause(
  shown: ShownContact | undefined,
  held: HeldContact | undefined,
  input: FindingInput,
): Finding {
  const isHeld = held !== undefined && !held.isTombstone;
  if (shown === undefined) return isHeld ? { kind: 'drift', cause: 'vanished', fields: [] } : { kind: 'unknown' };
  const fields = isHeld ? listDifferent(shown.values, held.values) : [];
  const order = isHeld ? compareMoments(shown.modifyDate, held.modifyDate, input.timeZone) : 'later';
  if (fields.length === 0 && (order === 'same' || order === 'unknown')) return { kind: 'same' };
  const at = shown.modifyDate;
  if (at !== undefined && order === 'later' && at > input.settledUntil) return { kind: 'not_pulled' };
  const drift = (cause: DriftCause): Finding => ({ kind: 'drift', cause, fields });
  if (isHeld && fields.length > 0 && isOurs(at, held.ownWriteAt)) return drift('altered');
  if (order === 'earlier') return drift('rolled_back');
  if (order === 'later') return drift(at === undefined || input.isCovered(at) ? 'late_commit' : 'missed_window');
  return drift('silent_change');
}

function listDifferent(shown: ShownContact['values'], held: HeldContact['values']): readonly string[] {
  return Object.keys(shown).filter((field) => {
    const value = held[field];
    return value !== undefined && (value ?? null) !== (shown[field] ?? null) && !(isOff(value) && isOff(shown[field]));
  });
}

/** An empty switch is off. */
function isOff(value: CanonicalValue | undefined): boolean {
  return value === null || value === 'false';
}

/** LiveVox says that nobody has changed the contact since our own write. */
function isOurs(at: Date | undefined, ownWriteAt: Date | null): boolean {
  return at !== undefined && ownWriteAt !== null && at.getTime() <= ownWriteAt.getTime() + graceMs;
}

type Order = 'earlier' | 'same' | 'later' | 'unknown';

/** A modifyDate that the mirror has as a day alone is the same as any moment of that day. */
function compareMoments(shown: Date | undefined, held: Date | null, timeZone: string): Order {
  if (shown === undefined || held === null) return 'unknown';
  const isDayAlone = startOfDay(toLocalDate(held, timeZone), timeZone).getTime() === held.getTime();
  if (isDayAlone && toLocalDate(shown, timeZone) === toLocalDate(held, timeZone)) return 'same';
  const apart = shown.getTime() - held.getTime();
  if (Math.abs(apart) < secondMs) return 'same';
  return apart > 0 ? 'later' : 'earlier';
}

/**
 * What a plan made of one contact, field by field: what was there before its first step, and what each step that was sent brought. Pure.
 * A daily block ends with the client's day: one that was there on another day is not there to come back.
 */
import { type CanonicalValue, type Changes, findField, isDailyInForce, type Sends } from '../contact/index.ts';

/** A patch as far as a history needs it. */
export type SentStep = {
  readonly changes: Changes;
  readonly sends: Sends;
  /** When the row was merged that it was planned from, ISO 8601; null for a create. */
  readonly readAt: string | null;
};

export type FieldHistory = {
  /** Before the first step. */
  readonly from: CanonicalValue;
  /** After each step that changed it. */
  readonly tos: readonly CanonicalValue[];
};

/** How a field stands now: as it was before, as we made it, or as neither. */
export type FieldState = 'back' | 'ours' | 'touched';

export type Today = {
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
};

/** The histories of all fields that the steps changed, by name. `steps` in the order of sending. */
export function toHistories(steps: readonly SentStep[], today: Today): ReadonlyMap<string, FieldHistory> {
  const histories = new Map<string, FieldHistory>();
  for (const { changes, readAt } of steps) {
    for (const [field, [from, to]] of Object.entries(changes)) {
      const known = histories.get(field);
      const first = known === undefined ? toBefore(field, from, readAt, today) : known.from;
      histories.set(field, { from: first, tos: [...(known?.tos ?? []), toShown(field, to)] });
    }
  }
  return histories;
}

function toBefore(
  field: string,
  from: CanonicalValue,
  readAt: string | null,
  { now, timeZone }: Today,
): CanonicalValue {
  const value = toShown(field, from);
  if (value !== 'true' || !field.endsWith('BlockDaily') || readAt === null) return value;
  return isDailyInForce(new Date(readAt), now, timeZone) ? value : 'false';
}

/** `shown` is what the mirror has. */
export function judgeField(field: string, { from, tos }: FieldHistory, shown: CanonicalValue | undefined): FieldState {
  const value = toShown(field, shown);
  if (value === from) return 'back';
  return tos.includes(value) ? 'ours' : 'touched';
}

/** An empty yes/no field means no. */
export function toShown(field: string, value: CanonicalValue | undefined): CanonicalValue {
  return value ?? (findField(field)?.type === 'boolean' ? 'false' : null);
}

/**
 * What a plan made of one contact, field by field: what was there before its first step, and what each step that was sent brought. Pure.
 * A daily block ends with the client's day: one that was there on another day is not there to come back.
 */
import { type CanonicalValue, type Changes, findField, isDailyInForce, type Sends } from '../contact/index.ts';
import type { HeldVersion, SentChange } from '../store/index.ts';

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

/** What is known of a contact since the plan. */
export type Since = {
  readonly patches: readonly (Pick<SentStep, 'changes'> & Pick<SentChange, 'isConfirmed' | 'judgedAt'>)[];
  readonly laterFields: readonly string[];
  readonly versions: readonly HeldVersion[];
};

/**
 * Whether a switch that shows what the plan made of it was turned away and back since, or was turned by somebody else: a later plan had to do with
 * it, or the mirror has shown something else after the plan had been judged. Then it is not ours to turn back, though its value is.
 */
export function isTurnedSince(
  field: string,
  { patches, laterFields, versions }: Since,
  shown: CanonicalValue,
): boolean {
  if (laterFields.includes(field)) return true;
  const last = patches.findLast(({ changes }) => changes[field] !== undefined);
  if (last === undefined) return false;
  const judgedAt = Date.parse(last.judgedAt);
  return versions
    .filter(({ values }) => toShown(field, values[field]) !== toShown(field, shown))
    .some(({ mergedAt, knownUntil, pushedFields }) => {
      if (Date.parse(mergedAt) > judgedAt) return true;
      // A keyed read may confirm before the mirror sees it. What was not there when it was judged came later: from us, or from somebody else.
      return !last.isConfirmed && Date.parse(knownUntil) > judgedAt && pushedFields?.includes(field) !== true;
    });
}

/** An empty yes/no field means no. */
export function toShown(field: string, value: CanonicalValue | undefined): CanonicalValue {
  return value ?? (findField(field)?.type === 'boolean' ? 'false' : null);
}

/**
 * The columns of mirror.contacts that a plan or a verdict reads, as a select list of canonical text.
 * Column names come from the field catalogue alone, never from input.
 */

import type { CanonicalValue } from '../contact/index.ts';
import { type ContactField, contactFields, isDailyInForce, toMirrorCanonical } from '../contact/index.ts';

/** Fields that a bulk write or a DND call can carry, but for the key. */
const plannedFields: readonly ContactField[] = contactFields.filter(
  (field) => field.writable && field.name !== 'account',
);

/** `m.due_date::text as "dueDate", …` for the alias `m`. */
export const mirrorColumns: string = plannedFields
  .map((field) => `m.${field.column}::text as "${field.name}"`)
  .join(', ');

export type MirrorColumns = Readonly<Record<string, string | null>>;

export type MirrorValues = {
  readonly values: Readonly<Record<string, CanonicalValue>>;
  readonly rawPhones: Readonly<Record<string, CanonicalValue>>;
};

/**
 * Canonical values of a selected row. A daily block counts only on the client's own day it was read:
 * it ends with the day, without a change of modifyDate.
 */
export function toMirrorValues(row: MirrorColumns, readAt: Date, now: Date, timeZone: string): MirrorValues {
  const values: Record<string, CanonicalValue> = {};
  const rawPhones: Record<string, CanonicalValue> = {};
  const daily = isDailyInForce(readAt, now, timeZone);
  for (const field of plannedFields) {
    const text = row[field.name] ?? null;
    const value = toMirrorCanonical(field, text);
    values[field.name] = field.name.endsWith('BlockDaily') && !daily ? 'false' : value;
    if (field.ordinal !== undefined && field.type === 'text') rawPhones[field.name] = text;
  }
  return { values, rawPhones };
}

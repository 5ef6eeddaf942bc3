/**
 * The columns of mirror.contacts that a plan or a verdict reads, as a select list of canonical text.
 * Column names come from the field catalogue alone, never from input.
 */

import {
  type CanonicalValue,
  type ContactField,
  type CustomDataType,
  contactFields,
  isDailyInForce,
  toMirrorCanonical,
} from '../contact/index.ts';

/** Fields that a bulk write or a DND call can carry, but for the key. */
const plannedFields: readonly ContactField[] = contactFields.filter(
  (field) => field.writable && field.name !== 'account',
);

/** All of them but custom fields that are not among `names`: a client has a hundred, and maps a few. */
export function toPlannedFields(names: ReadonlySet<string>): readonly ContactField[] {
  return plannedFields.filter((field) => !field.custom || names.has(field.name));
}

/** `m.due_date::text as "dueDate", …` for the alias `m`. */
export function listMirrorColumns(fields: readonly ContactField[]): string {
  return fields.map((field) => `m.${field.column}::text as "${field.name}"`).join(', ');
}

/** The columns of every field that can be written. */
export const mirrorColumns: string = listMirrorColumns(plannedFields);

export type MirrorColumns = Readonly<Record<string, string | null>>;

export type MirrorValues = {
  readonly values: Readonly<Record<string, CanonicalValue>>;
  readonly rawPhones: Readonly<Record<string, CanonicalValue>>;
};

/** How the mirror's text is read. */
export type MirrorReading = {
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** Of the client's custom fields, by COLn. */
  readonly dataTypes: DataTypes;
};

export type DataTypes = Readonly<Record<string, CustomDataType>>;

/**
 * Canonical values of a selected row. A daily block counts only on the client's own day it was read:
 * it ends with the day, without a change of modifyDate.
 */
export function toMirrorValues(
  row: MirrorColumns,
  readAt: Date,
  { now, timeZone, dataTypes }: MirrorReading,
  fields: readonly ContactField[] = plannedFields,
): MirrorValues {
  const values: Record<string, CanonicalValue> = {};
  const rawPhones: Record<string, CanonicalValue> = {};
  let isDaily: boolean | undefined;
  for (const field of fields) {
    const text = row[field.name] ?? null;
    let value = toMirrorCanonical(field, text, dataTypes[field.name], timeZone);
    if (value === 'true' && field.name.endsWith('BlockDaily')) {
      isDaily ??= isDailyInForce(readAt, now, timeZone);
      if (!isDaily) value = 'false';
    }
    values[field.name] = value;
    if (field.ordinal !== undefined && field.type === 'text') rawPhones[field.name] = text;
  }
  return { values, rawPhones };
}

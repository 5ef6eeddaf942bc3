/**
 * One spelling per meaning, so that two values of a field are equal when their canonical texts are the same, whichever
 * side they come from. `toCanonical` is strict, for the system of record: what it cannot read it refuses.
 * `toMirrorCanonical` is for what LiveVox already holds: it never fails, since a value LiveVox accepted must still be
 * compared; text it cannot read stays as it is. The canonical text is what is sent. Reasons never contain the value: they
 * reach logs and reports. Which spellings are one: docs/values.md.
 */
import { toBoolean } from './boolean.ts';
import { accept, type CanonicalResult, refuse } from './canonical-result.ts';
import { type CustomDataType, toCustomValue } from './custom-value.ts';
import { toDay, toTime } from './day.ts';
import { toBigint, toInteger, toNumber, toNumberText } from './decimal.ts';
import { type ContactField, contactFields, type FieldType } from './fields.ts';
import type { CanonicalValue } from './patch.ts';
import { isPhoneNumberField, toPhone } from './phones.ts';
import { findTextProblem, toPlainText } from './plain-text.ts';
import { toEmail, toSsn, toZipCode } from './spelling.ts';
import { toState } from './states.ts';

export type CanonicalOptions = {
  /** IANA zone of the client: zone-less times are in it, and it decides on which day an instant falls. */
  readonly timeZone: string;
  /** The data type of a custom field; without it the field is text. Other fields have their own. */
  readonly dataType?: CustomDataType | undefined;
};

/** Plain text that is not empty → its canonical value. */
type Reader = (text: string, timeZone: string, dataType: CustomDataType | undefined) => CanonicalResult;

/** Raised whenever a text gets another canonical value than before: what was computed from former ones is then out of date. */
export const canonicalVersion = 1;

const byType: Readonly<Record<FieldType, Reader>> = {
  text: accept,
  integer: toInteger,
  bigint: toBigint,
  numeric: toNumber,
  boolean: toBoolean,
  date: toDay,
  timestamp: toTime,
};
const byName: Readonly<Record<string, Reader>> = {
  account: toAccount,
  email: toEmail,
  ssn: toSsn,
  state: toState,
  zipCode: toZipCode,
};

/** By position of the field: which reader it has is decided once. */
const readers: readonly Reader[] = contactFields.map(chooseReader);
/** LiveVox may hold more digits than we would send. */
const mirrorReaders: readonly Reader[] = contactFields.map((field) =>
  field.type === 'numeric' ? toNumberText : chooseReader(field),
);

/**
 * Text from a system of record → the canonical value of that field, or the reason why it is none. An empty text is
 * null, except for the account. Reasons read on after the field's name: `phone1: not a phone number of 10 digits`.
 */
export function toCanonical(field: ContactField, raw: string, options: CanonicalOptions): CanonicalResult {
  const problem = findTextProblem(raw);
  if (problem !== undefined) return refuse(problem);
  const text = toPlainText(raw);
  if (text === '' && field.name !== 'account') return accept(null);
  return toReader(readers, field)(text, options.timeZone, options.dataType);
}

/**
 * What the mirror holds, as Postgres prints it (or `to_jsonb(…)#>>'{}'`), → the canonical value. Never fails. `dataType` is
 * that of a custom field; `timeZone` the client's, which matters only to a custom date that LiveVox shows as an instant.
 */
export function toMirrorCanonical(
  field: ContactField,
  value: string | null,
  dataType?: CustomDataType,
  timeZone = 'UTC',
): CanonicalValue {
  if (value === null) return null;
  const text = toPlainText(value);
  if (text === '') return null;
  const result = toReader(mirrorReaders, field)(text, timeZone, dataType);
  return result.ok ? result.value : text;
}

function chooseReader(field: ContactField): Reader {
  if (field.custom) return toCustomValue;
  return isPhoneNumberField(field) ? toPhone : (byName[field.name] ?? byType[field.type]);
}

function toReader(from: readonly Reader[], field: ContactField): Reader {
  return from[field.position] ?? chooseReader(field);
}

function toAccount(text: string): CanonicalResult {
  if (text === '') return refuse('empty');
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return refuse('contains a control character or a line break');
  return accept(text);
}

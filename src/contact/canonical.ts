/**
 * One spelling per meaning, so that two values of a field are equal when their canonical texts are the same, whichever
 * side they come from. `toCanonical` is strict, for the system of record: what it cannot read it refuses.
 * `toMirrorCanonical` is for what LiveVox already holds: it never fails, since a value LiveVox accepted must still be
 * compared; text it cannot read stays as it is. Reasons never contain the value: they reach logs and reports.
 */
import type { ContactField } from './fields.ts';
import { type Moment, parseMoment } from './moment.ts';
import type { CanonicalValue } from './patch.ts';
import { isPhoneNumberField, parsePhoneNumber } from './phones.ts';
import { toInstant, toLocalDate } from './zone.ts';

export type CanonicalResult =
  | { readonly ok: true; readonly value: CanonicalValue }
  | { readonly ok: false; readonly reason: string };

export type CanonicalOptions = {
  /** IANA zone of the client: zone-less times are in it, and it decides on which day an instant falls. */
  readonly timeZone: string;
};

/** Custom fields hold at most this many characters, counted as LiveVox's platform counts (UTF-16 units). */
const maxCustomLength = 255;
/** LiveVox takes numbers as JSON numbers; more digits than a double holds would arrive as another number. */
const maxSignificantDigits = 15;

const dateForms = 'MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms';
const maxInteger = 2_147_483_647n;
const maxBigint = 9_223_372_036_854_775_807n;

const spellings = new Map<string, 'true' | 'false'>([
  ...['true', 't', 'yes', 'y', '1', 'on'].map((word) => [word, 'true'] as const),
  ...['false', 'f', 'no', 'n', '0', 'off'].map((word) => [word, 'false'] as const),
]);

/**
 * Text from a system of record → the canonical value of that field, or the reason why it is none. An empty text is
 * null, except for the account. Reasons read on after the field's name: `phone1: not a phone number of 10 digits`.
 */
export function toCanonical(field: ContactField, raw: string, options: CanonicalOptions): CanonicalResult {
  if (raw.includes('\0')) return refuse('contains a NUL character');
  if (!raw.isWellFormed()) return refuse('contains a broken Unicode character');
  const text = toPlainText(raw);
  if (field.name === 'account') return toAccount(text);
  if (text === '') return accept(null);
  return convert(field, text, options);
}

/** What the mirror holds, as Postgres prints it (or `to_jsonb(…)#>>'{}'`), → the canonical value. Never fails. */
export function toMirrorCanonical(field: ContactField, value: string | null): CanonicalValue {
  const text = toPlainText(value ?? '');
  if (text === '') return null;
  if (field.type === 'numeric') return formatDecimal(text) ?? text;
  // UTC: the mirror's dates have no zone and its timestamps name theirs.
  const result = convert(field, text, { timeZone: 'UTC' });
  return result.ok ? result.value : text;
}

function convert(field: ContactField, text: string, options: CanonicalOptions): CanonicalResult {
  switch (field.type) {
    case 'text':
      return isPhoneNumberField(field) ? toPhone(text) : toText(field, text);
    case 'integer':
      return toWholeNumber(text, maxInteger);
    case 'bigint':
      return toWholeNumber(text, maxBigint);
    case 'numeric':
      return toDecimal(text);
    case 'boolean':
      return toBoolean(text);
    case 'date':
      return toDate(text, options.timeZone);
    case 'timestamp':
      return toTimestamp(text, options.timeZone);
  }
}

function toPlainText(raw: string): string {
  return raw.normalize('NFC').trim();
}

function toAccount(text: string): CanonicalResult {
  if (text === '') return refuse('empty');
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return refuse('contains a control character or a line break');
  return accept(text);
}

function toText(field: ContactField, text: string): CanonicalResult {
  if (field.custom && text.length > maxCustomLength) {
    return refuse(`longer than the ${maxCustomLength} characters of a custom field`);
  }
  return accept(text);
}

function toPhone(text: string): CanonicalResult {
  const digits = parsePhoneNumber(text);
  return digits === undefined ? refuse('not a phone number of 10 digits') : accept(digits);
}

function toWholeNumber(text: string, max: bigint): CanonicalResult {
  if (!/^[+-]?\d{1,30}$/.test(text)) return refuse('not a whole number');
  const number = BigInt(text.replace('+', ''));
  return number > max || number < -max - 1n ? refuse('a whole number out of range') : accept(number.toString());
}

function toDecimal(text: string): CanonicalResult {
  const decimal = formatDecimal(text);
  if (decimal === undefined) return refuse('not a plain decimal number (digits, at most one point, no separators)');
  const digits = decimal.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length > maxSignificantDigits
    ? refuse(`a number of more than ${maxSignificantDigits} digits`)
    : accept(decimal);
}

/** `+0100.50` → `100.5`, `-0` → `0`, `.5` → `0.5`; text to text, so that no float rounds it. */
function formatDecimal(text: string): string | undefined {
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const integer = whole.replace(/^0+(?=\d)/, '') || '0';
  const decimals = fraction.replace(/0+$/, '');
  const size = decimals === '' ? integer : `${integer}.${decimals}`;
  return sign === '-' && size !== '0' ? `-${size}` : size;
}

function toBoolean(text: string): CanonicalResult {
  const value = spellings.get(text.toLowerCase());
  return value === undefined ? refuse('neither yes nor no') : accept(value);
}

function toDate(text: string, timeZone: string): CanonicalResult {
  const moment = parseMoment(text);
  const day = moment === undefined ? undefined : formatDay(moment, timeZone);
  // Read again, because a change of zone can leave the years that are taken for real.
  return day === undefined || parseMoment(day) === undefined
    ? refuse(`not a calendar date (${dateForms})`)
    : accept(day);
}

function toTimestamp(text: string, timeZone: string): CanonicalResult {
  const moment = parseMoment(text);
  const time = moment === undefined ? undefined : formatInstant(moment, timeZone);
  return time === undefined || parseMoment(time) === undefined ? refuse(`not a time (${dateForms})`) : accept(time);
}

function formatInstant(moment: Moment, timeZone: string): string {
  return (moment.kind === 'instant' ? moment.at : toInstant(moment.parts, timeZone)).toISOString();
}

/** A zone-less reading keeps its own day; an instant gets the day it falls on in the client's zone. */
function formatDay(moment: Moment, timeZone: string): string {
  if (moment.kind === 'instant') return toLocalDate(moment.at, timeZone);
  const { year, month, day } = moment.parts;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function accept(value: CanonicalValue): CanonicalResult {
  return { ok: true, value };
}

function refuse(reason: string): CanonicalResult {
  return { ok: false, reason };
}

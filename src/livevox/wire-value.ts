/**
 * One canonical value → the JSON value a write carries: booleans and numbers as such, dates as the milliseconds of midnight in
 * the tenant's zone (as the vendor's examples show them), DND verbs as they are.
 * An empty text goes out as "": that "" clears and null leaves alone is our assumption. An empty number, date or boolean cannot
 * be said at all; a plan that lets one through is a programming error, and so is a field that no write has.
 */
import { type CanonicalValue, type ContactField, dndVerbs, findField, startOfDay } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import type { JsonValue, WirePhone } from './wire.ts';

const verbs: ReadonlySet<string> = new Set(dndVerbs);

/** More digits than this do not survive as a JSON number. */
const maxSignificantDigits = 15;

/** The field a write may carry. @throws FatalError when LiveVox has none of that name, or it is read-only. */
export function assertWritable(name: string): ContactField {
  const field = findField(name);
  if (field?.writable !== true) throw new FatalError(`"${name}" cannot be written: leave it out of the patch`);
  if (name.endsWith('BlockDaily')) {
    throw new FatalError(
      `"${name}" is no field of a write: the verb in "${name.slice(0, -'Daily'.length)}" covers both blocks`,
    );
  }
  return field;
}

/** @throws FatalError when the value cannot be expressed; the message names the field, never the value. */
export function toWireValue(field: ContactField, value: CanonicalValue, timeZone: string): JsonValue {
  if (/Block$/.test(field.name)) return toVerb(field, value);
  if (field.type === 'text') return value ?? '';
  if (value === null) throw inexpressible(field, 'cleared');
  switch (field.type) {
    case 'boolean':
      return toBoolean(field, value);
    case 'date':
      return toMidnightMs(field, value, timeZone);
    case 'integer':
    case 'bigint':
    case 'numeric':
      return toNumber(field, value);
    default:
      throw inexpressible(field, 'written');
  }
}

/** Which part of a phone a column is: `phone3SmsConsent` → `smsConsent`; undefined for other columns. */
export function toPhonePart(name: string): Exclude<keyof WirePhone, 'ordinal'> | undefined {
  const suffix = /^phone\d+(|Block|SmsConsent|CellConsent)$/.exec(name)?.[1];
  if (suffix === '') return 'phone';
  if (suffix === 'Block') return 'phoneBlock';
  if (suffix === 'SmsConsent') return 'smsConsent';
  return suffix === 'CellConsent' ? 'cellConsent' : undefined;
}

/** The phones among the values sent, by ordinal. */
export function toWirePhones(values: ReadonlyMap<ContactField, JsonValue>): WirePhone[] {
  const phones = new Map<number, WirePhone>();
  for (const [field, value] of values) {
    const part = toPhonePart(field.name);
    if (part === undefined || field.ordinal === undefined) continue;
    const phone = phones.get(field.ordinal) ?? { ordinal: field.ordinal };
    phone[part] = value;
    phones.set(field.ordinal, phone);
  }
  return [...phones.values()].sort((a, b) => a.ordinal - b.ordinal);
}

function toVerb(field: ContactField, value: CanonicalValue): string {
  if (value === null || !verbs.has(value)) throw inexpressible(field, 'set without a DND verb');
  return value;
}

function toBoolean(field: ContactField, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw inexpressible(field, 'written: its value is not true or false');
  return value === 'true';
}

function toMidnightMs(field: ContactField, value: string, timeZone: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value))
    throw inexpressible(field, 'written: its value is not a date like 2026-11-20');
  return startOfDay(value, timeZone).getTime();
}

function toNumber(field: ContactField, value: string): number {
  const isPlain = /^-?\d+(\.\d+)?$/.test(value);
  const digits = value.replace(/\D/g, '').replace(/^0+/, '');
  if (!isPlain || digits.length > maxSignificantDigits) throw inexpressible(field, 'written exactly as a JSON number');
  return Number(value);
}

function inexpressible(field: ContactField, what: string): FatalError {
  return new FatalError(`"${field.name}" cannot be ${what} by a write: report the difference as not expressible`, {
    facts: { field: field.name },
  });
}

/**
 * A contact as the admin routes show and take it: field name → text or null, one spelling per value. Booleans
 * `true`/`false`, dates `YYYY-MM-DD`, instants ISO in UTC, decimals without needless zeros. A reader who compares a
 * contact with a system of record meets none of the vendor's dialects here.
 */
import { formatIsoDay, parseIsoDay } from '../calendar.ts';
import {
  columnKinds,
  columnNames,
  findPosition,
  type Kind,
  type PhoneSlot,
  phoneSlots,
  type Row,
  type Value,
} from './columns.ts';

export type PlainContact = {
  readonly account: string;
  readonly fields: Readonly<Record<string, string | null>>;
};

/** The contact in plain form; `today` is the client's day, by which DAILY blocks are judged. */
export function toPlain(row: Row, today: number): PlainContact {
  const fields: Record<string, string | null> = {};
  for (const [position, name] of columnNames.entries()) {
    fields[name] = formatPlain(columnKinds[position] ?? 'text', row[position] ?? null, today);
  }
  return { account: fields['account'] ?? '', fields };
}

function formatPlain(kind: Kind, value: Value, today: number): string | null {
  if (value === null) return null;
  switch (kind) {
    case 'date':
      return formatIsoDay(Number(value));
    case 'timestamp':
      return new Date(Number(value)).toISOString();
    case 'daily':
      return String(value === today);
    case 'decimal':
      return stripZeros(String(value));
    default:
      return String(value);
  }
}

function stripZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** Sets fields of a row from plain form. Returns the name of the first field it cannot read; then the row is spoilt. */
export function setPlain(row: Row, fields: Readonly<Record<string, unknown>>, today: number): string | undefined {
  for (const [name, plain] of Object.entries(fields)) {
    const position = findPosition(name);
    if (position === undefined) return name;
    const value = plain === null ? null : parsePlain(columnKinds[position] ?? 'text', String(plain), today);
    if (value === undefined) return name;
    row[position] = value;
  }
  for (const slot of phoneSlots) completePhone(row, slot);
  return undefined;
}

function parsePlain(kind: Kind, text: string, today: number): Value | undefined {
  switch (kind) {
    case 'text':
      return text === '' ? null : text;
    case 'boolean':
      return parseBoolean(text);
    case 'daily': {
      const blocked = parseBoolean(text);
      return blocked === undefined ? undefined : Number(blocked) * today;
    }
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'decimal':
      return toDecimal(text);
    case 'date':
      return parseIsoDay(text);
    case 'timestamp': {
      const epochMs = Date.parse(text);
      return Number.isNaN(epochMs) ? undefined : epochMs;
    }
  }
}

function parseBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** A decimal as LiveVox keeps it, with two places at least (`100` → `100.00`); undefined when it is no plain decimal. */
export function toDecimal(value: string | number): string | undefined {
  const match = /^(-?)0*(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (match === null) return undefined;
  const places = (match[3] ?? '').replace(/0+$/, '').padEnd(2, '0');
  const digits = `${match[2]}.${places}`;
  return match[1] === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

/** A phone that is there has all its values; a phone that is not has none. */
export function completePhone(row: Row, slot: PhoneSlot): void {
  if (row[slot.phone] === null) {
    for (const position of Object.values(slot)) row[position] = null;
    return;
  }
  for (const position of [slot.attemptsTotal, slot.attemptsToday, slot.blockDaily]) row[position] ??= 0;
  for (const position of [slot.cellConsent, slot.smsConsent, slot.block]) row[position] ??= false;
}

/**
 * Epoch milliseconds in their bytes: the whole of a dialect in which LiveVox may write its dates, so it must not cost a string and a pattern for
 * each value. Takes what is surely an epoch only, and says the same as readValue, which judges the rest.
 */
import type { FieldType } from '../contact/index.ts';
import { toEpochDay } from './read-value.ts';

const dash = 0x2d;
const zero = 0x30;
const dayMs = 86_400_000;
const minMs = Date.UTC(1800, 0, 1);
const maxMs = Date.UTC(2201, 0, 1) - 1;
const maxDigits = 13;
/** The texts of days in use; all days of 250 years are some 5 MB. */
const dayTexts = new Map<number, string>();
const maxRememberedDays = 100_000;
const twoDigits = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));

/** The epoch of a date or a time; undefined when the value is none, or not surely one. */
export function toEpochMs(type: FieldType, bytes: Buffer, from: number, to: number): number | undefined {
  if (type !== 'timestamp' && type !== 'date') return undefined;
  const isNegative = bytes[from] === dash;
  const first = isNegative ? from + 1 : from;
  const digits = to - first;
  if (digits === 0 || digits > maxDigits || (!isNegative && mayBeCalendarDate(bytes, first, digits))) return undefined;
  let size = 0;
  for (let index = first; index < to; index += 1) {
    const digit = (bytes[index] ?? 0) - zero;
    if (digit < 0 || digit > 9) return undefined;
    size = size * 10 + digit;
  }
  const epochMs = isNegative ? -size : size;
  return epochMs >= minMs && epochMs <= maxMs ? epochMs : undefined;
}

/** YYYYMMDD, or YYYYMMDDHHMM of the years that readValue knows. */
function mayBeCalendarDate(bytes: Buffer, first: number, digits: number): boolean {
  if (digits !== 12) return digits === 8;
  const century = ((bytes[first] ?? 0) - zero) * 10 + (bytes[first + 1] ?? 0) - zero;
  return century >= 18 && century <= 22;
}

/** What Postgres shall read: an instant, or the day it falls on. */
export function formatEpoch(type: FieldType, epochMs: number, timeZone: string): string {
  const day = Math.floor(epochMs / dayMs);
  const ofDay = epochMs - day * dayMs;
  if (type === 'date') return ofDay === 0 ? toDayText(day) : toEpochDay(epochMs, timeZone);
  const seconds = Math.floor(ofDay / 1000);
  const minutes = Math.floor(seconds / 60);
  const time = `${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}`;
  return `${toDayText(day)}T${time}.${String(ofDay % 1000).padStart(3, '0')}Z`;
}

/** A calendar day from its number, 0 being 1970-01-01. */
function toDayText(day: number): string {
  const known = dayTexts.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * dayMs).toISOString().slice(0, 10);
  if (dayTexts.size < maxRememberedDays) dayTexts.set(day, text);
  return text;
}

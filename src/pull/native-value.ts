/**
 * Checks on the bytes whether a field begins with a value that Postgres reads by itself, as COPY will hand it over (session in
 * the client's time zone, dates month first). Covers the usual spellings only; whatever is unusual is left to readValue.
 * These functions run for every typed value of a download, so they make no strings and no objects.
 */
import type { FieldType } from '../contact/index.ts';

/** Types as small numbers, so that the scanner's table of them is an array of bytes. */
export const typeCodes: Readonly<Record<FieldType, number>> = {
  text: 0,
  integer: 1,
  bigint: 2,
  boolean: 3,
  date: 4,
  timestamp: 5,
  numeric: 6,
};

/** Numbers that are shorter than the largest of their type always fit. */
const maxSureDigits = { integer: 9, bigint: 18, numeric: 38 } as const;
const daysOfMonth = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const maxOffsetHours = 14;

/** Set in a small letter, not set in its capital. */
const capitalBit = 0x20;

const dash = 0x2d;
const point = 0x2e;
const slash = 0x2f;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;

/** The index behind the value that begins at `start`; 0 when no usual spelling does. The caller looks at what follows. */
export function endOfNative(typeCode: number, bytes: Buffer, start: number): number {
  switch (typeCode) {
    case 1:
      return endOfInteger(bytes, start, maxSureDigits.integer);
    case 2:
      return endOfInteger(bytes, start, maxSureDigits.bigint);
    case 3:
      return endOfBoolean(bytes, start);
    case 4:
      return endOfDate(bytes, start);
    case 5:
      return endOfTimestamp(bytes, start);
    case 6:
      return endOfNumeric(bytes, start);
    default:
      return 0;
  }
}

function endOfInteger(bytes: Buffer, start: number, maxDigits: number): number {
  const first = bytes[start] === dash ? start + 1 : start;
  const end = endOfDigits(bytes, first);
  return end > first && end - first <= maxDigits ? end : 0;
}

function endOfNumeric(bytes: Buffer, start: number): number {
  const first = bytes[start] === dash ? start + 1 : start;
  let end = endOfDigits(bytes, first);
  if (end > first && bytes[end] === point) end = endOfDigits(bytes, end + 1);
  return end > first && end - first <= maxSureDigits.numeric ? end : 0;
}

function endOfDigits(bytes: Buffer, start: number): number {
  let index = start;
  while (isDigit(bytes[index])) index += 1;
  return index;
}

/** true, false, yes, no, t, f, y, n, 1 and 0, in small letters or capitals. */
function endOfBoolean(bytes: Buffer, start: number): number {
  switch ((bytes[start] ?? 0) | capitalBit) {
    case 0x74:
      return hasLetters(bytes, start + 1, 0x72, 0x75, 0x65) ? start + 4 : start + 1;
    case 0x66:
      return hasLetters(bytes, start + 1, 0x61, 0x6c, 0x73) && hasLetter(bytes, start + 4, 0x65)
        ? start + 5
        : start + 1;
    case 0x79:
      return hasLetter(bytes, start + 1, 0x65) && hasLetter(bytes, start + 2, 0x73) ? start + 3 : start + 1;
    case 0x6e:
      return hasLetter(bytes, start + 1, 0x6f) ? start + 2 : start + 1;
    // With the bit set, 0x10 and 0x11 would be digits too.
    case zero:
    case zero + 1:
      return isDigit(bytes[start]) ? start + 1 : 0;
    default:
      return 0;
  }
}

function hasLetters(bytes: Buffer, start: number, first: number, second: number, third: number): boolean {
  return hasLetter(bytes, start, first) && hasLetter(bytes, start + 1, second) && hasLetter(bytes, start + 2, third);
}

function hasLetter(bytes: Buffer, index: number, small: number): boolean {
  return ((bytes[index] ?? 0) | capitalBit) === small;
}

/** `MM/DD/YYYY` or `YYYY-MM-DD`, of a day that exists. */
function endOfDate(bytes: Buffer, start: number): number {
  const isUs = bytes[start + 2] === slash && bytes[start + 5] === slash;
  const isIso = bytes[start + 4] === dash && bytes[start + 7] === dash;
  if (!isUs && !isIso) return 0;
  const year = isUs ? readFour(bytes, start + 6) : readFour(bytes, start);
  const month = readTwo(bytes, isUs ? start : start + 5);
  const day = readTwo(bytes, isUs ? start + 3 : start + 8);
  return isRealDay(year, month, day) ? start + 10 : 0;
}

function isRealDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > (daysOfMonth[month] ?? 0)) return false;
  return !(month === 2 && day === 29) || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** A date, or a date with a time of day; after an ISO date, with a fraction and a zone too. */
function endOfTimestamp(bytes: Buffer, start: number): number {
  const dateEnd = endOfDate(bytes, start);
  if (dateEnd === 0) return 0;
  const isIso = bytes[start + 4] === dash;
  const separator = bytes[dateEnd];
  if (!(separator === 0x20 || (isIso && separator === 0x54))) return dateEnd;
  const timeEnd = endOfTime(bytes, dateEnd + 1, isIso);
  return timeEnd > 0 && isIso ? endOfZone(bytes, timeEnd) : timeEnd;
}

/** `HH:MM[:SS]`, and with a fraction of a second where one may follow; 0 when it is no time of day. */
function endOfTime(bytes: Buffer, start: number, mayHaveFraction: boolean): number {
  if (!isBelow(readTwo(bytes, start), 24) || bytes[start + 2] !== colon || !isBelow(readTwo(bytes, start + 3), 60))
    return 0;
  if (bytes[start + 5] !== colon) return start + 5;
  if (!isBelow(readTwo(bytes, start + 6), 60)) return 0;
  const end = start + 8;
  if (!mayHaveFraction || bytes[end] !== point) return end;
  const fractionEnd = endOfDigits(bytes, end + 1);
  return fractionEnd > end + 1 && fractionEnd <= end + 10 ? fractionEnd : 0;
}

/** `Z`, `+HH`, `+HHMM`, `+HH:MM` or nothing; 0 when it is none of them. */
function endOfZone(bytes: Buffer, start: number): number {
  const sign = bytes[start];
  if (sign === 0x5a) return start + 1;
  if (sign !== 0x2b && sign !== dash) return start;
  if (!isBelow(readTwo(bytes, start + 1), maxOffsetHours + 1)) return 0;
  const end = start + 3;
  const minutes = bytes[end] === colon ? end + 1 : end;
  if (minutes === end && !isDigit(bytes[end])) return end;
  return isBelow(readTwo(bytes, minutes), 60) ? minutes + 2 : 0;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function isBelow(value: number, limit: number): boolean {
  return value >= 0 && value < limit;
}

/** Two digits as a number; -1 when they are none. */
function readTwo(bytes: Buffer, start: number): number {
  const tens = (bytes[start] ?? 0) - zero;
  const ones = (bytes[start + 1] ?? 0) - zero;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

function readFour(bytes: Buffer, start: number): number {
  const high = readTwo(bytes, start);
  const low = readTwo(bytes, start + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

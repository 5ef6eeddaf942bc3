/**
 * Reads the unusual spellings of a typed value: decides whether Postgres takes the text as it is, takes another text that
 * means the same, or whether it is no value of that type. Runs only for what endOfNative does not know.
 * LiveVox shows one date (08/27/2018) and no date-time, so ISO 8601 and epoch milliseconds are read as well. An epoch of a
 * date may mean midnight UTC or midnight at the client; at exactly midnight UTC it is read as the former.
 */
import { type ContactField, type Moment, parseMoment, startOfDay, toLocalDate } from '../contact/index.ts';

/** `text` is what Postgres shall read, possibly the very text that came; '' is an empty field. */
export type ReadValue = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

const maxInteger = 2_147_483_647n;
const maxBigint = 9_223_372_036_854_775_807n;
const dayMs = 86_400_000;
const maxOffsetHours = 15;

const booleans = new Set(['true', 'false', 't', 'f', 'y', 'n', 'yes', 'no', '1', '0']);
const decimal = /^[+-]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:e[+-]?\d{1,2})?$/i;

/** The text of a field → what Postgres shall read. `timeZone` decides on which day an instant falls. */
export function readValue(field: ContactField, raw: string, timeZone: string): ReadValue {
  const text = raw.trim();
  if (text === '') return { ok: true, text: '' };
  switch (field.type) {
    case 'text':
      return { ok: true, text: raw };
    case 'integer':
      return readInteger(field, text, maxInteger);
    case 'bigint':
      return readInteger(field, text, maxBigint);
    case 'numeric':
      return decimal.test(text) ? { ok: true, text } : refuse(field, 'not a number');
    case 'boolean':
      return booleans.has(text.toLowerCase()) ? { ok: true, text } : refuse(field, 'neither yes nor no');
    case 'date':
      return readDate(field, text, timeZone);
    case 'timestamp':
      return readTimestamp(field, text);
  }
}

function readInteger(field: ContactField, text: string, max: bigint): ReadValue {
  if (!/^[+-]?\d{1,30}$/.test(text)) return refuse(field, 'not a whole number');
  const number = BigInt(text.replace('+', ''));
  return number > max || number < -max - 1n ? refuse(field, 'a whole number out of range') : { ok: true, text };
}

function readDate(field: ContactField, text: string, timeZone: string): ReadValue {
  const epoch = readEpoch(text) ?? readMidnight(text, timeZone);
  if (epoch !== undefined) return { ok: true, text: toEpochDay(epoch.getTime(), timeZone) };
  const moment = parseText(text);
  if (moment === undefined) return refuse(field, 'not a calendar date');
  const day = moment.kind === 'instant' ? toLocalDate(moment.at, timeZone) : toWallClock(moment).slice(0, 10);
  return { ok: true, text: day };
}

function readTimestamp(field: ContactField, text: string): ReadValue {
  const epoch = readEpoch(text);
  if (epoch !== undefined) return { ok: true, text: epoch.toISOString() };
  const moment = parseText(text);
  if (moment === undefined) return refuse(field, 'not a time');
  return { ok: true, text: moment.kind === 'instant' ? moment.at.toISOString() : toWallClock(moment) };
}

/** Digits alone are never read as a spelling of a date: that is readEpoch's question. */
function parseText(text: string): Moment | undefined {
  return /^-?\d+$/.test(text) || hasImpossibleOffset(text) ? undefined : parseMoment(text);
}

/** No clock has ever been so far from UTC; what is written there is no zone. */
function hasImpossibleOffset(text: string): boolean {
  const [, hours = '0', minutes = '0'] = /:\d{2}(?:[.,]\d+)?\s?[+-](\d{2})(?::?(\d{2})){0,2}$/.exec(text) ?? [];
  return Number(hours) > maxOffsetHours || Number(minutes) > 59;
}

/**
 * Epoch milliseconds: births of the seventies have eleven or twelve digits, those before have a minus sign. Digits that people
 * would read as YYYYMMDD with or without a time of day are not taken for either: nobody can tell which is meant.
 */
function readEpoch(text: string): Date | undefined {
  if (!/^-?\d{1,14}$/.test(text) || isCompactDate(text)) return undefined;
  const at = new Date(Number(text));
  const year = at.getUTCFullYear();
  return year >= 1800 && year <= 2200 ? at : undefined;
}

/**
 * Twelve digits in a column of days may be an epoch or YYYYMMDDHHMM. A day as an epoch begins at the client or in UTC; a day with a time
 * of day in it is no form of LiveVox's, and as an epoch hardly ever the beginning of a day.
 */
function readMidnight(text: string, timeZone: string): Date | undefined {
  if (!/^\d{12}$/.test(text)) return undefined;
  const at = new Date(Number(text));
  const isMidnight =
    at.getTime() % dayMs === 0 || startOfDay(toLocalDate(at, timeZone), timeZone).getTime() === at.getTime();
  return isMidnight ? at : undefined;
}

function isCompactDate(text: string): boolean {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(text) ?? [];
  if (year === undefined) return false;
  return parseMoment(`${year}-${month}-${day} ${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}`) !== undefined;
}

/** The day that an epoch in a date column means. */
export function toEpochDay(epochMs: number, timeZone: string): string {
  const at = new Date(epochMs);
  return epochMs % dayMs === 0 ? at.toISOString().slice(0, 10) : toLocalDate(at, timeZone);
}

/** Without a zone: Postgres puts it into the client's, as it does with every other zone-less time. */
function toWallClock({ parts }: Extract<Moment, { kind: 'local' }>): string {
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 } = parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, millisecond)).toISOString().slice(0, -1);
}

function refuse(field: ContactField, reason: string): ReadValue {
  return { ok: false, reason: `${field.name}: ${reason}` };
}

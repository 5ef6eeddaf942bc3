/**
 * What must become of a file, told by papaparse: it reads record by record from where the last one ended; a record it reads without an error and
 * with the right width is a row, anything else costs one line. Values are judged by rules written down once more, in other words
 * than the product's.
 */
import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import type { ContactField, FieldType } from '../../src/contact/index.ts';

type ModelRow = {
  readonly from: number;
  readonly to: number;
  readonly line: number;
  /** The values of a row that passes, each in one spelling; undefined where the row is rejected. */
  readonly values: readonly string[] | undefined;
};

export type Model = {
  readonly rows: readonly ModelRow[];
  readonly blankBytes: number;
  /** The end may be a cut. */
  readonly mayBeCut: boolean;
  /** The end is a cut: the last line has no end, and too few columns. */
  readonly isCut: boolean;
  /** papaparse would take a row that we do not: its account is neither plainly quoted nor plainly unquoted. */
  readonly hasDoubt: boolean;
};

type Found = { readonly length: number; readonly values: readonly string[] | undefined; readonly code?: string };

/** Client time is UTC-5 all year, so that this file needs no time zones. */
export const modelZone = 'Etc/GMT+5';
const hoursBehind = 5;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export function makeModel(
  text: string,
  bodyFrom: number,
  lineEnd: '\n' | '\r',
  fields: readonly ContactField[],
): Model {
  const isOpen = text.length > bodyFrom && !text.endsWith(lineEnd);
  const whole = isOpen ? text + lineEnd : text;
  const rows: ModelRow[] = [];
  let blankBytes = 0;
  let line = countEnds(text, 0, bodyFrom, lineEnd) + 1;
  let mayBeCut = isOpen;
  let isCut = false;
  let hasDoubt = false;
  for (let from = bodyFrom; from < whole.length; ) {
    const blank = toBlankLength(whole, from, lineEnd);
    const found =
      blank > 0 ? { length: blank, values: undefined } : findRecord(whole.slice(from), lineEnd, fields.length);
    const to = from + found.length;
    if (blank > 0) blankBytes += Math.min(to, text.length) - from;
    else {
      if (found.code === 'MissingQuotes') mayBeCut = true;
      const record = whole.slice(from, to);
      hasDoubt ||= found.values !== undefined && hasSuspectAccount(record);
      const values = found.values && judgeRow(record, found.values, fields, lineEnd);
      rows.push({ from, to: Math.min(to, text.length), line, values });
      isCut = isOpen && to === whole.length && found.code === 'TooFew';
    }
    line += countEnds(whole, from, to, lineEnd);
    from = to;
  }
  return { rows, blankBytes, mayBeCut, isCut, hasDoubt };
}

function toBlankLength(text: string, from: number, lineEnd: string): number {
  if (text[from] === lineEnd) return 1;
  const before = lineEnd === '\n' ? '\r' : '\n';
  return text[from] === before && text[from + 1] === lineEnd ? 2 : 0;
}

function findRecord(rest: string, lineEnd: '\n' | '\r', width: number): Found {
  const first = parseOne(rest, lineEnd);
  const firstLine = rest.indexOf(lineEnd) + 1;
  if (first.errors.length > 0) return { length: firstLine, values: undefined, code: first.errors.at(-1)?.code ?? '' };
  const length = first.meta.cursor;
  let values = first.data[0] ?? [];
  // To papaparse the CR of a CRLF is of the last value, where that is not quoted.
  if (lineEnd === '\n' && rest.slice(0, length).endsWith('\r\n')) {
    values = parseOne(`${rest.slice(0, length - 2)}\n`, lineEnd).data[0] ?? [];
  }
  if (values.length === width) return { length, values };
  return { length: firstLine, values: undefined, code: values.length < width ? 'TooFew' : 'TooMany' };
}

function parseOne(text: string, newline: '\n' | '\r'): Papa.ParseResult<string[]> {
  return Papa.parse<string[]>(text, { delimiter: ',', newline, preview: 1, fastMode: false });
}

function judgeRow(
  record: string,
  values: readonly string[],
  fields: readonly ContactField[],
  lineEnd: '\n' | '\r',
): readonly string[] | undefined {
  const bytes = Buffer.from(record, 'latin1');
  if (record.includes('\0') || !isUtf8(bytes)) return undefined;
  if (hasSuspectAccount(record)) return undefined;
  const content = lineEnd === '\n' ? record.replace(/\r?\n$/, '') : record.slice(0, -1);
  if (content.endsWith(lineEnd === '\n' ? '\r' : '\n')) return undefined;
  const judged: string[] = [];
  for (const [column, field] of fields.entries()) {
    const value = Buffer.from(values[column] ?? '', 'latin1').toString('utf8');
    if (column === 0 && (value.trim() === '' || Buffer.byteLength(value) > 1000)) return undefined;
    const meaning = toMeaning(field.type, value);
    if (meaning === undefined) return undefined;
    judged.push(meaning);
  }
  return judged;
}

/** An account that is not plainly quoted or unquoted: never taken, even where papaparse would. */
function hasSuspectAccount(record: string): boolean {
  return record.startsWith('"') ? /^"(?:[^"]|"")*"(?![",])/.test(record) : /^[^,]*["\r\n][^,]*,/.test(record);
}

const meanings = new Map<string, string | undefined>();

/** The one spelling of a value; '' is empty, undefined is no value of that type. */
export function toMeaning(type: FieldType, raw: string): string | undefined {
  if (type === 'text') return raw;
  const key = `${type} ${raw}`;
  if (!meanings.has(key)) {
    if (meanings.size > 100_000) meanings.clear();
    meanings.set(key, judge(type, raw.trim()));
  }
  return meanings.get(key);
}

function judge(type: FieldType, text: string): string | undefined {
  if (text === '') return '';
  switch (type) {
    case 'integer':
    case 'bigint':
      return judgeWhole(text, type === 'integer' ? 31n : 63n);
    case 'numeric':
      return judgeNumeric(text);
    case 'boolean':
      if (/^(?:true|t|yes|y|1)$/i.test(text)) return 'true';
      return /^(?:false|f|no|n|0)$/i.test(text) ? 'false' : undefined;
    case 'date':
      return judgeTime(text, true)?.slice(0, 10);
    default:
      return judgeTime(text, false);
  }
}

function judgeWhole(text: string, bits: bigint): string | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const number = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return number < 2n ** bits && number >= -(2n ** bits) ? String(number) : undefined;
}

/** Sign, digits before and behind the point; exponents as far as the generator makes them. */
function judgeNumeric(text: string): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,2}))?$/i.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, 40 - scale));
  return `${sign === '-' && digits !== 0n ? '-' : ''}${digits}`;
}

/** A wall clock of the client as ISO text; of a date in UTC its midnight is that day's. */
function judgeTime(text: string, isDate: boolean): string | undefined {
  if (/^-?\d+$/.test(text)) return judgeEpoch(text, isDate);
  const time = '(?:[T ](\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,9}))?)?\\s?(Z|[+-]\\d\\d(?::?\\d\\d)?)?)?';
  const us = new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4})${time}$`, 'i').exec(text);
  const iso = new RegExp(`^(\\d{4})-(\\d\\d)-(\\d\\d)${time}$`, 'i').exec(text);
  const [year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] =
    us === null ? (iso ?? []).slice(1) : [us[3], us[1], us[2], ...us.slice(4)];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const parts = [Number(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  const wall = new Date(0);
  wall.setUTCFullYear(Number(year), parts[0] - 1, parts[1]);
  if (wall.getUTCMonth() !== parts[0] - 1 || wall.getUTCDate() !== parts[1]) return undefined;
  if (Number(year) < 1 || parts[2] > 23 || parts[3] > 59 || parts[4] > 59) return undefined;
  wall.setUTCHours(parts[2], parts[3], parts[4], Number(fraction.padEnd(3, '0').slice(0, 3)));
  const east = toOffsetMs(zone);
  if (east === undefined) return undefined;
  return new Date(zone === undefined ? wall : wall.getTime() - east - hoursBehind * hourMs).toISOString();
}

function toOffsetMs(zone = ''): number | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const size = Number(hours) * hourMs + Number(minutes ?? 0) * 60_000;
  if (Number(minutes) > 59 || Number(hours) > 15) return undefined;
  return sign === '-' ? -size : size;
}

function judgeEpoch(text: string, isDate: boolean): string | undefined {
  const epoch = Number(text);
  const wall = epoch - hoursBehind * hourMs;
  const isMidnight = epoch % dayMs === 0;
  const isDay = isDate && text.length === 12 && (isMidnight || wall % dayMs === 0);
  if (isCalendarDigits(text) && !isDay) return undefined;
  const year = new Date(epoch).getUTCFullYear();
  if (text.length > 15 || !(year >= 1800 && year <= 2200)) return undefined;
  return new Date(isDate && isMidnight ? epoch : wall).toISOString();
}

/** YYYYMMDD[HHMM[SS]] */
function isCalendarDigits(text: string): boolean {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/.exec(text) ?? [];
  if (year === undefined || Number(year) < 1800 || Number(year) > 2200) return false;
  return judgeTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`, false) !== undefined;
}

function countEnds(text: string, from: number, to: number, lineEnd: string): number {
  let count = 0;
  for (let index = text.indexOf(lineEnd, from); index >= 0 && index < to; index = text.indexOf(lineEnd, index + 1))
    count += 1;
  return count;
}

/**
 * Reads the spellings in which dates and date-times arrive: `M/D/YYYY`, `YYYY-MM-DD`, both with a time of day, ISO 8601
 * and PostgreSQL's text (space, `+00`), and epoch milliseconds (13 digits; any number of digits with a minus sign,
 * because births before 1970 are negative). Only real calendar dates of the years 1800 to 2200.
 * What would surprise: shorter digit runs are refused, since 202401011230 reads as a time of day to people.
 */
import { type LocalParts, toInstant } from './zone.ts';

/** A wall clock reading without a zone, or an instant. */
export type Moment =
  | { readonly kind: 'local'; readonly parts: LocalParts }
  | { readonly kind: 'instant'; readonly at: Date };

const time = String.raw`(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2}){0,2})?)?`;
const isoPattern = new RegExp(String.raw`^(\d{4})-(\d{2})-(\d{2})${time}$`, 'i');
const usPattern = new RegExp(String.raw`^(\d{1,2})/(\d{1,2})/(\d{4})${time}$`, 'i');
const epochPattern = /^(?:\d{13}|-\d{1,13})$/;

/** The moment a trimmed text means; undefined when it is none. */
export function parseMoment(text: string): Moment | undefined {
  if (epochPattern.test(text)) return toInstantMoment(Number(text));
  const iso = isoPattern.exec(text);
  if (iso !== null) return toMoment(iso[1], iso[2], iso[3], iso.slice(4));
  const us = usPattern.exec(text);
  return us === null ? undefined : toMoment(us[3], us[1], us[2], us.slice(4));
}

function toMoment(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  [hour, minute, second, fraction, offset]: readonly (string | undefined)[],
): Moment | undefined {
  const parts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Number((fraction ?? '').padEnd(3, '0').slice(0, 3)),
  };
  if (!isReal(parts)) return undefined;
  if (offset === undefined) return { kind: 'local', parts };
  return toInstantMoment(toInstant(parts, 'UTC').getTime() - parseOffset(offset));
}

function toInstantMoment(epochMs: number): Moment | undefined {
  const at = new Date(epochMs);
  return isUsualYear(at.getUTCFullYear()) ? { kind: 'instant', at } : undefined;
}

function isReal({ year, month, day, hour = 0, minute = 0, second = 0 }: LocalParts): boolean {
  if (!isUsualYear(year) || hour > 23 || minute > 59 || second > 59) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isUsualYear(year: number): boolean {
  return year >= 1800 && year <= 2200;
}

/** `+05:30`, `-0400`, `+00`, `-04:56:02` → milliseconds east of UTC. */
function parseOffset(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const [hours = '0', minutes = '0', seconds = '0'] = text.slice(1).match(/\d{2}/g) ?? [];
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return text.startsWith('-') ? -size : size;
}

/**
 * Days and times, one spelling per meaning. A reading without a zone keeps the day it names; an instant falls on the client's
 * day. What would surprise: an instant at exactly midnight UTC is taken for a day, not for a time, because that is how programs
 * write a day that they have to write as an instant (`1980-05-01T00:00:00Z`, its epoch); at a client west of Greenwich every such
 * birthday would slip by one.
 */
import { accept, type CanonicalResult, refuse } from './canonical-result.ts';
import { type Moment, parseMoment } from './moment.ts';
import { toInstant, toLocalDate } from './zone.ts';

const forms = 'MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms';
const dayMs = 86_400_000;
const isoDay = /^\d{4}-\d\d-\d\d$/;
const usDay = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
/** An epoch, or a text that says midnight and UTC itself: 20:00-04:00 is a time of day. */
const spelledInUtc = /^-?\d+$|[T ]0?0:00(?::00(?:[.,]0{1,9})?)?\s?(?:Z|[+-]00(?::?00){0,2})$/i;

/** A calendar day, `YYYY-MM-DD`. `timeZone` decides on which day an instant falls. */
export function toDay(text: string, timeZone: string): CanonicalResult {
  const bare = toBareDay(text);
  if (bare !== undefined) return accept(bare);
  const moment = parseMoment(text);
  const day = moment === undefined ? undefined : formatDay(moment, text, timeZone);
  // Read again, because a change of zone can leave the years that are taken for real.
  return day === undefined || parseMoment(day) === undefined ? refuse(`not a calendar date (${forms})`) : accept(day);
}

/** An instant, ISO 8601 in UTC with milliseconds. A reading without a zone is in `timeZone`. */
export function toTime(text: string, timeZone: string): CanonicalResult {
  const moment = parseMoment(text);
  const time = moment === undefined ? undefined : formatInstant(moment, timeZone);
  return time === undefined || parseMoment(time) === undefined ? refuse(`not a time (${forms})`) : accept(time);
}

/** The two spellings that nearly every day has, without making a date of those that surely exist. */
function toBareDay(text: string): string | undefined {
  if (isoDay.test(text)) return isSureDay(text) ? text : undefined;
  const [, month, day, year] = usDay.exec(text) ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  return isSureDay(iso) ? iso : undefined;
}

/** Days of the usual years that their month has whatever the calendar; what is left is for it to tell. */
function isSureDay(iso: string): boolean {
  const year = Number(iso.slice(0, 4));
  const month = Number(iso.slice(5, 7));
  const day = Number(iso.slice(8));
  return year >= 1800 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 28 : 30);
}

function formatDay(moment: Moment, text: string, timeZone: string): string {
  if (moment.kind === 'instant') {
    const isDay = moment.at.getTime() % dayMs === 0 && spelledInUtc.test(text);
    return isDay ? moment.at.toISOString().slice(0, 10) : toLocalDate(moment.at, timeZone);
  }
  const { year, month, day } = moment.parts;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function formatInstant(moment: Moment, timeZone: string): string {
  return (moment.kind === 'instant' ? moment.at : toInstant(moment.parts, timeZone)).toISOString();
}

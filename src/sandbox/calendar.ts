/**
 * Calendar dates and instants as text, in the forms the vendor's pages show or leave open. A date is a day number
 * (days since 1970-01-01), so it can never slip by a time zone. Texts are cached: a download prints the same few
 * thousand days over and over.
 */
import { type ClientZone, dayMs } from './client-zone.ts';

/** us: `08/27/2018` and `08/27/2018 14:03:09` in the client's zone; iso: `2018-08-27`, `…T18:03:09.120Z`; epoch: ms. */
export type DateStyle = 'us' | 'iso' | 'epoch';

const isoForm = /^(\d{4})-(\d{2})-(\d{2})$/;
const usForm = /^(\d{2})\/(\d{2})\/(\d{4})$/;

/** Texts by day, from 1880 on, for two hundred years: an array, because a map lookup per date is a tenth of a download's time. */
const firstCachedDay = -32_872;
const cachedDays = 73_000;
const isoDays = new Array<string | undefined>(cachedDays);
const usDays = new Array<string | undefined>(cachedDays);

/** `2018-08-27` */
export function formatIsoDay(day: number): string {
  return isoDays[day - firstCachedDay] ?? keep(isoDays, day, new Date(day * dayMs).toISOString().slice(0, 10));
}

/** `08/27/2018` */
export function formatUsDay(day: number): string {
  return usDays[day - firstCachedDay] ?? keep(usDays, day, toUsDay(formatIsoDay(day)));
}

function toUsDay(isoDay: string): string {
  const [year, month, dayOfMonth] = isoDay.split('-');
  return `${month}/${dayOfMonth}/${year}`;
}

function keep(texts: (string | undefined)[], day: number, text: string): string {
  // Whatever lies outside is formatted each time.
  if (day >= firstCachedDay && day < firstCachedDay + cachedDays) texts[day - firstCachedDay] = text;
  return text;
}

/** `CCYY-MM-DD` → day number; undefined when it is none (`2023-02-30`). */
export function parseIsoDay(text: string): number | undefined {
  const match = isoForm.exec(text);
  return match === null ? undefined : toDay(match[1], match[2], match[3]);
}

/** `MM/DD/YYYY` → day number; undefined when it is none. */
function parseUsDay(text: string): number | undefined {
  const match = usForm.exec(text);
  return match === null ? undefined : toDay(match[3], match[1], match[2]);
}

/** Epoch ms as a number or as digits → epoch ms; undefined when it is no instant. */
export function parseEpochMs(value: string | number): number | undefined {
  if (typeof value === 'string' && !/^-?\d{1,15}$/.test(value)) return undefined;
  const epochMs = Number(value);
  return Number.isSafeInteger(epochMs) && Math.abs(epochMs) <= 8.64e15 ? epochMs : undefined;
}

/** A date of a body: epoch ms (the client's day at that instant), `CCYY-MM-DD` or `MM/DD/YYYY`; undefined when none. */
export function parseDay(value: string | number, zone: ClientZone): number | undefined {
  if (typeof value === 'string') {
    const day = parseIsoDay(value) ?? parseUsDay(value);
    if (day !== undefined) return day;
  }
  const epochMs = parseEpochMs(value);
  return epochMs === undefined ? undefined : zone.dayOf(epochMs);
}

function toDay(
  year: string | undefined,
  month: string | undefined,
  dayOfMonth: string | undefined,
): number | undefined {
  const iso = `${year}-${month}-${dayOfMonth}`;
  const epochMs = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString().slice(0, 10) !== iso) return undefined;
  return epochMs / dayMs;
}

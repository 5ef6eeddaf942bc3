/**
 * Time zone arithmetic on the runtime's own zone data: wall clock ↔ instant, and which calendar day an instant falls on.
 * Overlap (a wall time that happens twice): the earlier instant. Gap (one that never happens): the instant that the
 * offset before the gap gives, so 02:30 becomes 03:30. What would surprise: asking Intl is slow, so offsets are kept per
 * UTC day whenever the zone does not change inside that day.
 */

/** A wall clock reading; months and days count from 1. */
export type LocalParts = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly millisecond?: number;
};

type Zone = { readonly formatter: Intl.DateTimeFormat; readonly offsetOfDay: Map<number, number | undefined> };

const dayMs = 86_400_000;
/** Days remembered per zone: more than 250 years of them, about 10 MB at worst. */
const maxRememberedDays = 100_000;

const zones = new Map<string, Zone>();

/**
 * The instant at which the clocks of `timeZone` show `local`.
 * @throws RangeError when the zone is unknown.
 */
export function toInstant(local: LocalParts, timeZone: string): Date {
  const zone = findZone(timeZone);
  const wallMs = toWallMs(local);
  const before = offsetAt(zone, wallMs - dayMs);
  const after = offsetAt(zone, wallMs + dayMs);
  const fitting = [wallMs - before, wallMs - after].filter((instant) => instant + offsetAt(zone, instant) === wallMs);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : wallMs - before);
}

/**
 * The calendar day (`YYYY-MM-DD`) on which `instant` falls in `timeZone`.
 * @throws RangeError when the zone is unknown or the instant is an invalid date.
 */
export function toLocalDate(instant: Date, timeZone: string): string {
  return toLocalText(instant, timeZone).slice(0, 10);
}

/**
 * What a clock in `timeZone` shows at `instant`, to the minute: `YYYY-MM-DD HH:MM`.
 * @throws RangeError when the zone is unknown or the instant is an invalid date.
 */
export function toLocalMinute(instant: Date, timeZone: string): string {
  return toLocalText(instant, timeZone).slice(0, 16).replace('T', ' ');
}

/**
 * The first instant of a calendar day (`YYYY-MM-DD`); 01:00 where midnight is skipped.
 * @throws RangeError when the zone is unknown or the text is no such date.
 */
export function startOfDay(day: string, timeZone: string): Date {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined) throw new RangeError('A calendar day is written YYYY-MM-DD.');
  return toInstant({ year: Number(year), month: Number(month), day: Number(date) }, timeZone);
}

/** True for a name of the IANA data (`America/New_York`, `UTC`); bare offsets such as `+05:00` are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    findZone(name);
    return true;
  } catch {
    return false;
  }
}

function toLocalText(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + offsetAt(findZone(timeZone), instant.getTime())).toISOString();
}

function findZone(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const zone = { formatter, offsetOfDay: new Map<number, number | undefined>() };
  zones.set(timeZone, zone);
  return zone;
}

/** Local time minus UTC at an instant, milliseconds. */
function offsetAt(zone: Zone, instantMs: number): number {
  const day = Math.floor(instantMs / dayMs);
  if (!zone.offsetOfDay.has(day)) {
    if (zone.offsetOfDay.size >= maxRememberedDays) zone.offsetOfDay.clear();
    const atStart = readOffset(zone, day * dayMs);
    zone.offsetOfDay.set(day, atStart === readOffset(zone, (day + 1) * dayMs) ? atStart : undefined);
  }
  return zone.offsetOfDay.get(day) ?? readOffset(zone, instantMs);
}

function readOffset(zone: Zone, instantMs: number): number {
  const wholeSecondMs = Math.floor(instantMs / 1000) * 1000;
  const parts: Record<string, number> = {};
  for (const { type, value } of zone.formatter.formatToParts(wholeSecondMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour, minute, second } = parts;
  return toWallMs({ year, month, day, hour, minute, second }) - wholeSecondMs;
}

/** The wall clock reading as if it were UTC; `Date.UTC` would take the years 0..99 for 1900..1999. */
function toWallMs({ year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 }: LocalParts): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, millisecond);
}

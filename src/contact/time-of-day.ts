/**
 * A time of day (`HH:MM`) in a zone, and when it comes next. A time that a day skips comes when the clocks have jumped over it; one that a day
 * has twice comes the first time. Pure.
 */
import { toInstant, toLocalDate, toLocalMinute } from './zone.ts';

const pattern = /^([01]\d|2[0-3]):[0-5]\d$/;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** True for 00:00 to 23:59, with two digits each. */
export function isTimeOfDay(text: string): boolean {
  return pattern.test(text);
}

/**
 * The first instant after `after` at which the clocks of `timeZone` reach `time`.
 * @throws RangeError when the zone is unknown.
 */
export function toNextTimeOfDay(time: string, after: Date, timeZone: string): Date {
  const today = Date.parse(toLocalDate(after, timeZone));
  for (let day = today; ; day += dayMs) {
    const at = toInstantOn(new Date(day).toISOString().slice(0, 10), time, timeZone);
    if (at > after) return at;
  }
}

function toInstantOn(day: string, time: string, timeZone: string): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  let at = toInstant({ year, month, day: date, hour, minute }, timeZone);
  // Of a skipped time the zone gives an instant well behind the jump: back to the jump.
  for (;;) {
    const before = new Date(at.getTime() - minuteMs);
    if (toLocalMinute(before, timeZone) < `${day} ${time}`) return at;
    at = before;
  }
}

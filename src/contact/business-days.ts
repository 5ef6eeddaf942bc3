/**
 * Counting in business days: Mondays to Fridays that are no holidays. On calendar days alone (`YYYY-MM-DD`), so that no change of the
 * clocks can move one. Pure.
 */

const dayMs = 86_400_000;

/**
 * The `count`th business day after `day`, or before it when `count` is negative; `day` itself, whatever it is, for 0.
 * @throws RangeError when `day` is no calendar day, or no business day is found within a century.
 */
export function addBusinessDays(day: string, count: number, holidays: ReadonlySet<string>): string {
  const step = count < 0 ? -1 : 1;
  let found = day;
  let tried = 0;
  for (let left = Math.abs(count); left > 0; ) {
    found = addDays(found, step);
    tried += 1;
    if (tried > 36_525) throw new RangeError('There are no business days: every day is a holiday.');
    if (isBusinessDay(found, holidays)) left -= 1;
  }
  return found;
}

/** The calendar day `days` later; earlier when negative. @throws RangeError when `day` is none */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Whether the day is one of work. */
function isBusinessDay(day: string, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(day);
}

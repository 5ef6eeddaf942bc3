/**
 * When a schedule is due next. Pure. Each night counts once, whatever the clocks do: an hour that the wall clock skips in spring moves
 * the night's run behind it, and an hour that it tells twice in autumn counts the first time. The library alone would run a night twice
 * when it is asked within the repeated hour, and leave one out when it is asked right behind the skipped one.
 * A schedule that comes every hour keeps coming every hour.
 */
import { getNextMillis } from 'bullmq';

export type Recurrence = {
  readonly cron: string;
  /** IANA zone of the cron expression. */
  readonly timeZone: string;
};

/** No zone has moved its clock by more at once. */
const longestShiftMs = 2 * 3_600_000;
/** What clocks are set back by: an hour, half an hour on Lord Howe. */
const shiftsMs = [3_600_000, 1_800_000] as const;

/** The first instant after `after`; undefined when none comes, or the expression cannot be read. */
export function findNextDue({ cron, timeZone }: Recurrence, after: Date): Date | undefined {
  const limit = after.getTime();
  const isFixed = hasFixedHours(cron);
  let at = isFixed ? limit - longestShiftMs : limit;
  for (;;) {
    const next = nextMillis(cron, timeZone, at);
    if (next === undefined) return undefined;
    if (next > limit && !(isFixed && isToldAgain(next, timeZone))) return new Date(next);
    at = next;
  }
}

/** The next ones, at most `count`. */
export function listNextDue(recurrence: Recurrence, after: Date, count: number): readonly Date[] {
  const found: Date[] = [];
  while (found.length < count) {
    const next = findNextDue(recurrence, found.at(-1) ?? after);
    if (next === undefined) break;
    found.push(next);
  }
  return found;
}

/** The latest that was due by `now`, of the last 32 days; undefined when there is none. */
export function findLastDue(recurrence: Recurrence, now: Date): Date | undefined {
  for (const days of [1 / 24, 1, 8, 32]) {
    let last: Date | undefined;
    let at = findNextDue(recurrence, new Date(now.getTime() - days * 86_400_000));
    while (at !== undefined && at <= now) {
      last = at;
      at = findNextDue(recurrence, at);
    }
    if (last !== undefined) return last;
  }
  return undefined;
}

/** The field of the hours names them: `2`, `1,3`, `1-4`. */
function hasFixedHours(cron: string): boolean {
  const hours = cron.trim().split(/\s+/).at(-4);
  return hours !== undefined && /^[\d,-]+$/.test(hours);
}

function nextMillis(cron: string, timeZone: string, after: number): number | undefined {
  try {
    return getNextMillis(after, { pattern: cron, tz: timeZone });
  } catch {
    return undefined;
  }
}

/** Whether the wall clock has told this time before, in the same night. */
function isToldAgain(at: number, timeZone: string): boolean {
  const wall = toWallTime(at, timeZone);
  return shiftsMs.some((shift) => toWallTime(at - shift, timeZone) === wall);
}

function toWallTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

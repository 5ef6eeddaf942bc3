/**
 * What a 429 teaches about a method whose limit nobody has configured: it was refused after so many starts within a minute, so one fewer is
 * let through from now on. Requests that were under way then were counted as taken; each of them that is refused as well takes off one
 * more, so that what is let through is what LiveVox took, however many processes called. A 429 of a request that set out later takes off a
 * fifth. Meant to be low rather than right: it never rises by itself, because trying would cost a 429 each time, and is forgotten after a
 * week, because limits and other users of the account change.
 * LiveVox publishes one figure, 5 requests per minute, and counts its limits in minutes; what is learnt never goes below that.
 */
import type { SeenStarts, SlotWindow } from './shared-slots.ts';

/** A request that LiveVox refused because of a limit (429). */
export type Refusal = {
  /** How long ago it started, milliseconds. */
  readonly ageMs: number;
  /** Of the answer's Retry-After. */
  readonly retryAfterMs: number | undefined;
};

/** How long a lesson holds, milliseconds. */
export const holdsMs = 7 * 86_400_000;

const minuteMs = 60_000;
const longestMs = 60 * minuteMs;
const fewestStarts = 5;
const furtherShare = 0.8;

/** The stretch of time whose starts count: a minute, or as long as LiveVox wants us to wait, because no window is shorter than that. */
export function toSpanMs({ retryAfterMs = 0 }: Pick<Refusal, 'retryAfterMs'>): number {
  return Math.min(longestMs, Math.max(minuteMs, Math.ceil(retryAfterMs)));
}

/** The limit that a refusal teaches; undefined when that is no lower than the one in force. */
export function chooseLimit(seen: SeenStarts, refusal: Refusal): SlotWindow | undefined {
  const perMs = toSpanMs(refusal);
  if (seen.learnt === undefined) return { starts: Math.max(fewestStarts, seen.starts - 1), perMs };
  const before = seen.learnt.starts * (perMs / seen.learnt.perMs);
  if (seen.learnt.ageMs > refusal.ageMs) {
    return { starts: Math.max(fewestStarts, Math.floor(Math.min(seen.starts - 1, before * furtherShare))), perMs };
  }
  // Rounded, because the window in force has its guard, and the one that is chosen does not.
  const starts = Math.max(fewestStarts, Math.round(before) - 1);
  return starts < Math.round(before) ? { starts, perMs } : undefined;
}

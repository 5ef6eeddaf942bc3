/**
 * How far our clock is ahead of the slot book's, from the fastest answer of the last minute or two: an answer that took its time on
 * the way must not make its request start later than others. What even the fastest took is common to all requests, and no window suffers
 * from it. Older answers say nothing, because clocks drift apart.
 */

export type BookClock = {
  /** An answer that the book gave at `atMs` by its clock came in at `now` by ours. */
  readonly note: (atMs: number, now: number) => void;
  /** Milliseconds to add to a time of the book. */
  readonly offsetMs: () => number;
};

const holdsMs = 60_000;

export function makeBookClock(): BookClock {
  let before = Number.POSITIVE_INFINITY;
  let fastest = Number.POSITIVE_INFINITY;
  let since = 0;
  return {
    note: (atMs, now) => {
      if (Math.abs(now - since) > holdsMs) {
        before = Math.abs(now - since) > 2 * holdsMs ? Number.POSITIVE_INFINITY : fastest;
        fastest = Number.POSITIVE_INFINITY;
        since = now;
      }
      fastest = Math.min(fastest, now - atMs);
    },
    offsetMs: () => Math.min(before, fastest),
  };
}

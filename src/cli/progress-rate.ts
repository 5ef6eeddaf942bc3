/**
 * How fast something goes, and how long the rest takes: what was done over the time it took, the latest counting most (a half of it
 * is forgotten every ten seconds), so that a limit that lets calls through in bursts does not make it jump. Pure but for its memory; a clock
 * that is set back or jumps ahead changes nothing that was measured.
 */

export type RateMeter = {
  /** Notes how far it has come at an instant, milliseconds. A count that falls begins anew. */
  readonly note: (done: number, atMs: number) => void;
  /** Units per second; undefined before two notes lie far enough apart. */
  readonly perSecond: () => number | undefined;
};

const halfLifeMs = 10_000;
/** Closer notes are one: the time between them would mostly be chance. */
const shortestMs = 50;
/** Nothing here stands still for so long and goes on: the machine slept, or its clock was set. */
const longestMs = 600_000;

export function makeRateMeter(): RateMeter {
  let last: { readonly done: number; readonly atMs: number } | undefined;
  let done = 0;
  let ms = 0;
  return {
    note: (count, atMs) => {
      if (last !== undefined && count < last.done) [done, ms, last] = [0, 0, undefined];
      const passedMs = atMs - (last?.atMs ?? atMs);
      if (last !== undefined && passedMs >= 0 && passedMs < shortestMs) return;
      if (last !== undefined && passedMs > 0 && passedMs <= longestMs) {
        const kept = 0.5 ** (passedMs / halfLifeMs);
        done = done * kept + (count - last.done);
        ms = ms * kept + passedMs;
      }
      last = { done: count, atMs };
    },
    perSecond: () => (ms === 0 ? undefined : (done / ms) * 1000),
  };
}

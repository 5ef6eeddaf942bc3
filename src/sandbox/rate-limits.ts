/**
 * Rate limits as a strict server keeps them: in no window of that length, wherever it begins, may one session start more
 * requests of a route than permitted. Only admitted requests count. Time is the machine's, to fractions of a
 * millisecond, and never the sandbox's clock, which tests move.
 */
import { z } from 'zod';

export const limitsSchema = z.record(
  z.string().min(1),
  z.strictObject({ starts: z.int().positive(), perMs: z.number().positive() }),
);

/** Route (or `*` for all others) → so many starts in any `perMs` milliseconds, for each session. */
export type Limits = z.infer<typeof limitsSchema>;

export type RateLimits = {
  readonly read: () => Limits;
  /** Replaces all limits; what was admitted before is forgotten. */
  readonly set: (limits: Limits) => void;
  /** Counts a request of that arrival and returns undefined, or does not, and returns after how many ms one would fit. */
  readonly admit: (route: string, session: string | null, arrivedMs: number) => number | undefined;
};

export function makeRateLimits(initial: Limits): RateLimits {
  let limits = initial;
  let admitted = new Map<string, readonly number[]>();
  const admit: RateLimits['admit'] = (route, session, arrivedMs) => {
    const limit = limits[route] ?? limits['*'];
    if (limit === undefined) return undefined;
    const key = `${route} ${session}`;
    // Twice the window, because requests may reach this place in another order than they arrived in.
    const recent = (admitted.get(key) ?? []).filter((start) => start > arrivedMs - 2 * limit.perMs);
    const tried = [...recent, arrivedMs].sort((left, right) => left - right);
    if (countMostInWindow(tried, limit.perMs) > limit.starts)
      return Math.max(0, (recent.at(-limit.starts) ?? arrivedMs) + limit.perMs - arrivedMs);
    admitted.set(key, tried);
    return undefined;
  };
  return {
    read: () => limits,
    set: (replacement) => {
      limits = replacement;
      admitted = new Map();
    },
    admit,
  };
}

/** The most of the ascending instants that lie in one window; two that are `perMs` apart do not. */
export function countMostInWindow(ascending: readonly number[], perMs: number): number {
  let most = 0;
  let first = 0;
  for (const [last, instant] of ascending.entries()) {
    while (instant - (ascending[first] as number) >= perMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

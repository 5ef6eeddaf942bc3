/**
 * How long a lane rests after LiveVox said "not now" (429, 503): as long as `Retry-After` says, else a second, and twice as long each time
 * it says so again, up to half a minute. The rest is shared by all processes; the first good answer ends the doubling. Pure.
 */
import { type Answered, isGood } from './adaptive-flight.ts';
import type { Reply } from './reply.ts';

/** Refusals in a row; requests that were under way together count as one. `at`: the last that counted, epoch milliseconds. */
export type Refusals = { readonly count: number; readonly at: number };

export const noRefusals: Refusals = { count: 0, at: Number.NEGATIVE_INFINITY };

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** What an answer adds to the refusals, or ends of them. */
export function countRefusals(refusals: Refusals, { reply, startedAt, endedAt }: Answered): Refusals {
  if (isGood(reply)) return noRefusals;
  if (!isRefusal(reply) || startedAt < refusals.at) return refusals;
  return { count: refusals.count + 1, at: endedAt };
}

/** Milliseconds that the lane is to rest; undefined after a reply that asks for none. `refusals` counts this reply already. */
export function choosePauseMs(reply: Reply, { count }: Refusals): number | undefined {
  if (reply.kind !== 'limited' && reply.kind !== 'unavailable') return undefined;
  return reply.retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, count - 1));
}

function isRefusal(reply: Answered['reply']): boolean {
  return reply === 'limited' || reply === 'unavailable';
}

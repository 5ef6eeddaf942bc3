/**
 * Books the next slot of a lane in the function sync.book_slot: one round trip, by the database's clock. Locks the lane's row
 * (primary key of sync.lane_slots) for the length of the statement, and that lock is the queue: who comes first starts first.
 */
import { FatalError } from '../errors.ts';
import type { Queryable } from './connection.ts';

/** At most `starts` slots in any `perMs` milliseconds. */
export type LaneWindow = { readonly starts: number; readonly perMs: number };

/** Starts kept per lane where no window needs more, so that a limit can be learnt from them; a row of 200 fits its page. */
const keptStarts = 200;

/** `waitMs` from the database's time `atMs` (epoch) on; when that is more than `maxWaitMs`, nothing was booked. */
export type BookedSlot = { readonly waitMs: number; readonly atMs: number };

export async function bookSlot(
  db: Queryable,
  lane: string,
  windows: readonly LaneWindow[],
  maxWaitMs: number,
): Promise<BookedSlot> {
  const kept = Math.max(keptStarts, ...windows.map(({ starts }) => starts));
  const booked = await db.query<BookedSlot>(
    `select wait_ms as "waitMs", at_ms as "atMs" from sync.book_slot($1, $2::integer[], $3::bigint[], $4, $5)`,
    [lane, windows.map(({ starts }) => starts), windows.map(({ perMs }) => perMs), maxWaitMs, kept],
  );
  const [slot] = booked.rows;
  if (slot === undefined) throw new FatalError('sync.book_slot gave no slot; run lvsync migrate.');
  return slot;
}

/** The pauses that LiveVox asks for: one row of sync.lane_slots by its primary key. A pause is never shortened by another. */
import type { Queryable } from './connection.ts';

/** No slot of the lane starts within `pauseMs`. */
export async function pauseLane(db: Queryable, lane: string, pauseMs: number): Promise<void> {
  await db.query(
    `insert into sync.lane_slots as held (lane, blocked_until)
     values ($1, clock_timestamp() + $2 * interval '1 millisecond')
     on conflict (lane) do update set blocked_until = greatest(held.blocked_until, excluded.blocked_until)`,
    [lane, pauseMs],
  );
}

/** How much of the lane's pause is left, milliseconds; 0 without one. */
export async function selectPauseMs(db: Queryable, lane: string): Promise<number> {
  const held = await db.query<{ pauseMs: number }>(
    `select ceil(extract(epoch from blocked_until - clock_timestamp()) * 1000)::double precision as "pauseMs"
       from sync.lane_slots
      where lane = $1 and blocked_until > clock_timestamp()`,
    [lane],
  );
  return held.rows[0]?.pauseMs ?? 0;
}

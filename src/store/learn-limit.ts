/** What a limit is learnt from, and the limit learnt: one row of sync.lane_slots by its primary key. */
import type { LaneWindow } from './book-slot.ts';
import type { Queryable } from './connection.ts';

export type LaneStarts = {
  /** Starts of the last `spanMs`, as far as they are kept. */
  readonly starts: number;
  /** The limit learnt before, and how long ago. */
  readonly learnt?: LaneWindow & { readonly ageMs: number };
};

type LaneRow = { readonly starts: number; readonly learnt: NonNullable<LaneStarts['learnt']> | null };

/** How many requests of the lane have started within the last `spanMs`, and what was learnt before. */
export async function selectLaneStarts(db: Queryable, lane: string, spanMs: number): Promise<LaneStarts> {
  const found = await db.query<LaneRow>(
    `select (select count(*)::integer
               from unnest(slots) as slot
              where slot > clock_timestamp() - $2 * interval '1 millisecond' and slot <= clock_timestamp()) as "starts",
            case when learnt_until > clock_timestamp() then json_build_object(
              'starts', learnt_starts,
              'perMs', learnt_per_ms,
              'ageMs', extract(epoch from clock_timestamp() - learnt_at) * 1000
            ) end as "learnt"
       from sync.lane_slots
      where lane = $1`,
    [lane, spanMs],
  );
  const row = found.rows[0];
  return { starts: row?.starts ?? 0, learnt: row?.learnt ?? undefined };
}

/**
 * Puts a learnt limit in force for `holdsMs`, in the place of the one that was `seen`. False, and nothing is written, when another is in
 * force by now.
 */
export async function markLearntLimit(
  db: Queryable,
  lane: string,
  limit: LaneWindow,
  holdsMs: number,
  seen: LaneWindow | undefined,
): Promise<boolean> {
  const marked = await db.query(
    `insert into sync.lane_slots as held (lane, learnt_starts, learnt_per_ms, learnt_at, learnt_until)
     values ($1, $2, $3, clock_timestamp(), clock_timestamp() + $4 * interval '1 millisecond')
     on conflict (lane) do update
        set learnt_starts = excluded.learnt_starts, learnt_per_ms = excluded.learnt_per_ms,
            learnt_at = excluded.learnt_at, learnt_until = excluded.learnt_until
      where case when held.learnt_until > clock_timestamp() then held.learnt_starts end is not distinct from $5::integer
        and case when held.learnt_until > clock_timestamp() then held.learnt_per_ms end is not distinct from $6::bigint`,
    [lane, limit.starts, limit.perMs, holdsMs, seen?.starts ?? null, seen?.perMs ?? null],
  );
  return marked.rowCount === 1;
}

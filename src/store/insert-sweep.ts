/** Puts a sweep on record before it asks for anything, and notes how it ended when it marks nothing. Appends to sync.sweeps; by primary key. */
import type { Queryable } from './connection.ts';

export type NewSweep = {
  readonly tenant: string;
  readonly runId: string;
  /** Which part of a rolling sweep, from 0; undefined: a whole sweep. */
  readonly slice?: { readonly index: number; readonly of: number };
  /** Bounds of modifyDate; undefined: none. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** LiveVox's clock. */
  readonly serverNow: Date;
};

/** The id of the sweep, as text because it may outgrow a number. */
export async function insertSweep(db: Queryable, sweep: NewSweep): Promise<string> {
  const { tenant, runId, slice, startsAt, endsAt, serverNow } = sweep;
  const inserted = await db.query<{ id: string }>(
    `insert into sync.sweeps (tenant, run_id, kind, slice, slices, starts_at, ends_at, server_started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     returning id::text as id`,
    [
      tenant,
      runId,
      slice === undefined ? 'whole' : 'slice',
      slice?.index ?? null,
      slice?.of ?? null,
      startsAt,
      endsAt,
      serverNow,
    ],
  );
  return inserted.rows[0]!.id;
}

/** Notes that no whole answer came; a sweep that has ended stays as it is. */
export async function markSweepFailed(db: Queryable, id: string, message: string): Promise<void> {
  await db.query(
    `update sync.sweeps set state = 'failed', ended_at = clock_timestamp(), message = $2 where id = $1 and state = 'running'`,
    [id, message],
  );
}

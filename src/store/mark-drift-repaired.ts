/**
 * Notes which differences of a sweep are none any more: the mirror has what LiveVox showed. Indexes: drift_by_sweep and the key of
 * mirror.contacts. Locks: the rows it marks.
 */
import type { Queryable } from './connection.ts';

/** How many were marked now. */
export async function markDriftRepaired(db: Queryable, sweepId: string): Promise<number> {
  const marked = await db.query(
    `update sync.drift d
        set repaired_at = clock_timestamp()
       from mirror.contacts m
      where d.sweep_id = $1 and d.repaired_at is null and d.modify_date is not null
        and m.tenant = d.tenant and m.account = d.account and m.tombstoned_at is null and m.modify_date >= d.modify_date
        and (d.cause <> 'rolled_back' or m.modify_date = d.modify_date)`,
    [sweepId],
  );
  return marked.rowCount ?? 0;
}

/**
 * Records what a reconcile of chosen contacts found to differ, and afterwards which of it is mended: the contact has been
 * merged since. A run that is begun again forgets what it had recorded before. Indexes: drift_by_run, coverage_by_tenant, the key of mirror.contacts. Locks: its own rows.
 */
import type { Queryable } from './connection.ts';

export type NewDrift = {
  readonly account: string;
  readonly cause: 'late_commit' | 'missed_window' | 'silent_change' | 'rolled_back' | 'vanished' | 'altered';
  /** What LiveVox shows; undefined when it does not say, or shows no such contact. */
  readonly modifyDate: Date | undefined;
};

export async function insertDrift(
  db: Queryable,
  { runId, tenant }: { readonly runId: string; readonly tenant: string },
  drift: readonly NewDrift[],
): Promise<void> {
  await db.query(`delete from sync.drift where run_id = $1`, [runId]);
  await db.query(
    `insert into sync.drift (run_id, tenant, account, cause, modify_date)
     select $1, $2, d.account, d.cause, d.modify_date
       from unnest($3::text[], $4::text[], $5::timestamptz[]) as d (account, cause, modify_date)`,
    [
      runId,
      tenant,
      drift.map(({ account }) => account),
      drift.map(({ cause }) => cause),
      drift.map(({ modifyDate }) => modifyDate?.toISOString() ?? null),
    ],
  );
}

/** The merge after which a repair begins; null: nothing has been merged yet. */
export async function selectLastMergeAt(db: Queryable, tenant: string): Promise<Date | null> {
  const found = await db.query<{ at: Date | null }>(
    `select max(merged_at) as "at" from sync.coverage where tenant = $1`,
    [tenant],
  );
  return found.rows[0]?.at ?? null;
}

/** Contacts that were merged later than `after`; how many were marked. */
export async function markDriftRepairedSince(db: Queryable, runId: string, after: Date | null): Promise<number> {
  const marked = await db.query(
    `update sync.drift d
        set repaired_at = clock_timestamp()
       from mirror.contacts m
      where d.run_id = $1 and d.repaired_at is null and m.tenant = d.tenant and m.account = d.account and m.tombstoned_at is null
        and m.merged_at > coalesce($2, '-infinity'::timestamptz) and d.cause <> 'vanished'`,
    [runId, after],
  );
  return marked.rowCount ?? 0;
}

/**
 * Records contacts whose values differed from LiveVox's though their modifyDate did not: those that a pull of the same stretch of time
 * has rewritten since the sweep looked at the mirror, with the modifyDate they had. One transaction with the sweep's count. Indexes: the
 * key of mirror.contacts, for the contacts of the stretch. Locks: one row of sync.sweeps.
 */
import { type Store, withTransaction } from './connection.ts';
import type { SweepTables } from './make-sweep-tables.ts';

export type SilentDriftInput = {
  readonly sweepId: string;
  readonly tenant: string;
  readonly tables: SweepTables;
  /** Bounds of modifyDate that were pulled; undefined: none. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
};

/** How many there are. The pull has repaired them. */
export async function insertSilentDrift(store: Store, input: SilentDriftInput): Promise<number> {
  const { sweepId, tenant, tables, startsAt, endsAt } = input;
  return withTransaction(store, async (client) => {
    const recorded = await client.query(
      `insert into sync.drift (sweep_id, tenant, account, cause, modify_date, repaired_at)
       select $1, $2, b.account, 'silent_change', m.modify_date, clock_timestamp()
         from ${tables.before} b
         join mirror.contacts m on m.tenant = $2 and m.account = b.account
        where not b.is_tombstone and m.merged_at > b.merged_at and m.modify_date is not distinct from b.modify_date
          and (b.modify_date is null and $3::timestamptz is null and $4::timestamptz is null
            or b.modify_date >= coalesce($3, '-infinity') and b.modify_date <= coalesce($4, 'infinity'))`,
      [sweepId, tenant, startsAt ?? null, endsAt ?? null],
    );
    const silent = recorded.rowCount ?? 0;
    await client.query(`update sync.sweeps set drifted = drifted + $2 where id = $1`, [sweepId, silent]);
    return silent;
  });
}

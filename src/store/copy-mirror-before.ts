/**
 * Copies the keys and times of a tenant's mirror as it stands into the working table of a sweep, and counts them: one pass over the
 * mirror's rows of the tenant, which no index could spare. Called with the tenant's lock held: nobody merges meanwhile.
 */
import type { Queryable } from './connection.ts';
import type { SweepTables } from './make-sweep-tables.ts';

export type MirrorBefore = {
  /** Contacts, tombstones not among them. */
  readonly contacts: number;
  /** Of those: without a modifyDate. */
  readonly undated: number;
  readonly tombstones: number;
};

export async function copyMirrorBefore(db: Queryable, tables: SweepTables, tenant: string): Promise<MirrorBefore> {
  // A create table … as takes no parameters.
  await db.query(
    `create unlogged table ${tables.before} (account text not null, modify_date timestamptz, merged_at timestamptz not null,
       is_tombstone boolean not null) with (autovacuum_enabled = false)`,
  );
  await db.query(
    `insert into ${tables.before} (account, modify_date, merged_at, is_tombstone)
     select account, modify_date, merged_at, tombstoned_at is not null
       from mirror.contacts
      where tenant = $1`,
    [tenant],
  );
  await db.query(`analyze ${tables.before}`);
  const counted = await db.query<MirrorBefore>(
    `select (count(*) filter (where not is_tombstone))::int as "contacts",
            (count(*) filter (where not is_tombstone and modify_date is null))::int as "undated",
            (count(*) filter (where is_tombstone))::int as "tombstones"
       from ${tables.before}`,
  );
  return counted.rows[0]!;
}

/**
 * Forgets the tenant's former versions that were replaced more than `keepMonths` whole months ago (UTC). A month that holds no other tenant's
 * versions is dropped as a whole; elsewhere the tenant's rows are deleted, and the month goes with its last tenant.
 * Index: contact_versions_by_account. Locks: the deleted rows; a drop locks mirror.contact_versions for an instant, and where a reader stands
 * in the way for longer, it is left to the next run.
 */
import pg from 'pg';
import { type Queryable, type Store, withTransaction } from './connection.ts';

type PruneInput = {
  readonly tenant: string;
  /** 0: for ever. */
  readonly keepMonths: number;
  readonly now: Date;
};

/** Months dropped, and versions deleted from months that stay. */
type Pruned = { readonly months: number; readonly versions: number };

export async function pruneHistory(store: Store, { tenant, keepMonths, now }: PruneInput): Promise<Pruned> {
  let pruned: Pruned = { months: 0, versions: 0 };
  if (keepMonths === 0) return pruned;
  const keepFrom = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - keepMonths, 1));
  for (const month of await selectMonthsBefore(store.pool, keepFrom)) {
    const one = await withTransaction(store, (client) => pruneMonth(client, month, tenant)).catch(toSkipped);
    pruned = { months: pruned.months + one.months, versions: pruned.versions + one.versions };
  }
  const rest = await store.pool.query(
    `delete from mirror_history.contact_versions_default where tenant = $1 and known_until < $2`,
    [tenant, keepFrom],
  );
  return { ...pruned, versions: pruned.versions + (rest.rowCount ?? 0) };
}

/** Names of the partitions whose month ends before, oldest first. */
async function selectMonthsBefore(db: Queryable, keepFrom: Date): Promise<readonly string[]> {
  const found = await db.query<{ name: string }>(
    `select c.relname as name
       from pg_inherits i
       join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'mirror.contact_versions'::regclass and c.relname ~ '^contact_versions_[0-9]{4}_[0-9]{2}$'
        and c.relname < $1
      order by 1`,
    [`contact_versions_${keepFrom.toISOString().slice(0, 7).replace('-', '_')}`],
  );
  return found.rows.map((row) => row.name);
}

async function pruneMonth(client: Queryable, month: string, tenant: string): Promise<Pruned> {
  const table = `mirror_history.${month}`;
  await client.query(`select set_config('lock_timeout', '2s', true)`);
  const held = await client.query<{ others: boolean }>(
    `select coalesce(min(tenant) <> $1 or max(tenant) <> $1, false) as "others" from ${table}`,
    [tenant],
  );
  if (held.rows[0]?.others === true) {
    const deleted = await client.query(`delete from ${table} where tenant = $1`, [tenant]);
    return { months: 0, versions: deleted.rowCount ?? 0 };
  }
  await client.query(`select mirror_history.drop_month($1)`, [month]);
  return { months: 1, versions: 0 };
}

function toSkipped(error: unknown): Pruned {
  if (error instanceof pg.DatabaseError && error.code === '55P03') return { months: 0, versions: 0 };
  throw error;
}

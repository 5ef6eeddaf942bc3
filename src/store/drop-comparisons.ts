/**
 * Drops what is kept of systems of record that are no longer configured: both sides of their comparison, which hold contacts. Made anew when one
 * comes back. Locks: the dropped tables, which no run of a configured source reads.
 */
import { type Queryable, type Store, withTransaction } from './connection.ts';

export type RemovedInput = {
  readonly tenant: string;
  /** Names of those that are configured. */
  readonly sources: readonly string[];
  /** What was last read before goes. */
  readonly before: Date;
};

/** How many would go. */
export async function countRemovedComparisons(db: Queryable, input: RemovedInput): Promise<number> {
  return (await selectRemoved(db, input)).length;
}

/** Drops them, each in a transaction of its own; returns how many. */
export async function dropRemovedComparisons(store: Store, input: RemovedInput): Promise<number> {
  const removed = await selectRemoved(store.pool, input);
  for (const id of removed) {
    await withTransaction(store, async (client) => {
      const tables = await client.query<{ name: string }>(
        `select oid::regclass::text as name from pg_class
          where relnamespace = 'sync'::regnamespace and relkind = 'r' and relname ~ ('^(compared|desired)_' || $1::bigint || '(_[a-z]+)?$')`,
        [id],
      );
      for (const { name } of tables.rows) await client.query(`drop table if exists ${name}`);
      await client.query(`delete from sync.comparisons where id = $1`, [id]);
    });
  }
  return removed.length;
}

async function selectRemoved(db: Queryable, { tenant, sources, before }: RemovedInput): Promise<readonly string[]> {
  const found = await db.query<{ id: string }>(
    `select id::text as id from sync.comparisons
      where tenant = $1 and system_of_record <> all($2) and greatest(built_at, desired_at) < $3 order by id`,
    [tenant, sources, before],
  );
  return found.rows.map(({ id }) => id);
}

/**
 * Keeps account of which contacts of the mirror were written, so that comparisons need not read the whole of it again: called by
 * whoever writes mirror.contacts, in the same transaction. Notes nothing while the tenant has no comparison to keep current, and
 * gives up those that no plan has asked for in a long time: making them anew is cheaper than noting for ever.
 * Index: the keys of sync.comparisons and sync.touched_contacts. Locks: the rows it writes.
 */
import type { Queryable } from './connection.ts';

const isKept = `exists (select from sync.comparisons where tenant = $1 and key <> '')`;

/** For a statement whose `with` list ends with the name of a query that returns the accounts it wrote; `$1` is the tenant. */
export function toTouching(written: string): string {
  return `touched as (insert into sync.touched_contacts (tenant, account) select $1, w.account from ${written} w where ${isKept})`;
}

/** What `pg_temp.found` says the merge has written. */
export async function touchFound(client: Queryable, tenant: string, stageTable: string): Promise<void> {
  await endForgottenComparisons(client, tenant);
  await client.query(
    `insert into sync.touched_contacts (tenant, account)
     select $1, s.account
       from pg_temp.found f
       join ${stageTable} s on s.ctid = f.staged_at
      where (f.held_at is null or not f.is_older) and ${isKept}`,
    [tenant],
  );
}

/** A first load touches every contact there is. */
export async function endComparisons(client: Queryable, tenant: string): Promise<void> {
  await client.query(`update sync.comparisons set key = '' where tenant = $1 and key <> ''`, [tenant]);
  await client.query(`delete from sync.touched_contacts where tenant = $1`, [tenant]);
}

async function endForgottenComparisons(client: Queryable, tenant: string): Promise<void> {
  const ended = await client.query(
    `update sync.comparisons
        set key = ''
      where tenant = $1 and key <> '' and greatest(built_at, desired_at) < now() - interval '14 days'`,
    [tenant],
  );
  if (ended.rowCount === 0) return;
  await client.query(`delete from sync.touched_contacts where tenant = $1 and not ${isKept}`, [tenant]);
}

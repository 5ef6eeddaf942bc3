/**
 * Moves the clock of all open stops of a tenant on: when each left last, and when LiveVox was seen to have it. That is when a read-back confirmed
 * the patch, or else when a pull brought the contact with it, whoever has put it there: no plan would hold the stop had the mirror shown it before.
 * Looks at every open stop, so that what a crash left out is noted by the next call. Locks: the tenant's stops (advisory), to the end of the transaction.
 * Indexes: suppressions_open, patches_by_account, the keys of sync.chunks and mirror.contacts.
 */
import { stopFields } from '../contact/index.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';

/** Name, column, kind and stopping value of each field that a stop can be on; arrays for `unnest`. */
export const stopFieldArrays: readonly (readonly string[])[] = [
  stopFields.map(({ name }) => name),
  stopFields.map(({ column }) => column),
  stopFields.map(({ kind }) => kind),
  stopFields.map(({ stopped }) => stopped),
];

/** Notes what was sent and what was seen since the last call; repeatable. */
export async function markSuppressions(store: Store, tenant: string): Promise<void> {
  await withTransaction(store, (client) => markOpenSuppressions(client, tenant));
}

/** The same inside the caller's transaction, which holds the tenant's stops from then on. */
export async function markOpenSuppressions(client: Queryable, tenant: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('lvsync stops ' || $1, 0))`, [tenant]);
  await markSent(client, tenant);
  await markVerified(client, tenant);
}

/*
 * Both look things up stop by stop, by key. Joins would be chosen by statistics, and tables that were filled a moment ago have none: Postgres takes
 * them for empty and holds each stop against all others.
 */

async function markSent(client: Queryable, tenant: string): Promise<void> {
  await client.query(
    `update sync.suppressions s
        set sent_at = l.sent_at
       from (select o.id,
                    (select max((select c.sent_at from sync.chunks c where c.change_set_id = p.change_set_id and c.seq = p.chunk_seq))
                       from sync.patches p
                      where p.change_set_id = o.change_set_id and p.account = o.account
                        and p.operation = 'block' and p.changes ? o.field) as sent_at
               from sync.suppressions o
              where o.tenant = $1 and o.verified_at is null and o.ended_at is null) l
      where s.id = l.id and l.sent_at > coalesce(s.sent_at, '-infinity')`,
    [tenant],
  );
}

async function markVerified(client: Queryable, tenant: string): Promise<void> {
  await client.query(
    `update sync.suppressions s
        set verified_at = v.at
       from (select o.id,
                    coalesce(
                      (select min(p.verdict_at)
                         from sync.patches p
                        where p.change_set_id = o.change_set_id and p.account = o.account
                          and p.operation = 'block' and p.changes ? o.field and p.verdict = 'confirmed'),
                      (select greatest(m.merged_at, o.planned_at)
                         from mirror.contacts m
                        where m.tenant = $1 and m.account = o.account and m.tombstoned_at is null
                          and exists (select from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as f (field, column_name, kind, stopped)
                                       where f.field = o.field and coalesce(to_jsonb(m) ->> f.column_name, 'false') = f.stopped))) as at
               from sync.suppressions o
              where o.tenant = $1 and o.verified_at is null and o.ended_at is null) v
      where s.id = v.id and v.at is not null`,
    [tenant, ...stopFieldArrays],
  );
}

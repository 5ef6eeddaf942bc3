/**
 * Puts the contacts that changed since the last time on the backlog, and moves the mark up to the last merge, in one statement: what a
 * crash leaves out, the next call puts there. The first call of a tenant takes the contacts of the run alone.
 * Reads all rows of the tenant, because an index on merged_at would make every update of a contact dearer; so it is called only when
 * something was merged and somebody wants it. Locks the tenant's row of mirror.tenants and the backlog rows it writes.
 */
import type { Queryable } from './connection.ts';

export async function insertReferenceBacklog(db: Queryable, tenant: string, runId: string): Promise<void> {
  await db.query(
    `with before as (
       select backlog_until from mirror.tenants where tenant = $1
     ), marked as (
       update mirror.tenants
          set backlog_until = (select max(merged_at) from sync.coverage where tenant = $1)
        where tenant = $1
     )
     insert into sync.reference_backlog (tenant, account, changed_at)
     select $1, m.account, coalesce(m.modify_date, m.merged_at)
       from mirror.contacts m
       left join before b on true
      where m.tenant = $1 and m.tombstoned_at is null
        and (m.merged_at > b.backlog_until or (b.backlog_until is null and m.merged_by = $2))
     on conflict (tenant, account) do update set changed_at = excluded.changed_at`,
    [tenant, runId],
  );
}

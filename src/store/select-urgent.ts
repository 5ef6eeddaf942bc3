/**
 * Urgent plans of a tenant that a push is to take in between: sealed, and held by nothing. They do not expire: whoever asked for a stop is not asked
 * again. Index: change_sets_urgent.
 */
import type { Queryable } from './connection.ts';

/** Their ids, the oldest first. One that a push has begun and not ended is among them. */
export async function selectUrgentChangeSets(db: Queryable, tenant: string): Promise<readonly string[]> {
  const found = await db.query<{ id: string }>(
    `select id from sync.change_sets
      where tenant = $1 and urgent and seal is not null
        and state in ('planned', 'approved', 'pushing')
      order by created_at`,
    [tenant],
  );
  return found.rows.map(({ id }) => id);
}

/** Whether one has been sent, and LiveVox not been seen to have it. */
export async function hasUnreadUrgent(db: Queryable, tenant: string): Promise<boolean> {
  const found = await db.query(
    `select from sync.change_sets s
      where s.tenant = $1 and s.urgent and s.state in ('pushing', 'pushed')
        and exists (select from sync.chunks c where c.change_set_id = s.id and c.state in ('sent', 'accepted', 'in_doubt'))
      limit 1`,
    [tenant],
  );
  return found.rowCount === 1;
}

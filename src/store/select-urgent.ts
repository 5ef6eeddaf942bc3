/** Urgent plans of a tenant that a push under way is to take in between: sealed, in time, held by nothing. Index: change_sets_urgent. */
import type { Queryable } from './connection.ts';

/** Their ids, the oldest first. One that a push has begun and not ended is among them. */
export async function selectUrgentChangeSets(db: Queryable, tenant: string): Promise<readonly string[]> {
  const found = await db.query<{ id: string }>(
    `select id from sync.change_sets
      where tenant = $1 and urgent and seal is not null
        and (state = 'pushing' or state in ('planned', 'approved') and expires_at > clock_timestamp())
      order by created_at`,
    [tenant],
  );
  return found.rows.map(({ id }) => id);
}

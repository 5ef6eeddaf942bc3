/** The open stop of a tenant that has waited longest, if it was asked for before an instant; its number alone. Index: suppressions_open. Read-only. */
import type { Queryable } from './connection.ts';

/** undefined: none was asked for before `cutoff`. */
export async function selectOldestOpenStop(db: Queryable, tenant: string, cutoff: Date): Promise<string | undefined> {
  const found = await db.query<{ id: string }>(
    `select id::text as "id" from sync.suppressions
      where tenant = $1 and verified_at is null and ended_at is null and asked_at < $2
      order by asked_at, id limit 1`,
    [tenant, cutoff],
  );
  return found.rows[0]?.id;
}

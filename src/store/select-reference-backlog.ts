/** The accounts of the backlog that are to be read next: the latest change first. Index: reference_backlog_by_change. Read-only. */
import type { Queryable } from './connection.ts';

export async function selectReferenceBacklog(db: Queryable, tenant: string, limit: number): Promise<readonly string[]> {
  const found = await db.query<{ account: string }>(
    `select account from sync.reference_backlog where tenant = $1 order by changed_at desc, account limit $2`,
    [tenant, limit],
  );
  return found.rows.map(({ account }) => account);
}

/** The last instant that any pull has covered, by LiveVox's clock, gaps before it or not; undefined: none has. Index: coverage_by_tenant. Read-only. */
import type { Queryable } from './connection.ts';

export async function selectCoveredUntil(db: Queryable, tenant: string): Promise<Date | undefined> {
  const found = await db.query<{ until: Date | null }>(
    `select max(ends_at) as "until" from sync.coverage where tenant = $1`,
    [tenant],
  );
  return found.rows[0]?.until ?? undefined;
}

/** When a tenant's last run of a kind began, from a command or a job; undefined: there was none. Index: runs_by_kind. Read-only. */
import type { Queryable } from './connection.ts';
import type { RunKind } from './open-run.ts';

export async function selectLastRunStart(db: Queryable, tenant: string, kind: RunKind): Promise<Date | undefined> {
  const found = await db.query<{ startedAt: Date | null }>(
    `select max(started_at) as "startedAt" from sync.runs where tenant = $1 and kind = $2`,
    [tenant, kind],
  );
  return found.rows[0]?.startedAt ?? undefined;
}

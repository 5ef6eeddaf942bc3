/** Counts who approved a plan under its seal. Index: approvals_by_person. */
import type { Queryable } from './connection.ts';

/** How many different people approved the plan as it was sealed; approvals of another seal count for nothing. */
export async function countApprovals(db: Queryable, changeSetId: string, seal: string): Promise<number> {
  const counted = await db.query<{ people: number }>(
    `select count(distinct lower(approved_by))::int as people from sync.approvals where change_set_id = $1 and seal = $2`,
    [changeSetId, seal],
  );
  return counted.rows[0]?.people ?? 0;
}

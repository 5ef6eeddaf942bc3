/** The rows one run could not use: how many for each reason, and the first of them. Index: quarantine_by_run. */
import type { Queryable } from './connection.ts';

export type QuarantinedSummary = {
  readonly rows: number;
  /** The commonest first. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** In the order they were met. */
  readonly first: readonly {
    readonly origin: 'livevox' | 'system_of_record';
    readonly file: string;
    /** Line in the file, or row of the query, from 1 (digits); null where unknown. */
    readonly line: string | null;
    readonly account: string | null;
    readonly reason: string;
  }[];
};

/** What the run set aside, with up to `limit` reasons and rows. The raw text stays in the database. */
export async function selectQuarantined(db: Queryable, runId: string, limit: number): Promise<QuarantinedSummary> {
  const reasons = await db.query<{ reason: string; rows: number; total: number }>(
    `select reason, count(*)::int as "rows", (sum(count(*)) over ())::int as "total"
       from sync.quarantine
      where run_id = $1
      group by reason
      order by count(*) desc, reason
      limit $2`,
    [runId, limit],
  );
  const first = await db.query<QuarantinedSummary['first'][number]>(
    `select origin, file, line::text, account, reason from sync.quarantine where run_id = $1 order by id limit $2`,
    [runId, limit],
  );
  return {
    rows: reasons.rows[0]?.total ?? 0,
    reasons: reasons.rows.map(({ reason, rows }) => ({ reason, rows })),
    first: first.rows,
  };
}

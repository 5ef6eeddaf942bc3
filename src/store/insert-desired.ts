/**
 * Puts contacts as the system of record wants them into sync.desired, a batch at a time, and sets aside accounts that
 * appear twice: which of two rows is right is not ours to guess, so all rows of such an account go to quarantine, and only the blocks
 * and withdrawn consents that any of them states remain.
 * Index: desired_by_account. sync.desired is unlogged: after a database crash it is empty, and the plan is computed again.
 */
import type { CanonicalValue } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type DesiredRow = {
  readonly account: string;
  readonly line: number;
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  /** The row itself is in quarantine; only its blocks and withdrawn consents count. */
  readonly restrictsOnly: boolean;
  readonly raw: string;
};

export async function insertDesired(db: Queryable, runId: string, rows: readonly DesiredRow[]): Promise<void> {
  await db.query(
    `insert into sync.desired (run_id, account, line, fields, restricts_only, raw)
     select $1, d.account, d.line, d.fields, d.restricts_only, d.raw
       from unnest($2::text[], $3::bigint[], $4::jsonb[], $5::boolean[], $6::text[])
         as d (account, line, fields, restricts_only, raw)`,
    [
      runId,
      rows.map((row) => row.account),
      rows.map((row) => row.line),
      rows.map((row) => JSON.stringify(row.fields)),
      rows.map((row) => row.restrictsOnly),
      rows.map((row) => row.raw),
    ],
  );
}

/** Moves every row of an account that appears more than once into quarantine, but for its restrictions; returns how many usable rows that were. */
export async function quarantineRepeatedDesired(
  db: Queryable,
  input: { readonly tenant: string; readonly runId: string; readonly file: string },
): Promise<number> {
  // The table was empty a moment ago: without fresh statistics the planner compares every row with every other.
  await db.query(`analyze sync.desired`);
  const moved = await db.query(
    `with repeated as (
       select account from sync.desired where run_id = $2 group by account having count(*) > 1
     ), gone as (
       delete from sync.desired d using repeated r
        where d.run_id = $2 and d.account = r.account
       returning d.account, d.line, d.fields, d.restricts_only, d.raw
     ), kept as (
       insert into sync.desired (run_id, account, line, fields, restricts_only, raw)
       select $2, g.account, min(g.line), jsonb_object_agg(f.key, f.value), true, ''
         from gone g, jsonb_each(g.fields) as f (key, value)
        where (f.key ~ 'Block(Daily)?$' and f.value = '"true"') or (f.key ~ '(Consent|^active)$' and f.value = '"false"')
        group by g.account
     )
     insert into sync.quarantine (tenant, run_id, origin, file, line, account, reason, raw)
     select $1, $2, 'system_of_record', $3, line, account, 'the account appears more than once', raw
       from gone where not restricts_only order by line`,
    [input.tenant, input.runId, input.file],
  );
  return moved.rowCount ?? 0;
}

/** Empties what a run put there, and what runs that have ended left behind. */
export async function deleteDesired(db: Queryable, runId: string): Promise<void> {
  await db.query(
    `delete from sync.desired d
      where d.run_id = $1
         or not exists (select from sync.runs r where r.id = d.run_id and r.state = 'running')`,
    [runId],
  );
}

/** How many contacts the run has restrictions alone for. */
export async function countRestrictsOnly(db: Queryable, runId: string): Promise<number> {
  const counted = await db.query<{ count: number }>(
    `select count(*)::int as count from sync.desired where run_id = $1 and restricts_only`,
    [runId],
  );
  return counted.rows[0]?.count ?? 0;
}

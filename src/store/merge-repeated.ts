/**
 * Counts the stage, and moves the rows of accounts that it has more than once to the quarantine: which of two is right is not ours to guess.
 * Reads the stage once; only when an account repeats, which is rare, again. Counts hashes of 64 bits, because they sort faster than
 * accounts: two accounts of one hash cost that second look, nothing else.
 */
import type { Queryable } from './connection.ts';
import type { MergeInput } from './merge-frame.ts';

export type StageTally = {
  /** Rows that stay in the stage. */
  readonly staged: number;
  /** Rows that left it. */
  readonly repeated: number;
};

export async function quarantineRepeated(client: Queryable, input: MergeInput): Promise<StageTally> {
  const counted = await client.query<{ rows: number; accounts: number }>(
    `select count(*)::int as "rows", count(distinct hashtextextended(account, 0))::int as "accounts" from ${input.stage.table}`,
  );
  const { rows, accounts } = counted.rows[0]!;
  const repeated = rows === accounts ? 0 : await moveRepeated(client, input);
  return { staged: rows - repeated, repeated };
}

async function moveRepeated(client: Queryable, { stage, tenant, download }: MergeInput): Promise<number> {
  const moved = await client.query(
    `with repeated as (
       select account from ${stage.table} group by account having count(*) > 1
     ), gone as (
       delete from ${stage.table} s using repeated r where s.account = r.account
       returning s.account, jsonb_strip_nulls(to_jsonb(s))::text as raw
     )
     insert into sync.quarantine (tenant, run_id, origin, file, account, reason, raw)
     select $1, $2, 'livevox', $3, g.account, 'the account appears more than once', g.raw from gone g order by g.account`,
    [tenant, stage.runId, download.file],
  );
  return moved.rowCount ?? 0;
}

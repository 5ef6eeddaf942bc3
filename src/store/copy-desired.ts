/**
 * Copies the rows of a system of record into its table of desired contacts, and sets aside accounts that appear twice: which of two rows
 * is right is not ours to guess, so all rows of such an account go to quarantine. Of them, and of rows that cannot be used for another
 * reason, the blocks and withdrawn consents remain, and that the system of record has the contact at all.
 * Locks: the tables of the comparison, which nobody else writes.
 */
import type { CanonicalValue, Digest } from '../contact/index.ts';
import { type Store, withTransaction } from './connection.ts';
import { CopyIn } from './copy-text.ts';
import { type Comparison, makeDesired } from './make-comparison.ts';

export type DesiredRow = {
  readonly account: string;
  readonly line: number;
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  readonly digest: Digest;
  /** The row itself is in quarantine; only its blocks and withdrawn consents count. */
  readonly restrictsOnly: boolean;
  /** ISO 8601 in UTC. */
  readonly changedAt?: string | undefined;
  readonly raw: string;
};

/** Replaces the table's rows; gives how many came. @throws what reading the rows throws, and what Postgres throws */
export async function copyDesired(
  store: Store,
  comparison: Comparison,
  batches: AsyncIterable<readonly DesiredRow[]>,
): Promise<number> {
  await makeDesired(store.pool, comparison);
  const { desiredTable, rawTable } = comparison;
  const rows = await withTransaction(store, (client) =>
    withTransaction(store, async (rawClient) => {
      const target = `${desiredTable} (account, line, hash, bits, said, filled, restricts_only, changed_at, fields)`;
      const desired = new CopyIn(client, target);
      const raw = new CopyIn(rawClient, `${rawTable} (line, raw)`);
      try {
        for await (const batch of batches) {
          for (const row of batch) {
            if (desired.add(toCells(row))) await desired.flush();
            if (!row.restrictsOnly && raw.add([row.line, row.raw])) await raw.flush();
          }
        }
        await raw.end();
        return await desired.end();
      } catch (error) {
        await Promise.all([desired.abort(error), raw.abort(error)]);
        throw error;
      }
    }),
  );
  // Without fresh statistics the planner compares every row with every other.
  await store.pool.query(`analyze ${desiredTable} (account, hash, line, restricts_only)`);
  return rows;
}

function toCells({ account, line, digest, restrictsOnly, changedAt, fields }: DesiredRow) {
  const { hash, bits, said, filled } = digest;
  return [
    account,
    line,
    restrictsOnly ? null : hash,
    bits,
    said,
    filled,
    restrictsOnly,
    changedAt ?? null,
    JSON.stringify(fields),
  ];
}

/**
 * Moves every row of an account that appears more than once into quarantine, but for its restrictions; returns how many usable rows
 * that were. The raw text is dropped. Hashes are counted because they sort faster than accounts: two accounts of one hash cost a second look.
 */
export async function quarantineRepeatedDesired(
  store: Store,
  comparison: Comparison,
  input: { readonly runId: string; readonly file: string },
): Promise<number> {
  const { desiredTable, rawTable, tenant } = comparison;
  return withTransaction(store, async (client) => {
    await client.query(`set local work_mem = '64MB'`);
    const counted = await client.query<{ isRepeated: boolean }>(
      `select count(*) <> count(distinct hashtextextended(account, 0)) as "isRepeated" from ${desiredTable}`,
    );
    let moved = 0;
    if (counted.rows[0]?.isRepeated === true) {
      const quarantined = await client.query(moveRepeated(desiredTable, rawTable), [tenant, input.runId, input.file]);
      moved = quarantined.rowCount ?? 0;
    }
    await client.query(`drop table ${rawTable}`);
    return moved;
  });
}

function moveRepeated(desiredTable: string, rawTable: string): string {
  return `
    with repeated as (
      select account from ${desiredTable} group by account having count(*) > 1
    ), gone as (
      delete from ${desiredTable} d using repeated r
       where d.account = r.account
      returning d.account, d.line, d.fields, d.restricts_only, d.bits & d.said as restricting
    ), restrictions as (
      select g.account, jsonb_object_agg(f.key, f.value) as fields
        from gone g, jsonb_each(g.fields) as f (key, value)
       where (f.key ~ 'Block(Daily)?$' and f.value = '"true"') or (f.key ~ '(Consent|^active)$' and f.value = '"false"')
       group by g.account
    ), kept as (
      insert into ${desiredTable} (account, line, bits, said, filled, restricts_only, fields)
      select g.account, min(g.line), bit_or(g.restricting), bit_or(g.restricting), 0, true, coalesce(r.fields, '{}')
        from gone g
        left join restrictions r on r.account = g.account
       group by g.account, r.fields
    )
    insert into sync.quarantine (tenant, run_id, origin, file, line, account, reason, raw)
    select $1, $2, 'system_of_record', $3, g.line, g.account, 'the account appears more than once', w.raw
      from gone g
      join ${rawTable} w on w.line = g.line
     where not g.restricts_only
     order by g.line`;
}

export type DesiredCounts = {
  /** Usable rows. */
  readonly accepted: number;
  /** Contacts whose row is in quarantine, and of which only blocks and withdrawn consents count. */
  readonly restrictsOnly: number;
  /** Contacts whose row is in quarantine, and which restricts nobody: all that counts is that they are there. */
  readonly namedOnly: number;
};

/** What the table holds. */
export async function countDesired(store: Store, { desiredTable }: Comparison): Promise<DesiredCounts> {
  const counted = await store.pool.query<DesiredCounts>(
    `select (count(*) filter (where not restricts_only))::int as accepted,
            (count(*) filter (where restricts_only and said is distinct from 0))::int as "restrictsOnly",
            (count(*) filter (where restricts_only and said = 0))::int as "namedOnly"
       from ${desiredTable}`,
  );
  return counted.rows[0]!;
}

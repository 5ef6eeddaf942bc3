/**
 * Makes what a plan compares with: per tenant and system of record a row in sync.comparisons and tables named by its id. Their names come
 * from that number, never from data. Unlogged: after a crash of the database they are empty, and are made again. Locks: its own tables.
 */
import type { Queryable } from './connection.ts';

export type Comparison = {
  readonly id: number;
  readonly tenant: string;
  /** The mirror's side: account, hash, bits, filled, seen_on (the client's day on which the row was read). */
  readonly comparedTable: string;
  /** The other side: one row per contact of the last reading. */
  readonly desiredTable: string;
  /** What of the other side is compared, and where in it the rest stands. */
  readonly keysTable: string;
  /** Raw text of the rows while they are read, by line. */
  readonly rawTable: string;
};

/** The comparison of a system of record; its first plan makes it. */
export async function makeComparison(
  db: Queryable,
  input: { readonly tenant: string; readonly systemOfRecord: string },
): Promise<Comparison> {
  const { tenant, systemOfRecord } = input;
  await db.query(
    `insert into sync.comparisons (tenant, system_of_record, key, touched_seq, rows, built_at)
     values ($1, $2, '', 0, 0, clock_timestamp()) on conflict (tenant, system_of_record) do nothing`,
    [tenant, systemOfRecord],
  );
  const found = await db.query<{ id: string }>(
    `select id from sync.comparisons where tenant = $1 and system_of_record = $2`,
    [tenant, systemOfRecord],
  );
  return toComparison(Number(found.rows[0]!.id), tenant);
}

function toComparison(id: number, tenant: string): Comparison {
  return {
    id,
    tenant,
    comparedTable: `sync.compared_${id}`,
    desiredTable: `sync.desired_${id}`,
    keysTable: `sync.desired_${id}_keys`,
    rawTable: `sync.desired_${id}_raw`,
  };
}

/** The other side, empty; what the reading before left is dropped. */
export async function makeDesired(db: Queryable, { id, desiredTable, keysTable, rawTable }: Comparison): Promise<void> {
  await db.query(`update sync.comparisons set desired_run_id = null where id = $1`, [id]);
  await db.query(`drop table if exists ${desiredTable}, ${keysTable}, ${rawTable}`);
  await db.query(
    `create unlogged table ${desiredTable} (
       account text not null, hash bigint, bits bigint, said bigint, filled bigint, restricts_only boolean not null, line bigint not null,
       changed_at timestamptz, causes jsonb, fields jsonb not null) with (autovacuum_enabled = false)`,
  );
  await db.query(
    `create unlogged table ${rawTable} (line bigint not null, raw text not null) with (autovacuum_enabled = false)`,
  );
}

/** What is compared of the other side, apart from its fields: a table a tenth as wide, which is what makes comparing fast. */
export async function makeDesiredKeys(db: Queryable, { desiredTable, keysTable }: Comparison): Promise<void> {
  await db.query(`drop table if exists ${keysTable}`);
  await db.query(
    `create unlogged table ${keysTable} with (autovacuum_enabled = false) as
     select account, hash, bits, said, filled, restricts_only, line = 0 as is_added, ctid as place from ${desiredTable}`,
  );
  await db.query(`analyze ${keysTable} (account, hash, restricts_only)`);
}

/** The mirror's side, empty and without its key: rows are copied first. */
export async function makeCompared(db: Queryable, { comparedTable }: Comparison): Promise<void> {
  await db.query(`drop table if exists ${comparedTable}`);
  await db.query(
    `create unlogged table ${comparedTable} (
       account text not null, hash bigint not null, bits bigint not null, filled bigint not null, seen_on date not null)`,
  );
}

/** Notes that the reading is whole; its rows stay until the next one. */
export async function markDesiredRead(
  db: Queryable,
  comparison: Comparison,
  read: { readonly runId: string; readonly label: string; readonly rows: number },
): Promise<void> {
  await db.query(
    `update sync.comparisons
        set desired_run_id = $2, desired_label = $3, desired_rows = $4, desired_at = clock_timestamp()
      where id = $1`,
    [comparison.id, read.runId, read.label, read.rows],
  );
}

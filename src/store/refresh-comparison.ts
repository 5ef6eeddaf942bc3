/**
 * Brings the mirror's side of a comparison up to date: the contacts that were touched since, or all of them when there is none yet, when
 * something else is compared than last time, or when it was lost with the database. The tenant's merge is held meanwhile, so that the
 * comparison is the mirror as it stands at one moment.
 * Index: the keys of sync.touched_contacts and mirror.contacts; a new one reads the tenant's rows once. Locks: the tenant's merge
 * (advisory), the tables of the comparison.
 */
import type { PoolClient } from 'pg';
import {
  type CanonicalValue,
  type ComparedFields,
  digestContact,
  toComparisonKey,
  toMirrorCanonical,
} from '../contact/index.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { CopyIn, copyOut } from './copy-text.ts';
import { type Comparison, makeCompared } from './make-comparison.ts';
import type { DataTypes } from './mirror-columns.ts';
import { selectDataTypes } from './select-custom-fields.ts';

export type RefreshInput = {
  readonly fields: ComparedFields;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly signal?: AbortSignal;
};

export type Refreshed = {
  /** Contacts of the mirror. */
  readonly rows: number;
  /** Contacts that were read. */
  readonly digested: number;
  readonly isNew: boolean;
  /** Up to which touched contacts it is current. */
  readonly touchedSeq: string;
};

type Held = {
  readonly key: string;
  readonly touchedSeq: string;
  readonly rows: string;
  readonly lastSeq: string;
  readonly hasTable: boolean;
};

type Due = { readonly key: string; readonly lastSeq: string; readonly dataTypes: DataTypes };

/** Mirror and comparison agree afterwards. */
export async function refreshComparison(store: Store, comparison: Comparison, input: RefreshInput): Promise<Refreshed> {
  const dataTypes = await selectDataTypes(store.pool, comparison.tenant);
  const key = toComparisonKey(input.fields, dataTypes, input.timeZone);
  return withReader(store, comparison.tenant, async (reader) => {
    const held = await selectHeld(reader, comparison);
    const due: Due = { key, lastSeq: held.lastSeq, dataTypes };
    const isLost = !held.hasTable || (held.rows !== '0' && (await isEmpty(store.pool, comparison)));
    if (held.key !== key || isLost) return rebuild(store, comparison, input, due, reader);
    if (held.touchedSeq === held.lastSeq) {
      return { rows: Number(held.rows), digested: 0, isNew: false, touchedSeq: held.touchedSeq };
    }
    return update(store, comparison, input, due, reader, held);
  });
}

/** A transaction that holds the tenant's merge. The connection is closed when the reading breaks off: a COPY may be half read. */
async function withReader<T>(store: Store, tenant: string, work: (reader: PoolClient) => Promise<T>): Promise<T> {
  const reader = await store.pool.connect();
  let isBroken = true;
  try {
    await reader.query('begin');
    await reader.query(
      `select set_config('datestyle', 'ISO, MDY', true), set_config('timezone', 'UTC', true), set_config('jit', 'off', true),
              set_config('lvsync.tenant', $1, true), pg_advisory_xact_lock(hashtextextended('lvsync merge ' || $1, 0))`,
      [tenant],
    );
    const result = await work(reader);
    await reader.query('commit');
    isBroken = false;
    return result;
  } finally {
    reader.release(isBroken);
  }
}

async function selectHeld(reader: PoolClient, { id, tenant, comparedTable }: Comparison): Promise<Held> {
  const found = await reader.query<Held>(
    `select key, touched_seq as "touchedSeq", rows, to_regclass($3) is not null as "hasTable",
            greatest(touched_seq, (select max(seq) from sync.touched_contacts where tenant = $2)) as "lastSeq"
       from sync.comparisons where id = $1`,
    [id, tenant, comparedTable],
  );
  return found.rows[0]!;
}

/** Not asked by the reader: its transaction would keep the table from being made anew. */
async function isEmpty(db: Queryable, { comparedTable }: Comparison): Promise<boolean> {
  const found = await db.query<{ isEmpty: boolean }>(`select not exists (select from ${comparedTable}) as "isEmpty"`);
  return found.rows[0]?.isEmpty === true;
}

function rebuild(
  store: Store,
  comparison: Comparison,
  input: RefreshInput,
  due: Due,
  reader: PoolClient,
): Promise<Refreshed> {
  const { comparedTable } = comparison;
  const from = `from mirror.contacts m where m.tenant = current_setting('lvsync.tenant') and m.tombstoned_at is null`;
  return withTransaction(store, async (writer) => {
    await makeCompared(writer, comparison);
    const rows = await copyDigests({ reader, writer, input, due }, comparedTable, from);
    await writer.query(`set local maintenance_work_mem = '256MB'`);
    await writer.query(`alter table ${comparedTable} add primary key (account)`);
    await writer.query(`analyze ${comparedTable} (account, hash)`);
    await writer.query(`update sync.comparisons set built_at = clock_timestamp() where id = $1`, [comparison.id]);
    await markCurrent(writer, comparison, due, rows);
    return { rows, digested: rows, isNew: true, touchedSeq: due.lastSeq };
  });
}

function update(
  store: Store,
  comparison: Comparison,
  input: RefreshInput,
  due: Due,
  reader: PoolClient,
  held: Held,
): Promise<Refreshed> {
  const { comparedTable } = comparison;
  const touched = `select distinct account from sync.touched_contacts
                    where tenant = current_setting('lvsync.tenant') and seq > ${Number(held.touchedSeq)}`;
  const from = `from (${touched}) t
                left join mirror.contacts m on m.tenant = current_setting('lvsync.tenant') and m.account = t.account and m.tombstoned_at is null`;
  return withTransaction(store, async (writer) => {
    await writer.query(
      `create temporary table fresh (account text not null, hash bigint, bits bigint, filled bigint, seen_on date) on commit drop`,
    );
    const digested = await copyDigests({ reader, writer, input, due }, 'pg_temp.fresh', from, 't.account');
    await writer.query('analyze pg_temp.fresh');
    const deleted = await writer.query(
      `delete from ${comparedTable} c using pg_temp.fresh f where f.account = c.account and f.seen_on is null`,
    );
    const written = await writer.query<{ added: number }>(
      `with written as (
         insert into ${comparedTable} (account, hash, bits, filled, seen_on)
         select account, hash, bits, filled, seen_on from pg_temp.fresh where seen_on is not null
         on conflict (account) do update
            set hash = excluded.hash, bits = excluded.bits, filled = excluded.filled, seen_on = excluded.seen_on
         returning (xmax = 0) as is_added
       )
       select (count(*) filter (where is_added))::int as added from written`,
    );
    const rows = Number(held.rows) - (deleted.rowCount ?? 0) + written.rows[0]!.added;
    await markCurrent(writer, comparison, due, rows);
    return { rows, digested, isNew: false, touchedSeq: due.lastSeq };
  });
}

/** Touched contacts that every comparison of the tenant has taken notice of are of no use any more. */
async function markCurrent(writer: PoolClient, { id, tenant }: Comparison, due: Due, rows: number): Promise<void> {
  await writer.query(`update sync.comparisons set key = $2, touched_seq = $3, rows = $4 where id = $1`, [
    id,
    due.key,
    due.lastSeq,
    rows,
  ]);
  await writer.query(
    `delete from sync.touched_contacts
      where tenant = $1
        and seq <= (select min(touched_seq) from sync.comparisons where tenant = $1 and key <> '')`,
    [tenant],
  );
}

type Digesting = {
  readonly reader: PoolClient;
  readonly writer: PoolClient;
  readonly input: RefreshInput;
  readonly due: Due;
};

/** Rows of the mirror → digests in `table`. A row without a day is an account that the mirror does not show. */
async function copyDigests(
  { reader, writer, input, due }: Digesting,
  table: string,
  from: string,
  account = 'm.account',
): Promise<number> {
  const { fields, timeZone, signal } = input;
  const chosen = [...fields.hashed, ...fields.switches, ...fields.fills];
  const dataTypes = chosen.map(({ name }) => due.dataTypes[name]);
  const zone = await reader.query<{ zone: string }>('select quote_literal($1::text) as zone', [timeZone]);
  const columns = [
    account,
    `to_char(m.merged_at at time zone ${zone.rows[0]!.zone}, 'YYYY-MM-DD')`,
    ...chosen.map((field) => `m.${field.column}`),
  ];
  const target = new CopyIn(writer, `${table} (account, seen_on, hash, bits, filled)`);
  const values: Record<string, CanonicalValue> = {};
  try {
    for await (const rows of copyOut(reader, `select ${columns.join(', ')} ${from}`)) {
      signal?.throwIfAborted();
      for (const row of rows) {
        const [name, seenOn] = row;
        for (let index = 0; index < chosen.length; index += 1) {
          const field = chosen[index]!;
          values[field.name] = toMirrorCanonical(field, row[index + 2] ?? null, dataTypes[index], timeZone);
        }
        const { hash, bits, filled } = digestContact(fields, values);
        const cells = seenOn == null ? [null, null, null, null] : [seenOn, hash, bits, filled];
        if (target.add([name ?? '', ...cells])) await target.flush();
      }
    }
    return await target.end();
  } catch (error) {
    await target.abort(error);
    throw error;
  }
}

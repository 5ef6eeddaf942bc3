/**
 * Brings one table of reference data to what LiveVox lists now, in one statement: new rows in, listed ones as listed, and those no longer
 * listed marked with `gone_at` (kept, not erased; they come back when they are listed again). A row listed twice counts once.
 * By primary key; locks the rows it writes. Table and column names come from reference-tables.ts alone.
 */
import type { Queryable } from './connection.ts';
import type { ReferenceRow, ReferenceTable } from './reference-tables.ts';

export type ReferenceMerge = {
  readonly tenant: string;
  readonly rows: readonly ReferenceRow[];
  readonly fetchedAt: Date;
  /** The contacts whose rows were read; those of others stay as they are. @default all rows of the tenant were read */
  readonly accounts?: readonly string[];
};

/** Merges; gives how many rows are gone since the last time. */
export async function mergeReference(
  db: Queryable,
  { table, key, columns }: ReferenceTable,
  { tenant, rows, fetchedAt, accounts }: ReferenceMerge,
): Promise<number> {
  const names = Object.keys(columns);
  const typed = names.map((name) => `${name} ${columns[name]}`).join(', ');
  const isSame = key.map((name) => `l.${name} = m.${name}`).join(' and ');
  const gone = await db.query(
    `with listed as (
       select distinct on (${key.join(', ')}) * from json_to_recordset($2::json) as l (${typed})
     ), merged as (
       insert into ${table} (tenant, ${names.join(', ')}, fetched_at)
       select $1, ${names.map((name) => `l.${name}`).join(', ')}, $3::timestamptz from listed l
       on conflict (tenant, ${key.join(', ')}) do update
          set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}, fetched_at = excluded.fetched_at, gone_at = null
     )
     update ${table} m
        set gone_at = $3
      where m.tenant = $1 and m.gone_at is null ${accounts === undefined ? '' : 'and m.account = any($4)'}
        and not exists (select from listed l where ${isSame})`,
    [tenant, JSON.stringify(rows, toStorable), fetchedAt, ...(accounts === undefined ? [] : [accounts])],
  );
  return gone.rowCount ?? 0;
}

/** Postgres keeps neither NUL nor half a character; what an agent pasted must not stop the merge of all the others. */
function toStorable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value;
}

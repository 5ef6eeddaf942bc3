/**
 * Holds the three pictures of the database against each other: the migrations as applied, the Drizzle schema and the
 * dump in schema.sql. After a migration, `LVSYNC_UPDATE_SCHEMA=1 npm test -- test/store/schema` writes the dump anew.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, test } from 'vitest';
import * as schema from '../../src/store/schema.ts';
import { setupDatabase } from '../support/database.ts';
import { dumpSchema } from '../support/dump-schema.ts';

const dumpFile = new URL('schema.sql', import.meta.url);

function listDrizzleTables(): PgTable[] {
  return Object.values<unknown>(schema).filter((value): value is PgTable => is(value, PgTable));
}

function listDrizzleColumns(): readonly string[] {
  const lines = listDrizzleTables().flatMap((table) => {
    const config = getTableConfig(table);
    return config.columns.map(
      (column) =>
        `${config.schema}.${config.name}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`,
    );
  });
  return lines.sort();
}

function listDrizzleKeys(): readonly string[] {
  const lines = listDrizzleTables().map((table) => {
    const config = getTableConfig(table);
    const single = config.columns.filter((column) => column.primary).map((column) => column.name);
    const key = config.primaryKeys[0]?.columns.map((column) => column.name) ?? single;
    return `${config.schema}.${config.name} (${key.join(', ')})`;
  });
  return lines.sort();
}

describe('schema', () => {
  test('Drizzle knows every table and column that the migrations make, with type and nullability', async () => {
    const { store } = await setupDatabase();
    const result = await store.pool.query<{ line: string }>(
      `select n.nspname || '.' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || case when a.attnotnull then ' not null' else '' end as line
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('mirror', 'sync') and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped`,
    );
    expect(listDrizzleColumns()).toEqual(result.rows.map((row) => row.line).sort());
  });

  test('Drizzle knows every primary key', async () => {
    const { store } = await setupDatabase();
    const result = await store.pool.query<{ line: string }>(
      `select n.nspname || '.' || c.relname || ' (' || coalesce((
           select string_agg(a.attname, ', ' order by k.ordinal)
           from pg_constraint p, unnest(p.conkey) with ordinality k(attnum, ordinal), pg_attribute a
           where p.conrelid = c.oid and p.contype = 'p' and a.attrelid = c.oid and a.attnum = k.attnum), '') || ')' as line
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('mirror', 'sync') and c.relkind in ('r', 'p')`,
    );
    expect(listDrizzleKeys()).toEqual(result.rows.map((row) => row.line).sort());
  });

  test('every schema, table and column has a comment', async () => {
    const { store } = await setupDatabase();
    const result = await store.pool.query<{ name: string }>(
      `select n.nspname as name from pg_namespace n
         where n.nspname in ('mirror', 'sync', 'lvsync') and obj_description(n.oid, 'pg_namespace') is null
       union all
       select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('mirror', 'sync', 'lvsync') and c.relkind in ('r', 'p', 'v', 'm')
           and obj_description(c.oid, 'pg_class') is null
       union all
       select n.nspname || '.' || c.relname || '.' || a.attname
         from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('mirror', 'sync', 'lvsync') and c.relkind in ('r', 'p', 'v', 'm')
           and a.attnum > 0 and not a.attisdropped and col_description(c.oid, a.attnum) is null`,
    );
    expect(result.rows).toEqual([]);
  });

  test('schema.sql is the dump of a migrated database', async () => {
    const { store } = await setupDatabase();
    const dump = await dumpSchema(store);
    if (process.env['LVSYNC_UPDATE_SCHEMA'] === '1') await writeFile(dumpFile, dump);
    expect(dump).toBe(await readFile(dumpFile, 'utf8'));
  });
});

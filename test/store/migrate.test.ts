/** Holds the runner's promises on databases of their own: in order, whole or not at all, many at once, unchanged files. */
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { closeStore, migrate, openStore, type Store, selectMissingMigrations } from '../../src/store/index.ts';
import { setupDatabase, setupEmptyDatabase } from '../support/database.ts';

const migrationsFolder = new URL('../../migrations/', import.meta.url).pathname;

async function copyMigrations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lvsync-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(migrationsFolder, folder, { recursive: true });
  return folder;
}

async function listMigrations(): Promise<readonly string[]> {
  return (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
}

async function selectRecords(store: Store): Promise<readonly { name: string; sha256: string }[]> {
  return (await store.pool.query('select name, sha256 from lvsync.migrations order by name')).rows;
}

describe('migrate', () => {
  test('an empty database gets every migration in the order of their names, and then none', async () => {
    const { store } = await setupEmptyDatabase();
    expect(await migrate(store)).toEqual({ applied: await listMigrations() });
    expect(await migrate(store)).toEqual({ applied: [] });
    expect((await selectRecords(store)).map((row) => row.name)).toEqual(await listMigrations());
  });

  test('twenty at once all end well, and each migration is applied by exactly one of them', async () => {
    const { url } = await setupEmptyDatabase();
    const stores = await Promise.all(Array.from({ length: 20 }, () => openStore(url, { maxConnections: 1 })));
    const results = await Promise.all(stores.map((store) => migrate(store)));
    await Promise.all(stores.map(closeStore));
    expect(results.flatMap((result) => result.applied).sort()).toEqual(await listMigrations());
  });

  test('a failed migration leaves nothing of itself behind and the earlier ones in place', async () => {
    const { store } = await setupDatabase();
    const folder = await copyMigrations();
    await writeFile(join(folder, '9001_half.sql'), 'create table sync.half (id integer); select 1 / 0;');
    await writeFile(join(folder, '9002_never.sql'), 'create table sync.never (id integer);');
    const failure = migrate(store, { folder });
    await expect(failure).rejects.toThrow(FatalError);
    await expect(failure).rejects.toThrow('Migration 9001_half.sql failed and left nothing behind: division by zero.');
    const tables = await store.pool.query(
      `select to_regclass('sync.half') as half, to_regclass('sync.never') as never`,
    );
    expect(tables.rows).toEqual([{ half: null, never: null }]);
    expect(await selectMissingMigrations(store, { folder })).toEqual(['9001_half.sql', '9002_never.sql']);
  });

  test('a file that was changed after it was applied is refused by name', async () => {
    const { store } = await setupDatabase();
    const folder = await copyMigrations();
    await writeFile(join(folder, '0001_mirror.sql'), 'create schema other;');
    await expect(migrate(store, { folder })).rejects.toThrow('Migration 0001_mirror.sql was changed');
    await expect(selectMissingMigrations(store, { folder })).rejects.toThrow(FatalError);
  });
});

describe('selectMissingMigrations', () => {
  test('an empty database lacks them all, and asking changes nothing', async () => {
    const { store } = await setupEmptyDatabase();
    expect(await selectMissingMigrations(store)).toEqual(await listMigrations());
    const schemas = await store.pool.query(`select 1 from pg_namespace where nspname = 'lvsync'`);
    expect(schemas.rowCount).toBe(0);
  });

  test('a migrated database lacks none', async () => {
    const { store } = await setupDatabase();
    expect(await selectMissingMigrations(store)).toEqual([]);
  });
});

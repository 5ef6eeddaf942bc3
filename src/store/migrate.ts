/**
 * Applies `migrations/*.sql` in the order of their names, each in one transaction together with its record.
 * Promises: a failed migration leaves nothing of itself behind; any number of processes may start at once, because each
 * transaction first takes the same advisory lock; a file that was changed after it was applied is refused.
 * The records stand in a schema of their own, because the migrations create `mirror` and `sync` themselves.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { FatalError } from '../errors.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';

export type MigrateResult = {
  /** File names of the migrations this call applied, in order; empty when there was nothing to do. */
  readonly applied: readonly string[];
};

export type MigrateOptions = {
  /** Where the SQL files are. @default the `migrations` folder of this package */
  readonly folder?: string;
};

type Migration = { readonly name: string; readonly sha256: string; readonly sql: string };
type AppliedRow = { readonly name: string; readonly sha256: string };

/** Key of the advisory lock; 'lvsy' in ASCII, so that it meets nobody else's. */
const migrateLockKey = 0x6c767379;

const createRecords = `
  create schema if not exists lvsync;
  comment on schema lvsync is 'Which migrations of livevox-sync this database has.';
  create table if not exists lvsync.migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
  );
  comment on table lvsync.migrations is 'One row per applied file of the migrations folder. Written by migrate alone.';
  comment on column lvsync.migrations.name is 'Name of the file.';
  comment on column lvsync.migrations.sha256 is 'SHA-256 of the file as it was applied, hex.';
  comment on column lvsync.migrations.applied_at is 'When it was applied.';`;

/**
 * Applies what is missing; safe from any number of processes at once.
 * @throws FatalError when a migration fails or an applied file has changed since.
 */
export async function migrate(store: Store, options: MigrateOptions = {}): Promise<MigrateResult> {
  const migrations = await readMigrations(options.folder);
  const applied: string[] = [];
  for (;;) {
    const name = await applyNext(store, migrations);
    if (name === undefined) return { applied };
    applied.push(name);
  }
}

/** Names of the migrations this version has and the database lacks, in order. */
export async function selectMissingMigrations(store: Store, options: MigrateOptions = {}): Promise<readonly string[]> {
  const migrations = await readMigrations(options.folder);
  const table = await store.pool.query<{ exists: boolean }>(
    `select to_regclass('lvsync.migrations') is not null as "exists"`,
  );
  const rows = table.rows[0]?.exists ? await selectApplied(store.pool) : [];
  return choosePending(migrations, rows).map((migration) => migration.name);
}

/** Applies the first missing migration and returns its name; undefined when none is missing. */
async function applyNext(store: Store, migrations: readonly Migration[]): Promise<string | undefined> {
  return withTransaction(store, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [migrateLockKey]);
    await client.query(createRecords);
    const next = choosePending(migrations, await selectApplied(client))[0];
    if (next === undefined) return undefined;
    await runMigration(client, next);
    await client.query('insert into lvsync.migrations (name, sha256) values ($1, $2)', [next.name, next.sha256]);
    return next.name;
  });
}

async function runMigration(client: Queryable, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw new FatalError(
      `Migration ${migration.name} failed and left nothing behind: ${error.message}. Mend the cause and run lvsync migrate again.`,
      { cause: error, facts: { migration: migration.name, sqlState: error.code } },
    );
  }
}

async function selectApplied(client: Queryable): Promise<readonly AppliedRow[]> {
  const result = await client.query<AppliedRow>('select name, sha256 from lvsync.migrations order by name');
  return result.rows;
}

function choosePending(migrations: readonly Migration[], applied: readonly AppliedRow[]): readonly Migration[] {
  const checksums = new Map(applied.map((row) => [row.name, row.sha256]));
  const changed = migrations.find((one) => checksums.has(one.name) && checksums.get(one.name) !== one.sha256);
  if (changed !== undefined) {
    throw new FatalError(
      `Migration ${changed.name} was changed after this database had applied it; restore the file and put the change into a new migration.`,
      { facts: { migration: changed.name } },
    );
  }
  return migrations.filter((one) => !checksums.has(one.name));
}

async function readMigrations(folder = join(findPackageRoot(), 'migrations')): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The nearest folder above this file with a package.json: the clone's root from src/ and from dist/src/ alike. */
function findPackageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new FatalError('The migrations folder is missing; install livevox-sync again.');
    folder = parent;
  }
  return folder;
}

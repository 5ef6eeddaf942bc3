/**
 * A database of its own for each test, copied from the migrated template in some tens of milliseconds. It is dropped
 * when the test has passed, and kept when it has failed, with its name printed: look into it with psql on the printed
 * address (set TEST_DATABASE_URL, or LVSYNC_TEST_KEEP=1, so that the server outlives the suite).
 */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { expect, inject, onTestFinished } from 'vitest';
import { closeStore, openStore, type Store } from '../../src/store/index.ts';

export type TestDatabase = {
  readonly url: string;
  readonly store: Store;
  /** Closes the store and drops the database; needed only outside of a test (`beforeAll`), harmless twice. */
  readonly drop: () => Promise<void>;
};

let counter = 0;

/** Gives the running test a migrated database of its own. */
export function setupDatabase(): Promise<TestDatabase> {
  return makeDatabase(inject('templateName'));
}

/** Gives the running test a database with nothing in it, not even migrations. */
export function setupEmptyDatabase(): Promise<TestDatabase> {
  return makeDatabase('template0');
}

async function makeDatabase(template: string): Promise<TestDatabase> {
  const serverUrl = inject('databaseUrl');
  const name = toDatabaseName();
  await query(serverUrl, `create database ${name} template ${template} strategy file_copy`);
  const url = toDatabaseUrl(serverUrl, name);
  const store = await openStore(url);
  const database = { url, store, drop: makeDrop(serverUrl, name, store) };
  dropWhenPassed(database);
  return database;
}

function makeDrop(serverUrl: string, name: string, store: Store): () => Promise<void> {
  let dropping: Promise<void> | undefined;
  return () => {
    dropping ??= (async () => {
      if (!store.pool.ended) await closeStore(store);
      await query(serverUrl, `drop database if exists ${name} with (force)`);
    })();
    return dropping;
  };
}

function dropWhenPassed(database: TestDatabase): void {
  if (expect.getState().currentTestName === undefined) return;
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== 'fail') return database.drop();
    if (!database.store.pool.ended) await closeStore(database.store);
    process.stderr.write(`Database kept for "${task.name}": ${database.url}\n`);
  });
}

/** The same test gets the same name again, apart from the part that belongs to this run of the suite. */
function toDatabaseName(): string {
  const { testPath, currentTestName } = expect.getState();
  counter += 1;
  const hash = createHash('sha256').update(`${testPath}\n${currentTestName}`).digest('hex').slice(0, 12);
  return `${inject('templateName')}_${hash}_${counter}`;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function toDatabaseUrl(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

/**
 * A database of its own for each test, a copy of the migrated template. When the test has passed, it is cleaned for the next one, or dropped; when it has
 * failed, it is kept, with its name printed: look into it with psql on the printed address (set TEST_DATABASE_URL, or LVSYNC_TEST_KEEP=1, so that the
 * server outlives the suite).
 */
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { closeStore, openStore, type Store } from '../../src/store/index.ts';
import { type Baseline, cleanDatabase, takeBaseline } from './clean-database.ts';

export type TestDatabase = {
  readonly url: string;
  readonly store: Store;
  /** Closes the store and gives the database back; needed only outside of a test (`beforeAll`), harmless twice. */
  readonly drop: () => Promise<void>;
};

type Clean = { readonly name: string; readonly baseline: Baseline; readonly store: Store | undefined };

/** What outlives a file of tests in a process that runs several. */
type Shelf = {
  /** Copies of the template that are as good as new. */
  readonly clean: Clean[];
  /** Connections to the server, for making and dropping. */
  readonly admins: Map<string, Promise<pg.Client>>;
  made: number;
};

const shelfKey = Symbol.for('livevox-sync test databases');
const held = globalThis as { [shelfKey]?: Shelf };
held[shelfKey] ??= { clean: [], admins: new Map(), made: 0 };
const shelf = held[shelfKey];

/** Gives the running test a migrated database of its own. */
export async function setupDatabase(): Promise<TestDatabase> {
  const { name, baseline, store } = shelf.clean.pop() ?? (await copyTemplate());
  return openDatabase(name, store, (used) => putBack({ name, baseline, store: used }));
}

/** The same, but one that no test had before: its identity is new, by which things outside of it are named. */
export async function setupNewDatabase(): Promise<TestDatabase> {
  const name = nameDatabase();
  await makeDatabase(name, inject('templateName'));
  return openDatabase(name, undefined, makeEnd(name));
}

/** Gives the running test a database with nothing in it, not even migrations. */
export async function setupEmptyDatabase(): Promise<TestDatabase> {
  const name = nameDatabase();
  await makeDatabase(name, 'template0');
  return openDatabase(name, undefined, makeEnd(name));
}

function makeEnd(name: string): (store: Store) => Promise<void> {
  return async (store) => {
    if (!store.pool.ended) await closeStore(store);
    await dropDatabase(name);
  };
}

async function copyTemplate(): Promise<Clean> {
  const name = nameDatabase();
  await makeDatabase(name, inject('templateName'));
  const baseline = await withClient(toDatabaseUrl(inject('databaseUrl'), name), takeBaseline);
  return { name, baseline, store: undefined };
}

async function makeDatabase(name: string, template: string): Promise<void> {
  await administer(`create database ${name} template ${template} strategy file_copy`);
}

async function dropDatabase(name: string): Promise<void> {
  await administer(`drop database if exists ${name} with (force)`);
}

/** Keeps a clean database, and its connections with it: to connect takes as long as most tests. */
async function putBack({ name, baseline, store }: Clean): Promise<void> {
  const kept = await keepStore(store).catch(() => undefined);
  if (kept === undefined && store?.pool.ended === false) await closeStore(store);
  const clean = (client: pg.ClientBase): Promise<boolean> => cleanDatabase(client, baseline, kept?.pids ?? []);
  const url = toDatabaseUrl(inject('databaseUrl'), name);
  const isClean = await (kept === undefined ? withClient(url, clean) : withOwnClient(kept.store, clean)).catch(
    () => false,
  );
  if (isClean) return void shelf.clean.push({ name, baseline, store: kept?.store });
  if (kept !== undefined) await closeStore(kept.store);
  await dropDatabase(name);
}

/** The store with every connection as it was when new; undefined when the test has closed it, changed it or left something in it. */
async function keepStore(store: Store | undefined): Promise<{ store: Store; pids: readonly number[] } | undefined> {
  if (store === undefined || store.pool.ended || store.pool.idleCount !== store.pool.totalCount) return undefined;
  if (Object.hasOwn(store.pool, 'query') || Object.hasOwn(store.pool, 'connect')) return undefined;
  const clients = await Promise.all(Array.from({ length: store.pool.idleCount }, () => store.pool.connect()));
  try {
    const pids = clients.map(async (client) => {
      await client.query(
        'close all; reset session authorization; reset all; unlisten *; select pg_advisory_unlock_all(); discard temp',
      );
      const found = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      return found.rows[0]?.pid ?? 0;
    });
    return { store, pids: await Promise.all(pids) };
  } finally {
    // A new store has one.
    for (const [index, client] of clients.entries()) client.release(index > 0);
  }
}

async function withOwnClient<T>({ pool }: Store, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

async function openDatabase(
  name: string,
  opened: Store | undefined,
  end: (store: Store) => Promise<void>,
): Promise<TestDatabase> {
  const url = toDatabaseUrl(inject('databaseUrl'), name);
  const store = opened ?? (await openStore(url));
  let dropping: Promise<void> | undefined;
  const drop = (): Promise<void> => {
    dropping ??= end(store);
    return dropping;
  };
  const database = { url, store, drop };
  dropWhenPassed(database);
  return database;
}

function dropWhenPassed(database: TestDatabase): void {
  const end: Parameters<typeof onTestFinished>[0] = async ({ task }) => {
    if (task.result?.state !== 'fail') return database.drop();
    if (!database.store.pool.ended) await closeStore(database.store);
    process.stderr.write(`Database kept for "${task.name}": ${database.url}\n`);
  };
  try {
    onTestFinished(end);
  } catch {
    // Outside of a test, where whoever asked for the database drops it.
  }
}

function nameDatabase(): string {
  shelf.made += 1;
  return `${inject('templateName')}_${process.pid}_${shelf.made}`;
}

async function administer(sql: string): Promise<void> {
  const url = inject('databaseUrl');
  let admin = shelf.admins.get(url);
  if (admin === undefined) {
    admin = connect(url);
    shelf.admins.set(url, admin);
  }
  await (await admin).query(sql);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  // The server ends before the last worker does.
  client.on('error', () => shelf.admins.delete(url));
  await client.connect();
  return client;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function toDatabaseUrl(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

/**
 * The connection to Postgres that every operation of this room takes as its first argument.
 * One pool per process; a transaction is one client of it.
 */
import pg from 'pg';
import { FatalError, RetriableError, toMessage } from '../errors.ts';

export type Store = { readonly pool: pg.Pool };

/** A store, or one client of it inside a transaction: what a single statement needs. */
export type Queryable = { readonly query: pg.ClientBase['query'] };

export type OpenStoreOptions = {
  /** Most connections at once. @default 6 */
  readonly maxConnections?: number;
  /** Shown in `pg_stat_activity`. @default 'lvsync' */
  readonly applicationName?: string;
};

/** Opens a pool on a connection string; says which server could not be reached, never the password. */
export async function openStore(url: string, options: OpenStoreOptions = {}): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 6,
    application_name: options.applicationName ?? 'lvsync',
    connectionTimeoutMillis: 10_000,
  });
  // An idle client that loses its server emits here; the next query reports it to the caller who needs it.
  pool.on('error', () => {});
  // So does one that is in use, besides failing its query; unheard, that would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    const version = await pool.query<{ server_version_num: string }>('show server_version_num');
    const number = Number(version.rows[0]?.server_version_num ?? 0);
    if (number < 150_000) {
      throw new FatalError(
        `The database is PostgreSQL ${Math.floor(number / 10_000)}; livevox-sync needs 15 or newer.`,
      );
    }
    return { pool };
  } catch (error) {
    await pool.end();
    if (error instanceof FatalError) throw error;
    throw new RetriableError(
      `The database at ${toPlace(url)} cannot be used: ${toMessage(error)}. Check DATABASE_URL and that the server runs.`,
      {
        cause: error,
      },
    );
  }
}

export async function closeStore(store: Store): Promise<void> {
  await store.pool.end();
}

/** Runs `work` in one transaction on one client; rolls back and rethrows on any error. */
export async function withTransaction<T>(store: Store, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await store.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** `host:port/database` (or the socket folder) of a connection string, without user and password. */
function toPlace(url: string): string {
  try {
    const parsed = new URL(url);
    const socket = parsed.searchParams.get('host');
    return socket ?? `${parsed.host}${parsed.pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}

/**
 * The one connection by which a process shows that it uses a shared Postgres server, and by which the last process to
 * leave knows that it is the last. It sits in the database `postgres`, so that the working database can be made,
 * copied and dropped beside it. What would surprise: a backend is listed for some milliseconds after its client has
 * closed, so being alone has to be waited for.
 */
import pg from 'pg';

/** Name of these connections in `pg_stat_activity`. */
const keepAliveName = 'lvsync-keepalive';

export type KeepAlive = {
  /** Other clients connected to the server: processes that keep it alive, and any connection at all. */
  readonly countOthers: () => Promise<{ readonly keepAlives: number; readonly clients: number }>;
  /** Makes the database unless it exists. */
  readonly ensureDatabase: (name: string) => Promise<void>;
  readonly end: () => Promise<void>;
};

export type KeepAliveAttempt =
  | { readonly kind: 'connected'; readonly keepAlive: KeepAlive }
  /** Nobody listens there. */
  | { readonly kind: 'absent' }
  /** A server is there and starts up, recovers or shuts down. */
  | { readonly kind: 'not_ready' };

/** Tries once; anything but the three kinds is thrown as it came. */
export async function openKeepAlive(socketFolder: string, user: string): Promise<KeepAliveAttempt> {
  const client = new pg.Client({
    host: socketFolder,
    port: 5432,
    user,
    database: 'postgres',
    ssl: false,
    application_name: keepAliveName,
    connectionTimeoutMillis: 10_000,
  });
  // A server that dies tells every connection; the command learns it from the query it is waiting for.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    const code = (error as { code?: string }).code;
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return { kind: 'absent' };
    if (code === '57P03' || code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'not_ready' };
    throw error;
  }
  return { kind: 'connected', keepAlive: makeKeepAlive(client) };
}

function makeKeepAlive(client: pg.Client): KeepAlive {
  return {
    countOthers: async () => {
      const result = await client.query<{ keep_alives: number; clients: number }>(
        `select count(*) filter (where application_name = $1)::int as keep_alives, count(*)::int as clients
         from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
        [keepAliveName],
      );
      const row = result.rows[0];
      return { keepAlives: row?.keep_alives ?? 0, clients: row?.clients ?? 0 };
    },
    ensureDatabase: async (name) => {
      const found = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
    },
    end: () => client.end(),
  };
}

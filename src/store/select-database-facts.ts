/** What `lvsync doctor` wants to know of the database besides its schema. Reads the system views; no locks. */
import type { Queryable } from './connection.ts';

export type DatabaseFacts = {
  /** `17.2`. */
  readonly version: string;
  readonly encoding: string;
  readonly timeZone: string;
  readonly maxConnections: number;
  /** Connections to this server now. */
  readonly connections: number;
  readonly isAutovacuumOn: boolean;
  /** Bytes of this database on disk. */
  readonly bytes: number;
  /** Transactions of ours that have done nothing for five minutes. */
  readonly idleTransactions: number;
};

/** Server and database as they are now; of others' connections as much as the user may see. */
export async function selectDatabaseFacts(db: Queryable): Promise<DatabaseFacts> {
  const found = await db.query<DatabaseFacts>(
    `select current_setting('server_version') as "version",
            pg_encoding_to_char(d.encoding) as "encoding",
            current_setting('TimeZone') as "timeZone",
            current_setting('max_connections')::int as "maxConnections",
            (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "connections",
            current_setting('autovacuum')::boolean as "isAutovacuumOn",
            pg_database_size(d.oid)::float8 as "bytes",
            (select count(*)::int
               from pg_stat_activity
              where datname = current_database() and application_name like 'lvsync%'
                and state like 'idle in transaction%' and state_change < now() - interval '5 minutes') as "idleTransactions"
       from pg_database d
      where d.datname = current_database()`,
  );
  return found.rows[0]!;
}

/** Bytes of the largest download so far, over all tenants; 0 before the first. */
export async function selectLargestDownload(db: Queryable): Promise<number> {
  const found = await db.query<{ bytes: number }>(
    `select coalesce(max(bytes), 0)::float8 as "bytes" from sync.downloads`,
  );
  return found.rows[0]?.bytes ?? 0;
}

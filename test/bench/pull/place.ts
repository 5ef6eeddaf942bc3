/**
 * The server of the bench and its databases. Both sides of a pair have a database each, copied from a template before each run, so
 * that neither meets what another run has left. The server is an embedded one of the bench's own unless an address is given; databases
 * on a given one have names of this run only and are dropped.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { contactFields } from '../../../src/contact/index.ts';
import { closeStore, migrate, openStore } from '../../../src/store/index.ts';
import { startPostgres } from '../../support/servers.ts';

export type Place = {
  readonly toUrl: (database: string) => string;
  /** Makes a database anew, as a copy. */
  readonly copy: (database: string, template: string) => Promise<void>;
  readonly rename: (database: string, to: string) => Promise<void>;
  readonly drop: (database: string) => Promise<void>;
  /** Bytes of WAL written so far. */
  readonly readWal: () => Promise<number>;
  readonly checkpoint: () => Promise<void>;
  readonly query: <T extends pg.QueryResultRow>(database: string, sql: string) => Promise<readonly T[]>;
  readonly describe: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/** As in the measurements made for the design. Autovacuum would come at a time of its own; the bench vacuums where it must. */
const settings: Readonly<Record<string, string>> = {
  ...{ shared_buffers: '1GB', work_mem: '64MB', maintenance_work_mem: '512MB', max_wal_size: '8GB' },
  ...{ checkpoint_timeout: '15min', fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', autovacuum: 'off' },
};

export const columns: string = contactFields.map((field) => field.column).join(', ');
/** A migrated database with an empty mirror, and beside it the same table for those who load it with psql. */
export const emptyDatabase = 'empty';

export async function openPlace(givenUrl: string | undefined): Promise<Place> {
  const server = givenUrl === undefined ? await startPostgres(settings) : { url: givenUrl, stop: async () => {} };
  const prefix = `lvbench_${randomBytes(3).toString('hex')}_`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const made = new Set<string>();
  const toUrl = (database: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${prefix}${database}`;
    return url.href;
  };
  const drop = async (database: string): Promise<void> => {
    await admin.query(`drop database if exists ${prefix}${database} with (force)`);
    made.delete(database);
  };
  const place: Place = {
    toUrl,
    drop,
    copy: async (database, template) => {
      await drop(database);
      made.add(database);
      const from = template === 'template0' ? template : `${prefix}${template}`;
      await admin.query(`create database ${prefix}${database} template ${from} strategy file_copy`);
    },
    rename: async (database, to) => {
      await drop(to);
      await admin.query(`alter database ${prefix}${database} rename to ${prefix}${to}`);
      made.delete(database);
      made.add(to);
    },
    readWal: async () => {
      const found = await admin.query<{ at: string }>(`select pg_current_wal_lsn() - '0/0' as at`);
      return Number(found.rows[0]?.at);
    },
    checkpoint: async () => void (await admin.query('checkpoint')),
    query: (database, sql) => queryOnce(toUrl(database), sql),
    describe: async () => {
      const found = await admin.query<{ text: string }>(
        `select 'PostgreSQL ' || current_setting('server_version') || ': '
             || string_agg(name || ' ' || current_setting(name), ', ' order by name) as text
           from pg_settings where name = any($1)`,
        [[...Object.keys(settings), 'jit']],
      );
      return found.rows[0]?.text ?? '';
    },
    close: async () => {
      for (const database of [...made]) await drop(database);
      await admin.end();
      await server.stop();
    },
  };
  try {
    await makeEmpty(place);
    return place;
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function queryOnce<T extends pg.QueryResultRow>(url: string, sql: string): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function makeEmpty(place: Place): Promise<void> {
  await place.copy(emptyDatabase, 'template0');
  const store = await openStore(place.toUrl(emptyDatabase));
  await migrate(store);
  await closeStore(store);
  const options = await place.query<{ text: string | null }>(
    emptyDatabase,
    `select array_to_string(reloptions, ', ') as text from pg_class where oid = 'mirror.contacts'::regclass`,
  );
  await place.query(
    emptyDatabase,
    `create schema theirs;
     create table theirs.contacts (like mirror.contacts including all) with (${options[0]?.text ?? 'fillfactor = 100'});
     alter table theirs.contacts
       alter tenant set default 'bench', alter first_seen_at set default now(), alter merged_at set default now(),
       alter merged_by set default '00000000-0000-0000-0000-000000000000'`,
  );
}

/** The same for two tables when they hold the same contacts, whatever else stands beside them. */
export async function readFingerprint(place: Place, database: string, table: string): Promise<string> {
  const found = await place.query<{ text: string }>(
    database,
    `select count(*) || ' rows ' || coalesce(sum(hash_record_extended(row(${columns}), 0)), 0) as text from ${table}`,
  );
  return found[0]?.text ?? '';
}

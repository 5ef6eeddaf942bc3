/**
 * The MySQL of a test file: TEST_MYSQL_URL, else a private MariaDB, else none. Not of the whole suite, because one file needs it
 * and starting it takes seconds. Each test takes a database of its own, and reads it as a user who may select and nothing else.
 */
import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { onTestFinished } from 'vitest';
import { type StartedMariaDb, startMariaDb } from './servers.ts';

export type MysqlServer = StartedMariaDb;

const hint =
  'no TEST_MYSQL_URL, and no mariadbd with mariadb-install-db (Debian, Ubuntu: apt-get install mariadb-server)';

/** undefined: there is none here, which has been said; with CI=true it is a failure. The caller stops it. */
export async function openMysqlServer(): Promise<MysqlServer | undefined> {
  const url = process.env['TEST_MYSQL_URL'];
  const server = url ? { url, authority: undefined, stop: async () => {} } : await startMariaDb();
  if (server !== undefined && server.authority === undefined)
    process.stderr.write('The MySQL tests of encryption are skipped: TEST_MYSQL_URL is set, or there is no openssl.\n');
  if (server !== undefined) return server;
  if (process.env['CI'] === 'true') throw new Error(`The MySQL suites cannot run: ${hint}.`);
  process.stderr.write(`MySQL suites are skipped: ${hint}.\n`);
  return undefined;
}

/** An empty database of its own for the running test, dropped when the test is over. */
export async function setupMysql(server: MysqlServer | undefined) {
  if (server === undefined) throw new Error('there is no MySQL here');
  const name = `lvt_${randomBytes(6).toString('hex')}`;
  const admin = await mysql.createConnection({ uri: server.url, multipleStatements: true });
  await admin.query(`create database ${name} character set utf8mb4; create user ${name} identified by 's3cret';
    grant select on ${name}.* to ${name}; use ${name}; set names utf8mb4, time_zone = '+00:00'`);
  onTestFinished(async () => {
    await admin.query(`drop database ${name}; drop user ${name}`);
    await admin.end();
  });
  const url = new URL(server.url);
  url.username = name;
  url.password = 's3cret';
  url.pathname = `/${name}`;
  return {
    /** Of the reader. */
    url: url.href,
    name,
    admin,
    /** Connections of the reader, also while a procedure runs as its owner; with a state, those in it. */
    countReaders: async (state = ''): Promise<number> => {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(
        `select count(*) as readers from information_schema.processlist where db = ? and id <> connection_id()
         and coalesce(state, '') like ?`,
        [name, `%${state}%`],
      );
      return Number(rows[0]?.['readers'] ?? -1);
    },
  };
}

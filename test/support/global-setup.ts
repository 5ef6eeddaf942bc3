/**
 * Once per run of the suite: one Postgres (TEST_DATABASE_URL, else an embedded one of the suite's own) with a template
 * database migrated once, one Redis (REDIS_URL, else a private one), and the sources compiled for processes. Redis suites without a Redis are skipped, which
 * is said in one line, and with CI=true is a failure. LVSYNC_TEST_KEEP=1 leaves the Postgres running to look into.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { closeStore, migrate, openStore } from '../../src/store/index.ts';
import { buildProgram } from './build-program.ts';
import { type StartedServer, startPostgres, startRedis } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of a database from which others may be made and dropped. */
    databaseUrl: string;
    /** The migrated database that tests copy; its name is unique to this run of the suite. */
    templateName: string;
    /** Folder of the compiled sources, for program.mjs. */
    program: string;
    /** undefined: no Redis here, its suites are skipped. */
    redisUrl: string | undefined;
  }
}

const redisHint =
  'no REDIS_URL, and no redis-server or valkey-server on PATH (Debian, Ubuntu: apt-get install redis-server; macOS: brew install redis)';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const redis = await findRedis();
  const postgres = await findPostgres();
  const templateName = `lvt_${randomBytes(4).toString('hex')}`;
  await makeTemplate(postgres.url, templateName);
  project.provide('databaseUrl', postgres.url);
  project.provide('templateName', templateName);
  project.provide('redisUrl', redis?.url);
  project.provide('program', await buildProgram());
  return async () => {
    await dropTemplate(postgres.url, templateName);
    await postgres.stop();
    await redis?.stop();
  };
}

async function findPostgres(): Promise<StartedServer> {
  const url = process.env['TEST_DATABASE_URL'];
  return url ? { url, stop: async () => {} } : startPostgres();
}

async function findRedis(): Promise<StartedServer | undefined> {
  const url = process.env['REDIS_URL'];
  if (url) return { url, stop: async () => {} };
  const started = await startRedis();
  if (started !== undefined) return started;
  if (process.env['CI'] === 'true') throw new Error(`The Redis suites cannot run: ${redisHint}.`);
  process.stderr.write(`Redis suites are skipped: ${redisHint}.\n`);
  return undefined;
}

async function makeTemplate(url: string, name: string): Promise<void> {
  await withClient(url, (client) => client.query(`create database ${name}`));
  const store = await openStore(toDatabaseUrl(url, name));
  await migrate(store);
  await closeStore(store);
}

async function dropTemplate(url: string, name: string): Promise<void> {
  await withClient(url, (client) => client.query(`drop database if exists ${name} with (force)`));
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function toDatabaseUrl(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

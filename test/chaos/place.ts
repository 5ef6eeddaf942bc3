/**
 * Where one run takes place: a sandbox in this process, a database of its own on a server that many runs share, a folder with a config, and
 * the processes under test. Needs no test framework, so that the large mode runs without one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { demoRules } from '../../src/cli/demo-record.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { requestTimeoutSeconds, type Scenario, settleSeconds } from './scenario.ts';

/** What runs share. */
export type Servers = {
  /** Folder of the compiled sources. */
  readonly build: string;
  /** A database from which others may be made and dropped. */
  readonly databaseUrl: string;
  /** A migrated database to copy. */
  readonly templateName: string;
  /** One that belongs to this run while it lasts, with a database number of its own; undefined: no Redis. */
  readonly redisUrl: string | undefined;
};

type Finished = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Epoch ms. */
  readonly startedAt: number;
};

export type Place = {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly record: string;
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** The truth of the run's database, past the program. */
  readonly select: <Row>(sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  /** Ends every connection that a process under test has to Postgres. */
  readonly cutConnections: () => Promise<void>;
  /** Empties the queue, and whatever else is in Redis. */
  readonly loseQueue: () => Promise<void>;
  readonly lvsync: (...args: readonly string[]) => Running;
  readonly worker: () => Running;
  /** Kills what still runs and, unless `keep`, drops the database and the folder. */
  readonly close: (keep: boolean) => Promise<void>;
};

const program = fileURLToPath(new URL('../support/program.mjs', import.meta.url));
/** Our own connection, which nobody cuts. */
const observer = 'chaos-observer';

let counter = 0;

export async function openPlace(servers: Servers, scenario: Scenario): Promise<Place> {
  const { contacts, seed, dialect } = scenario;
  const sandbox = await startSandbox({ contacts, seed, dialect, keepsWrites: true });
  const folder = await mkdtemp(path.join(tmpdir(), 'lvsync-chaos-'));
  const databaseUrl = await makeDatabase(servers);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, application_name: observer });
  pool.on('error', () => {});
  const usesRedis = scenario.queue === 'redis' && servers.redisUrl !== undefined;
  const env = makeEnv(sandbox, folder, databaseUrl, usesRedis ? servers.redisUrl : undefined);
  await writeFile(path.join(folder, 'lvsync.config.json'), JSON.stringify({ tenants: { main: makeTenant(scenario) } }));
  const running = new Set<ChildProcess>();
  const start = (args: readonly string[]): Running => {
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.once('close', () => running.delete(child));
    return { child, finished: collect(child), startedAt: Date.now() };
  };
  const place: Place = {
    sandbox,
    folder,
    record: path.join(folder, 'record.csv'),
    databaseUrl,
    env,
    select: async (sql, values = []) => (await pool.query(sql, [...values])).rows,
    cutConnections: async () => {
      const sql = `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name <> $1`;
      await pool.query(sql, [observer]);
    },
    loseQueue: () => (usesRedis ? flush(servers.redisUrl ?? '') : truncateQueue(pool)),
    lvsync: (...args) => start([program, servers.build, 'lvsync', ...args]),
    worker: () => start([program, servers.build, 'worker', '1500', '1000']),
    close: async (keep) => {
      for (const child of running) child.kill('SIGKILL');
      await sandbox.close();
      await pool.end();
      if (keep) return;
      await withServer(servers, `drop database if exists ${path.basename(new URL(databaseUrl).pathname)} with (force)`);
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (usesRedis) await place.loseQueue();
  return place;
}

const methods = [
  'Bulk Update Contact',
  'Bulk Create Contact',
  "Update Multiple Contacts' DND",
  'Bulk Contact Download',
];

function makeTenant(scenario: Scenario): object {
  const { chunkRows, inFlight, identifyBy } = scenario;
  return {
    requestTimeoutSeconds,
    inFlight: Object.fromEntries(methods.map((method) => [method, inFlight])),
    // Known, and never reached: a limit learnt from a 429 would hold a method to a few calls a minute for the rest of the run.
    limits: Object.fromEntries(methods.map((method) => [method, { starts: 1_000, perSeconds: 60 }])),
    guards: { maxMoreDiallable: 10_000, hazards: { drops_phone: 10_000, shifts_ordinals: 10_000 } },
    references: { contactGroups: false, agents: false, agentSkills: false },
    push: { chunkRows, settleSeconds, identifyBy },
    systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping: demoRules } },
  };
}

function makeEnv(
  sandbox: Sandbox,
  folder: string,
  databaseUrl: string,
  redisUrl: string | undefined,
): Record<string, string> {
  const { credentials, url } = sandbox;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LVSYNC_HOME: `${folder}/home`,
    LVSYNC_LOG_LEVEL: 'info',
    LIVEVOX_BASE_URL: url,
    LIVEVOX_CLIENT_NAME: credentials.clientName,
    LIVEVOX_USERNAME: credentials.userName,
    LIVEVOX_PASSWORD: credentials.password,
    LIVEVOX_ACCESS_TOKEN: credentials.accessToken,
    DATABASE_URL: databaseUrl,
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  };
}

async function makeDatabase(servers: Servers): Promise<string> {
  counter += 1;
  const name = `${servers.templateName}_chaos_${process.pid}_${counter}`;
  await withServer(servers, `create database ${name} template ${servers.templateName} strategy file_copy`);
  const url = new URL(servers.databaseUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withServer({ databaseUrl }: Servers, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function flush(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl);
  await redis.flushdb();
  redis.disconnect();
}

/** All tables of the queue but those that say which version they are of. */
async function truncateQueue(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ names: string | null }>(
    `select string_agg(format('bullmq.%I', tablename), ', ') as names from pg_tables
      where schemaname = 'bullmq' and tablename not in ('meta', 'migration')`,
  );
  const names = rows[0]?.names;
  if (names != null) await pool.query(`truncate ${names}`);
}

function collect(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/**
 * What more worker processes bring: `npm run bench:scaling -- [--contacts 20000] [--tenants 1,20] [--workers 1,2,4] [--latency 0,400]
 * [--queue postgres] [--json]`. A nightly of each tenant goes through real worker processes, an embedded Postgres and, with `--queue redis`, a Redis,
 * against one sandbox for each tenant in a process of their own; the tenants share the contacts out. Prints what each combination took. Exit code 0: every night was proven
 * and no request was refused for its pace; 1: not so.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openBackend } from '../../jobs/backend.ts';
import { enqueueNightly } from '../../jobs/nightly.ts';
import { demoRules, writeDemoRecord } from '../../src/cli/demo-record.ts';
import { fetchSandboxContacts } from '../../src/cli/demo-sandbox.ts';
import { loadConfig } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { closeStore, migrate, openStore } from '../../src/store/index.ts';
import { buildProgram } from '../support/build-program.ts';
import { startPostgres, startRedis } from '../support/servers.ts';
import type { SandboxPlace } from './scaling-sandboxes.ts';

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '20000' },
    tenants: { type: 'string', default: '1,20' },
    workers: { type: 'string', default: '1,2,4' },
    latency: { type: 'string', default: '0,400' },
    queue: { type: 'string', default: 'postgres' },
    json: { type: 'boolean', default: false },
  },
});

type Case = { readonly tenants: number; readonly workers: number; readonly latencyMs: number };

type Measured = Case & {
  /** From the first step's start to the end of the last run. */
  readonly seconds: number;
  readonly proven: number;
  readonly patches: number;
  readonly requests: number;
  readonly refused: number;
};

/** Of each bulk method of each client; high enough to be met and not to be the only thing that counts. */
const limit = { starts: 30, perSeconds: 10 };
const methods = [
  'Bulk Update Contact',
  'Bulk Create Contact',
  "Update Multiple Contacts' DND",
  'Bulk Contact Download',
];
const routes = ['bulk-update', 'bulk-create', 'multi-dnd', 'bulk-download'];
/** How long the nights of one combination may take. */
const patienceMs = 15 * 60_000;
const program = fileURLToPath(new URL('../support/program.mjs', import.meta.url));

const toNumbers = (list: string): readonly number[] => list.split(',').map(Number);
const cases: readonly Case[] = toNumbers(values.latency).flatMap((latencyMs) =>
  toNumbers(values.tenants).flatMap((tenants) =>
    toNumbers(values.workers).map((workers) => ({ tenants, workers, latencyMs })),
  ),
);

let databases = 0;
const build = await buildProgram();
const postgres = await startPostgres({ shared_buffers: '256MB' });
const redis = values.queue === 'redis' ? await startRedis() : undefined;
try {
  const measured: Measured[] = [];
  for (const one of cases) {
    const result = await measure(one);
    measured.push(result);
    if (!values.json) process.stdout.write(`${say(result)}\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ cpus: cpus().length, measured }, undefined, 2)}\n`);
  process.exitCode = measured.every(({ proven, tenants, refused }) => proven === tenants && refused === 0) ? 0 : 1;
} finally {
  await postgres.stop();
  await redis?.stop();
}

function say({ tenants, workers, latencyMs, seconds, proven, patches, requests, refused }: Measured): string {
  const speed = Math.round(patches / seconds);
  return (
    `${tenants} tenants, ${workers} workers, LiveVox answers after ${latencyMs} ms: ${seconds.toFixed(1)} s, ` +
    `${patches} changes (${speed}/s), ${requests} requests, ${refused} refused for their pace, ${proven} of ${tenants} nights proven`
  );
}

async function measure(one: Case): Promise<Measured> {
  const databaseUrl = await makeDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'lvsync-scaling-'));
  const sandboxes = await startSandboxes(one);
  const workers: ChildProcess[] = [];
  try {
    const env = await configure(folder, databaseUrl, sandboxes.places);
    await enqueueAll(folder, databaseUrl, env);
    for (let index = 0; index < one.workers; index += 1) workers.push(startWorker(folder, env));
    const runs = await waitForRuns(databaseUrl, one.tenants);
    return { ...one, ...runs, ...(await sandboxes.count()) };
  } finally {
    await Promise.all(workers.map(stop));
    sandboxes.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeDatabase(): Promise<string> {
  databases += 1;
  const url = new URL(postgres.url);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database scaling_${databases}`);
  await client.end();
  url.pathname = `/scaling_${databases}`;
  const store = await openStore(url.href);
  await migrate(store);
  await closeStore(store);
  return url.href;
}

type Sandboxes = {
  readonly places: readonly SandboxPlace[];
  readonly count: () => Promise<{ requests: number; refused: number }>;
  readonly stop: () => void;
};

async function startSandboxes({ tenants, latencyMs }: Case): Promise<Sandboxes> {
  const script = fileURLToPath(new URL('scaling-sandboxes.ts', import.meta.url));
  const each = Math.round(Number(values.contacts) / tenants);
  const limits = Object.fromEntries(
    routes.map((route) => [route, { starts: limit.starts, perMs: limit.perSeconds * 1_000 }]),
  );
  const args = ['--import', 'tsx', script, JSON.stringify({ sandboxes: tenants, contacts: each, latencyMs, limits })];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async <Answer>(): Promise<Answer> => JSON.parse(String((await lines.next()).value)) as Answer;
  const places = await read<readonly SandboxPlace[]>();
  const count = (): Promise<{ requests: number; refused: number }> => {
    child.stdin.write('\n');
    return read();
  };
  return { places, count, stop: () => void child.stdin.end() };
}

async function configure(
  folder: string,
  databaseUrl: string,
  places: readonly SandboxPlace[],
): Promise<Record<string, string>> {
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    DATABASE_URL: databaseUrl,
    LVSYNC_LOG_LEVEL: 'warn',
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  const tenants: Record<string, object> = {};
  for (const [index, { url, credentials }] of places.entries()) {
    const name = `tenant${index + 1}`;
    await writeDemoRecord(path.join(folder, `${name}.csv`), fetchSandboxContacts(url, AbortSignal.timeout(120_000)));
    tenants[name] = {
      guards: { maxMoreDiallable: 100_000, hazards: { drops_phone: 100_000, shifts_ordinals: 100_000 } },
      limits: Object.fromEntries(methods.map((method) => [method, limit])),
      push: { chunkRows: 100 },
      systemsOfRecord: { crm: { kind: 'csv', path: `${name}.csv`, mapping: demoRules } },
    };
    const prefix = `LIVEVOX_${name.toUpperCase()}`;
    env[`${prefix}_BASE_URL`] = url;
    env[`${prefix}_CLIENT_NAME`] = credentials.clientName;
    env[`${prefix}_USERNAME`] = credentials.userName;
    env[`${prefix}_PASSWORD`] = credentials.password;
    env[`${prefix}_ACCESS_TOKEN`] = credentials.accessToken;
  }
  await writeFile(path.join(folder, 'lvsync.config.json'), JSON.stringify({ tenants }));
  return env;
}

async function enqueueAll(folder: string, databaseUrl: string, env: Record<string, string>): Promise<void> {
  const config = await loadConfig({ cwd: folder, env });
  const queue = await openBackend(config, databaseUrl, silentLog);
  for (const { name } of config.tenants) await enqueueNightly(queue, name);
  await queue.close();
}

function startWorker(folder: string, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [program, build, 'lvsync', 'worker'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function stop(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  worker.kill('SIGTERM');
  await once(worker, 'exit');
}

async function waitForRuns(
  databaseUrl: string,
  tenants: number,
): Promise<{ seconds: number; proven: number; patches: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const giveUpAt = Date.now() + patienceMs;
    while (Date.now() < giveUpAt) {
      const { rows } = await client.query<{ ended: number; seconds: number; proven: number; patches: number }>(
        `select count(*) filter (where ended_at is not null)::int as ended,
                extract(epoch from max(ended_at) - min(started_at))::float as seconds,
                count(*) filter (where state = 'proven')::int as proven,
                (select count(*)::int from sync.patches where chunk_seq is not null) as patches
           from sync.runs`,
      );
      const [found] = rows;
      if (found !== undefined && found.ended === tenants) return found;
      await setTimeout(250);
    }
    throw new Error(`After ${patienceMs / 60_000} minutes not all of ${tenants} nights have ended.`);
  } finally {
    await client.end();
  }
}

/** What the metrics tell, against a database that holds one of everything, and that every metric is in docs/metrics.md and comes out. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { countRequests } from '../../jobs/count-requests.ts';
import { formatMetrics } from '../../jobs/format-metrics.ts';
import { metricCatalogue } from '../../jobs/metric-catalogue.ts';
import { queueNames } from '../../jobs/queues.ts';
import { type MetricsParts, makeMetricsReader } from '../../jobs/read-metrics.ts';
import type { Clock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import {
  closeStore,
  insertSuppressions,
  markRunEnded,
  markStepEnded,
  markStepStarted,
  migrate,
  openRun,
  type Store,
  withTransaction,
} from '../../src/store/index.ts';
import { setupDatabase, setupEmptyDatabase, type TestDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { addFaults, setupSandbox } from '../support/sandbox-admin.ts';
import { root } from '../support/source-files.ts';
import { storePlan } from '../support/stored-plan.ts';

const account = 'Account-4711';

function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
const block = {
  account,
  operation: 'block',
  endpoint: 'multi_dnd',
  changes: { accountBlock: ['false', 'true'] },
  sends: { accountBlock: 'PERMANENT' },
} as const;

/** A clock that stands still, three hours after a nightly at midnight. */
const now = new Date();
now.setUTCHours(3, 0, 0, 0);
const stillClock: Clock = { now: () => now, sleep: () => new Promise(() => {}) };

type Overrides = Partial<MetricsParts>;

async function makeParts(store: Store, overrides: Overrides = {}): Promise<MetricsParts> {
  const content = { tenants: { acme: { schedule: { nightly: { cron: '0 0 * * *', timeZone: 'UTC' } } }, beta: {} } };
  const config = await loadConfig({
    cwd: await setupFolder({ 'lvsync.config.json': JSON.stringify(content) }),
    env: {},
  });
  return {
    tenants: config.tenants,
    store,
    queue: { kind: 'postgres', selectCounts: async () => ({ waiting: 2, active: 1 }) },
    laneUse: async () => [{ tenant: 'acme', method: 'Login', share: 0.25 }],
    collectRequests: () => [],
    clock: stillClock,
    ...overrides,
  };
}

async function read(store: Store, overrides: Overrides = {}): Promise<readonly string[]> {
  return (await makeMetricsReader(await makeParts(store, overrides))()).split('\n');
}

/** Of a scrape, what stands in the database. */
function pickShared(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith('lvsync_') && !line.startsWith('lvsync_build_info'));
}

/** One of everything that a metric tells of. */
async function fill(store: Store): Promise<void> {
  const { pool } = store;
  const { changeSetId } = await storePlan(store, { tenant: 'acme', patches: [block], heldBecause: ['Too many.'] });
  await withTransaction(store, (client) => insertSuppressions(client, { tenant: 'acme', changeSetId }));
  await pool.query(
    `insert into sync.suppressions (tenant, account, field, kind, asked_at, asked_from, verified_at)
    values ('acme', $1, 'phone1Block', 'block', now() - interval '10 s', 'record', now())`,
    [account],
  );
  await pool.query(
    `insert into sync.dead_letters (tenant, account, operation, endpoint, sends_digest, fields)
    values ('acme', $1, 'update', 'bulk_update', 'd', '{}')`,
    [account],
  );
  const runId = await openRun(store, { tenant: 'acme', kind: 'sweep', startedFrom: 'command' });
  await markStepStarted(pool, runId, 1, 'pull');
  await markStepEnded(pool, runId, 1, {
    state: 'done',
    counts: { rows: 9, added: 3, changed: 2, unchanged: 4, from: '77' },
  });
  for (const [ordinal, step, lateCommit] of [
    [2, 'sweep', 2],
    [3, 'reconcile', 1],
  ] as const) {
    await markStepStarted(pool, runId, ordinal, step);
    await markStepEnded(pool, runId, ordinal, { state: 'done', counts: { lateCommit } });
  }
  await pool.query(
    `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
    values ('acme', $1, to_timestamp(0), '2026-01-01Z', '2026-01-01Z', 0, 9, 9, 'x', '2026-01-02T00:00:00Z')`,
    [runId],
  );
  await pool.query(
    `insert into sync.sweeps (tenant, run_id, kind, state, server_started_at, ended_at, mirror_rows, present, absent, not_judged, drifted)
    values ('acme', $1, 'whole', 'done', now(), now(), 1000, 990, 10, 0, 5)`,
    [runId],
  );
  await markRunEnded(pool, runId, 'failed', 'LiveVox gave no answer');
  await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'job' });
}

describe('a scrape', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await setupDatabase();
    await fill(database.store);
  });
  afterAll(() => database.drop());

  test('has every metric of the catalogue, with its help and type, and no account', async () => {
    const counted = countRequests();
    counted.watch('acme').left('Login');
    counted.watch('acme').answered('Login', 'done', 20);
    const text = (await read(database.store, { collectRequests: counted.collect })).join('\n');
    const missing = Object.entries(metricCatalogue).filter(
      ([name, { type, help }]) => !text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}`),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
    expect(text).not.toContain(account);
    for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
      expect(line).toMatch(/^[a-z][a-z_]*(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+$/);
  });

  test('tells what stands in the database, tenant by tenant', async () => {
    expect(await read(database.store)).toEqual(
      expect.arrayContaining([
        'lvsync_runs_total{tenant="acme",kind="plan",state="held"} 1',
        'lvsync_runs_total{tenant="acme",kind="sweep",state="failed"} 1',
        'lvsync_runs_running{tenant="acme",kind="pull"} 1',
        'lvsync_last_run_state{tenant="acme",kind="sweep",state="failed"} 1',
        'lvsync_rows_pulled_total{tenant="acme",outcome="changed"} 2',
        'lvsync_rows_pulled_total{tenant="beta",outcome="changed"} 0',
        'lvsync_mirror_merged_timestamp_seconds{tenant="acme"} 1767312000',
        'lvsync_mirror_watermark_timestamp_seconds{tenant="acme"} 1767225600',
        'lvsync_drift_ratio{tenant="acme"} 0.005',
        'lvsync_drift_total{tenant="acme",cause="late_commit"} 3',
        'lvsync_drift_total{tenant="acme",cause="altered"} 0',
        'lvsync_plans_held{tenant="acme"} 1',
        'lvsync_dead_letters_open{tenant="acme"} 1',
        'lvsync_stops_open{tenant="acme"} 1',
        'lvsync_stop_duration_seconds{tenant="acme",quantile="0.99"} 10',
        'lvsync_queue_jobs{queue="push",state="waiting"} 2',
        'lvsync_lane_use_ratio{tenant="acme",method="Login"} 0.25',
        `lvsync_nightly_due_timestamp_seconds{tenant="acme"} ${(now.getTime() - 3 * 3_600_000) / 1000}`,
      ]),
    );
  });

  test('is the same from another worker, and after a restart', async () => {
    expect(pickShared(await read(database.store))).toEqual(pickShared(await read(database.store)));
  });

  test('reads once for all who ask within five seconds', async () => {
    let looks = 0;
    let at = now.getTime();
    const selectCounts = async (): Promise<Record<string, number>> => {
      looks += 1;
      return { waiting: 0 };
    };
    const queue = { kind: 'postgres', selectCounts } as const;
    const clock = { ...stillClock, now: () => new Date(at) };
    const ask = makeMetricsReader(await makeParts(database.store, { queue, clock }));
    await Promise.all([ask(), ask()]);
    at += 4_999;
    await ask();
    const once = looks;
    at += 1;
    await ask();
    expect([once, looks]).toEqual([queueNames.length, 2 * queueNames.length]);
  });

  test('comes when the queue and the lanes cannot be read, and says so', async () => {
    const fails = () => Promise.reject(new Error('redis://:secret@host is gone'));
    const lines = await read(database.store, { queue: { kind: 'redis', selectCounts: fails }, laneUse: fails });
    expect(lines).toContain('lvsync_up{part="database"} 1');
    expect(lines).toContain('lvsync_up{part="queue"} 0');
    expect(lines).toContain('lvsync_up{part="lanes"} 0');
    expect(lines.join('\n')).not.toMatch(/secret|lvsync_queue_jobs/);
  });
});

test('a part that never answers is down after eight seconds, and is not asked again meanwhile', async () => {
  const { store } = await setupDatabase();
  let asked = 0;
  const laneUse = (): Promise<never> => {
    asked += 1;
    return new Promise(() => {});
  };
  const waits: (() => void)[] = [];
  const sleep = (delayMs: number): Promise<void> =>
    new Promise((resolve) => void (delayMs === 8_000 && waits.push(resolve)));
  const ask = makeMetricsReader(await makeParts(store, { laneUse, clock: { ...stillClock, sleep } }));
  const answers = Promise.all([ask(), ask()]);
  // The database and the queue answer by themselves; only the lanes are waited for.
  await expect.poll(() => waits.length).toBe(3);
  for (const wait of waits) wait();
  for (const text of await answers) expect(text).toContain('lvsync_up{part="lanes"} 0');
  expect(asked).toBe(1);
});

test('without a database the process still tells of itself', async () => {
  const { store } = await setupDatabase();
  await closeStore(store);
  const lines = await read(store);
  expect(lines).toContain('lvsync_up{part="database"} 0');
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
});

describe('totals', () => {
  const selectTotal = async ({ pool }: Store, part: string, word: string): Promise<number> => {
    const found = await pool.query<{ total: number }>(
      `select total::int as total from sync.totals where tenant = 'acme' and part = $1 and word = $2`,
      [part, word],
    );
    return found.rows[0]?.total ?? 0;
  };

  test('count a run once, whoever ends it, and outlive it', async () => {
    const { store } = await setupDatabase();
    const first = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
    await markRunEnded(store.pool, first, 'proven', 'proven');
    await markRunEnded(store.pool, first, 'failed', 'late');
    await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
    await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
    await store.pool.query(`delete from sync.runs`);
    const states = ['proven', 'failed', 'interrupted'];
    expect(await Promise.all(states.map((state) => selectTotal(store, 'pull', state)))).toEqual([1, 0, 1]);
  });

  test('count what a step counted when it is done, not what it says besides', async () => {
    const { store } = await setupDatabase();
    const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
    const counts = { added: 2, quarantined: 0, driftPerTenThousand: 1.5, from: '12', endsAt: null };
    await markStepStarted(store.pool, runId, 1, 'pull');
    await markStepEnded(store.pool, runId, 1, { state: 'failed', counts: { added: 100 } });
    await markStepStarted(store.pool, runId, 1, 'pull');
    await markStepEnded(store.pool, runId, 1, { state: 'done', counts });
    await markStepEnded(store.pool, runId, 1, { state: 'done', counts });
    const found = await store.pool.query(`select word, total::int as total from sync.totals where subject = 'step'`);
    expect(found.rows).toEqual([{ word: 'added', total: 2 }]);
  });

  test('begin with the runs that a database had before it kept them', async () => {
    const { store } = await setupEmptyDatabase();
    const names = await readdir(join(root, 'migrations'));
    const texts = names.filter((name) => name < '0012').map((name) => [name, readText(`migrations/${name}`)] as const);
    await migrate(store, { folder: await setupFolder(Object.fromEntries(texts)) });
    const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
    await markStepStarted(store.pool, runId, 1, 'pull');
    await markStepEnded(store.pool, runId, 1, { state: 'done', counts: { added: 2, changed: 0, from: '12' } });
    await markRunEnded(store.pool, runId, 'proven', 'proven');
    await migrate(store);
    const found = await store.pool.query(`select part, word, total::int as total from sync.totals order by subject`);
    expect(found.rows).toEqual([
      { part: 'pull', word: 'proven', total: 1 },
      { part: 'pull', word: 'added', total: 2 },
    ]);
  });
});

test('requests are counted by what came of them', async () => {
  const sandbox = await setupSandbox({ contacts: 1 });
  const { clientName, userName, password, accessToken } = sandbox.credentials;
  const secret = (value: string) => ({ reveal: () => value });
  const counted = countRequests();
  const client = new LiveVoxClient({
    baseUrl: sandbox.url,
    credentials: { clientName, userName, password: secret(password), accessToken: secret(accessToken) },
    timeZone: 'UTC',
    watch: counted.watch('acme'),
  });
  onTestFinished(() => client.close());
  await addFaults(sandbox, { kind: 'rate-limit', route: '*', nth: 2, seconds: 0 });
  await client.login();
  await client.fetchServerNow();
  const text = formatMetrics(counted.collect());
  expect(text).toContain('lvsync_requests_total{tenant="acme",method="Login",reply="done"} 1');
  expect(text).toContain('reply="limited"} 1');
  expect(text).toContain('lvsync_requests_in_flight{tenant="acme",method="Login"} 0');
  expect(text).toContain('lvsync_request_duration_seconds_bucket{tenant="acme",method="Login",le="+Inf"} 1');
  expect(text).toContain('lvsync_request_duration_seconds_count{tenant="acme",method="Login"} 1');
});

test('the buckets of a histogram hold what is below them as well', () => {
  const counted = countRequests();
  for (const ms of [50, 100, 101, 200_000]) counted.watch('t').answered('Login', 'done', ms);
  const bucket = (le: string): string => `lvsync_request_duration_seconds_bucket{tenant="t",method="Login",le="${le}"}`;
  const lines = formatMetrics(counted.collect()).split('\n');
  expect(lines).toEqual(expect.arrayContaining([`${bucket('0.1')} 2`, `${bucket('120')} 3`, `${bucket('+Inf')} 4`]));
});

test('labels are escaped', () => {
  const labels = { part: 'a"b\\c\nd' };
  expect(formatMetrics([{ name: 'lvsync_up', labels, value: 1 }])).toContain('lvsync_up{part="a\\"b\\\\c\\nd"} 1\n');
});

test('docs/metrics.md has each metric as the catalogue has it, and no other', () => {
  const page = readText('docs/metrics.md');
  const rows = Object.entries(metricCatalogue).map(
    ([name, { type, labels, from, help }]) =>
      `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${from} | ${help} |`,
  );
  expect(page.match(/^\| `(lvsync|process)_.*$/gm)).toEqual(rows);
});

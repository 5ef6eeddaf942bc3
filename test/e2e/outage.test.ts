/**
 * Redis or Postgres away in the middle of a push, and the queue lost: work stops, waits and goes on, or ends cleanly; the next sync
 * reaches the same end; and nobody's log fills up. Short outages here; LVSYNC_OUTAGE_SECONDS=30 makes them as long as a restart takes.
 */
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { enqueueNightly } from '../../jobs/nightly.ts';
import { closeStore, openStore } from '../../src/store/index.ts';
import { type StoreKind, setupQueue, storeKinds } from '../jobs/installation.ts';
import {
  type NightlyPlace,
  selectRuns,
  setupNightly,
  startImpatientWorker,
  waitForEndedRuns,
} from '../jobs/nightly-setup.ts';
import { type Running, startLvsync } from '../support/lvsync.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { redisUrl } from '../support/redis.ts';
import { addFaults, clearFaults, fetchCreates, waitForRequest } from '../support/sandbox-admin.ts';
import { startRedis } from '../support/servers.ts';
import { setupTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const outageSeconds = Number(process.env['LVSYNC_OUTAGE_SECONDS'] ?? 5);
/** One line a second, over so long. */
const stormMs = 5_000;
const stormLines = 5;
const timeout = 240_000 + outageSeconds * 2_000;

/** Slow enough for the outage to fall into the push. */
async function slowDown(place: NightlyPlace): Promise<void> {
  const routes = ['multi-dnd', 'bulk-create', 'bulk-update'];
  await addFaults(place.tenant.sandbox, ...routes.map((route) => ({ route, kind: 'latency', ms: 400 }) as const));
}

async function waitForPush(place: NightlyPlace): Promise<void> {
  await waitForRequest(place.tenant.sandbox, 'bulk-create', (entry) => entry.status === null);
}

async function beAway(place: NightlyPlace, proxy: TcpProxy): Promise<void> {
  await proxy.shut();
  await setTimeout(outageSeconds * 1_000);
  await clearFaults(place.tenant.sandbox);
  await proxy.open();
}

/** Most warnings and errors that a process logged in any five seconds: more than five would be a storm. */
function countStorm(stderr: string): number {
  const times: number[] = [];
  let last = 0;
  for (const line of stderr.split('\n').filter((one) => one.trim() !== '')) {
    const { time, level } = parseLine(line);
    last = time === undefined ? last : Date.parse(time);
    if (level >= 40) times.push(last);
  }
  return Math.max(0, ...times.map((end) => times.filter((time) => time <= end && time > end - stormMs).length));
}

/** A line that is none of the log's counts as a warning of the moment before. */
function parseLine(line: string): { readonly time?: string; readonly level: number } {
  try {
    return JSON.parse(line) as { time: string; level: number };
  } catch {
    return { level: 40 };
  }
}

async function expectSame(place: NightlyPlace): Promise<void> {
  const { sandbox, record } = place.tenant;
  expect((await compareWithRecord(sandbox, record)).differences).toEqual([]);
  expect(await fetchCreates(sandbox, 2)).toEqual({});
}

async function stop(worker: Running): Promise<string> {
  worker.child.kill('SIGTERM');
  return (await worker.finished).stderr;
}

describe('a worker in the middle of a push', () => {
  test.each(storeKinds)(
    'Postgres away for some seconds, queue on %s: it goes on by itself',
    { timeout },
    async (kind) => {
      const proxy = await setupTcpProxy(inject('databaseUrl'));
      const { place, behind } = await setupThroughProxy(kind, proxy, 'DATABASE_URL');
      const worker = startImpatientWorker(behind);
      await waitForPush(place);
      await beAway(place, proxy);
      const runs = await waitForEndedRuns(place, 1);
      expect(runs[0]?.state).toMatch(/^(proven|not_proven)$/);
      if (runs[0]?.state === 'not_proven') await enqueueAnother(place);
      await expectSame(place);
      expect(worker.child.exitCode).toBeNull();
      expect(countStorm(await stop(worker))).toBeLessThanOrEqual(stormLines);
    },
  );

  test.skipIf(redisUrl === undefined)('Redis away for some seconds: it goes on by itself', { timeout }, async () => {
    const proxy = await setupTcpProxy(redisUrl ?? '');
    const { place, behind } = await setupThroughProxy('redis', proxy, 'REDIS_URL');
    const worker = startImpatientWorker(behind);
    await waitForPush(place);
    await beAway(place, proxy);
    const runs = await waitForEndedRuns(place, 1);
    expect(runs[0]?.state).toMatch(/^(proven|not_proven)$/);
    if (runs[0]?.state === 'not_proven') await enqueueAnother(place);
    await expectSame(place);
    expect(worker.child.exitCode).toBeNull();
    expect(countStorm(await stop(worker))).toBeLessThanOrEqual(stormLines);
  });

  test.each(storeKinds)(
    'the queue on %s is emptied: the next nightly reaches the same end',
    { timeout },
    async (kind) => {
      const own = kind === 'redis' ? await startRedis() : undefined;
      if (own !== undefined) onTestFinished(own.stop);
      const env: Record<string, string> = own === undefined ? {} : { REDIS_URL: own.url };
      const place = await setupNightly(kind, [{ name: 'acme' }], { env });
      await slowDown(place);
      await enqueueNightly(await setupQueue(place), 'acme');
      const worker = startImpatientWorker(place);
      await waitForPush(place);
      await emptyQueue(place, own?.url);
      await setTimeout(1_000);
      await clearFaults(place.tenant.sandbox);
      // As two minutes of silence would: a nightly that the queue has forgotten may be passed by.
      await setTimeout(3_000);
      await place.database.store.pool.query(`update sync.runs set heartbeat_at = now() - interval '3 minutes'`);
      await enqueueNightly(await setupQueue(place), 'acme');
      const runs = await waitForEndedRuns(place, 2);
      expect(runs.at(-1)?.state).toBe('proven');
      await expectSame(place);
      expect(countStorm(await stop(worker))).toBeLessThanOrEqual(stormLines);
    },
  );
});

test('lvsync sync while Postgres is away ends with one sentence, and the next one finishes', { timeout }, async () => {
  const proxy = await setupTcpProxy(inject('databaseUrl'));
  const { place, behind } = await setupThroughProxy('postgres', proxy, 'DATABASE_URL', false);
  const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder, ...behind.env };
  const first = startLvsync(['sync'], { cwd: place.folder, env });
  await waitForPush(place);
  await proxy.shut();
  const ended = await first.finished;
  expect(ended.code).toBe(1);
  expect(ended.stderr.trim().split('\n').length).toBeLessThanOrEqual(12);
  await clearFaults(place.tenant.sandbox);
  await proxy.open();
  const second = await startLvsync(['sync'], { cwd: place.folder, env }).finished;
  expect([second.code, second.stderr.includes('not proven')]).toEqual([0, false]);
  await expectSame(place);
});

/** A nightly whose processes reach one of their servers through the proxy; the test itself does not. */
async function setupThroughProxy(
  kind: StoreKind,
  proxy: TcpProxy,
  variable: 'DATABASE_URL' | 'REDIS_URL',
  withNightly = true,
): Promise<{ readonly place: NightlyPlace; readonly behind: NightlyPlace }> {
  const place = await setupNightly(kind, [{ name: 'acme' }]);
  const proxied = new URL(proxy.url);
  if (variable === 'DATABASE_URL') proxied.pathname = new URL(place.database.url).pathname;
  const behind = { ...place, env: { ...place.env, [variable]: proxied.href } };
  await slowDown(place);
  if (withNightly) await enqueueNightly(await setupQueue(place), 'acme');
  return { place, behind };
}

/** After a nightly that lost an answer, the next one settles and finishes it. */
async function enqueueAnother(place: NightlyPlace): Promise<void> {
  await enqueueNightly(await setupQueue(place), 'acme');
  const runs = await waitForEndedRuns(place, (await selectRuns(place)).length + 1);
  expect(runs.at(-1)?.state).toBe('proven');
}

async function emptyQueue(place: NightlyPlace, ownRedis: string | undefined): Promise<void> {
  if (ownRedis !== undefined) {
    const redis = new Redis(ownRedis);
    await redis.flushall();
    redis.disconnect();
    return;
  }
  const store = await openStore(place.database.url);
  const { rows } = await store.pool.query<{ names: string }>(
    `select string_agg(format('bullmq.%I', tablename), ', ') as names from pg_tables
      where schemaname = 'bullmq' and tablename not in ('meta', 'migration')`,
  );
  await store.pool.query(`truncate ${rows[0]?.names}`);
  await closeStore(store);
}

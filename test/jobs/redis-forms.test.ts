/** A Redis that is no single server: a cluster of one node, and a master that a sentinel knows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeSchedules } from '../../jobs/schedule.ts';
import { silentLog } from '../../src/log.ts';
import { makeRedisClient, makeRedisSlots, openRedis, toRedisPlace } from '../../src/redis/index.ts';
import { setupFolder } from '../support/folder.ts';
import { redisUrl } from '../support/redis.ts';
import { setupInstallation, setupQueue } from './installation.ts';

/** A program of the machine, as Redis itself is in this suite. */
const program = 'redis-server';

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A redis-server of the test's own; ended with it. */
async function startServer(...args: string[]): Promise<ChildProcess> {
  const server = spawn(program, args, { stdio: 'ignore', cwd: await setupFolder({}) });
  onTestFinished(() => void server.kill('SIGKILL'));
  return server;
}

async function waitFor(port: number, ready: (redis: Redis) => Promise<boolean>): Promise<void> {
  const redis = new Redis(port, '127.0.0.1');
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  await expect.poll(() => ready(redis), { timeout: 20_000 }).toBe(true);
}

async function setupCluster(): Promise<string> {
  const [port, bus] = [await findFreePort(), await findFreePort()];
  await startServer(
    '--port',
    String(port),
    '--save',
    '',
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    String(bus),
    '--cluster-announce-ip',
    '127.0.0.1',
  );
  await waitFor(port, async (redis) => (await redis.ping()) === 'PONG');
  await waitFor(port, async (redis) => {
    if ((await redis.cluster('INFO')).includes('cluster_slots_assigned:0'))
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
    return (await redis.cluster('INFO')).includes('cluster_state:ok');
  });
  return `redis-cluster://127.0.0.1:${port}`;
}

async function setupSentinel(): Promise<string> {
  const [port, sentinel] = [await findFreePort(), await findFreePort()];
  await startServer('--port', String(port), '--save', '');
  await waitFor(port, async (redis) => (await redis.ping()) === 'PONG');
  const file = join(await setupFolder({}), 'sentinel.conf');
  await writeFile(file, `port ${sentinel}\nsentinel monitor nights 127.0.0.1 ${port} 1\n`);
  await startServer(file, '--sentinel');
  await waitFor(sentinel, async (redis) => (await redis.call('PING')) === 'PONG');
  return `redis-sentinel://127.0.0.1:${sentinel}/nights`;
}

const forms = [
  ['a cluster', setupCluster],
  ['a master that a sentinel knows', setupSentinel],
] as const;

// The global set-up has said so where there is no Redis.
describe.skipIf(redisUrl === undefined)('the queue and the slots', () => {
  test.each(forms)('live in %s', async (_, setupRedis) => {
    const url = await setupRedis();
    const content = {
      tenants: { acme: { schedule: { nightly: { cron: '30 2 * * *' }, sweep: { cron: '0 4 * * 0' } } } },
    };
    const place = await setupInstallation('postgres', { content, env: { REDIS_URL: url } });
    const written = await writeSchedules(await place.load(), { log: silentLog });
    expect(written.map(({ name }) => name)).toEqual(['nightly-acme', 'sweep-acme']);
    const queue = await setupQueue(place);
    const done: unknown[] = [];
    const worker = queue.startWorker('retention', async ({ payload }) => {
      done.push(payload);
      return { kind: 'done' };
    });
    await queue.add({ queue: 'retention', name: 'retention', id: 'one', payload: { tenant: 'acme' } });
    await expect.poll(() => done, { timeout: 10_000 }).toEqual([{ tenant: 'acme' }]);
    await worker.close();
    const shared = openRedis(url);
    const slots = makeRedisSlots(shared);
    expect(await slots.book('a-lane', [{ starts: 1, perMs: 1_000 }], 60_000)).toMatchObject({ waitMs: 0 });
    await shared.close();
  });
});

describe('an address', () => {
  test('is told without user and password', () => {
    expect(toRedisPlace('rediss-sentinel://me:secret@a:1,b:2/nights')).toBe('a:1,b:2');
    expect(toRedisPlace('redis://me:secret@a:1/2')).toBe('a:1');
  });

  test.each(['redis-sentinel://me:secret@a:1', 'redis-cluster://'])('%s is refused, and not repeated', (url) => {
    expect(() => makeRedisClient(url, { lazyConnect: true })).toThrow(
      /^REDIS_URL cannot be read; write redis-sentinel/,
    );
  });
});

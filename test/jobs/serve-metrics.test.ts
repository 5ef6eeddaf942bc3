/** The worker's window for monitors, over real HTTP: what it answers, and that a worker opens and closes it. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkHealth, type Health, type HealthParts } from '../../jobs/check-health.ts';
import { serveMetrics } from '../../jobs/serve-metrics.ts';
import { runWorker } from '../../jobs/worker.ts';
import { systemClock } from '../../src/clock.ts';
import { ConfigError } from '../../src/errors.ts';
import { type Log, silentLog } from '../../src/log.ts';
import { closeStore } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupInstallation, storeKinds } from './installation.ts';

const well: Health = { database: 'ok', schema: 'ok', queue: 'ok', worker: 'ok' };

async function serve(overrides: { readMetrics?: () => Promise<string>; health?: Health; port?: number } = {}) {
  const source = {
    readMetrics: overrides.readMetrics ?? (async () => 'lvsync_up 1\n'),
    checkHealth: async () => overrides.health ?? well,
    log: silentLog,
  };
  const server = await serveMetrics({ host: '127.0.0.1', port: overrides.port ?? 0 }, source);
  onTestFinished(() => server.close());
  return server;
}

async function ask(url: string, path: string, method = 'GET'): Promise<readonly [number, string]> {
  const answer = await fetch(`${url}${path}`, { method });
  return [answer.status, await answer.text()];
}

describe('serveMetrics', () => {
  test('answers on its three addresses and nowhere else', async () => {
    const { url } = await serve();
    expect(await ask(url, '/metrics?x=1')).toEqual([200, 'lvsync_up 1\n']);
    expect(await ask(url, '/healthz')).toEqual([200, 'ok\n']);
    expect(await ask(url, '/readyz')).toEqual([200, `${JSON.stringify(well)}\n`]);
    expect((await ask(url, '/'))[0]).toBe(404);
    expect((await ask(url, '/metrics', 'POST'))[0]).toBe(405);
    expect(await ask(url, '/metrics', 'HEAD')).toEqual([200, '']);
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  test('is not ready when one part is not, and says which', async () => {
    const { url } = await serve({ health: { ...well, schema: 'out of date' } });
    expect(await ask(url, '/readyz')).toEqual([503, expect.stringContaining('"schema":"out of date"')]);
    expect((await ask(url, '/healthz'))[0]).toBe(200);
  });

  test('an error is 500 without its words', async () => {
    const { url } = await serve({ readMetrics: () => Promise.reject(new Error('secret')) });
    expect(await ask(url, '/metrics')).toEqual([500, 'failed\n']);
  });

  test('a port that is taken is a sentence', async () => {
    const { url } = await serve();
    const taken = serve({ port: Number(new URL(url).port) });
    await expect(taken).rejects.toThrow(ConfigError);
    await expect(taken).rejects.toThrow(/LVSYNC_METRICS_PORT of its own/);
  });
});

describe('checkHealth', () => {
  const queue = { selectCounts: async () => ({}) };
  const stopping = new AbortController().signal;

  async function check(overrides: Partial<HealthParts> = {}, spoil?: string): Promise<Health> {
    const { store } = await setupDatabase();
    if (spoil !== undefined) await store.pool.query(spoil);
    return checkHealth({ store, queue, clock: systemClock, stopping, ...overrides });
  }

  test('is well with an up-to-date database and a queue that answers', async () => {
    expect(await check()).toEqual(well);
  });

  test('sees a schema of another version', async () => {
    expect(await check({}, `delete from lvsync.migrations where name like '0009%'`)).toEqual({
      ...well,
      schema: 'out of date',
    });
  });

  test('sees a queue that fails, one that never answers, and a worker that stops', async () => {
    const fails = { selectCounts: () => Promise.reject(new Error('gone')) };
    expect((await check({ queue: fails })).queue).toBe('no answer');
    const hangs = { selectCounts: () => new Promise<never>(() => {}) };
    expect((await check({ queue: hangs, patienceMs: 50 })).queue).toBe('no answer');
    expect((await check({ stopping: AbortSignal.abort() })).worker).toBe('stopping');
  });

  test('sees a database that is away', async () => {
    const { store } = await setupDatabase();
    await closeStore(store);
    const health = await checkHealth({ store, queue, clock: systemClock, stopping });
    expect(health).toEqual({ ...well, database: 'no answer', schema: 'no answer' });
  });
});

describe.each(storeKinds)('a worker on %s', (kind) => {
  test('opens the window, is ready, and closes it when it has stopped', async () => {
    const place = await setupInstallation(kind, { env: { LVSYNC_METRICS_PORT: '0' } });
    const stop = new AbortController();
    let tell = (_: string): void => {};
    const opened = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const log: Log = {
      ...silentLog,
      info: (event, facts) => event === 'metrics.listening' && tell(String(facts?.['url'])),
    };
    const ended = runWorker(await place.load(), { log, signal: stop.signal });
    const url = await Promise.race([opened, ended.then(() => 'ended')]);
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect((await ask(url, '/readyz'))[0]).toBe(200);
    const [, metrics] = await ask(url, '/metrics');
    expect(metrics).toContain('lvsync_up{part="queue"} 1');
    expect(metrics).toContain(`queue="${kind}"} 1`);
    expect(metrics).toContain('lvsync_queue_jobs{queue="nightly",state="waiting"} 0');
    stop.abort();
    await ended;
    await expect(ask(url, '/healthz')).rejects.toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { RetriableError } from '../../src/errors.ts';
import { holdTenant, markRunEnded, openRun, selectRun } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

describe('openRun', () => {
  it('marks a command’s run that still says running as interrupted: its process is dead, or the lock would be held', async () => {
    const { store } = await setupDatabase();
    const dead = await openRun(store, { tenant: 'main', kind: 'sync', startedFrom: 'command' });
    const next = await openRun(store, { tenant: 'main', kind: 'pull', startedFrom: 'command' });
    expect((await selectRun(store.pool, dead))?.state).toBe('interrupted');
    expect((await selectRun(store.pool, next))?.state).toBe('running');
  });

  it('leaves a run of jobs alone while its heartbeat is young, and takes its place when it is old', async () => {
    const { store } = await setupDatabase();
    const nightly = await openRun(store, { tenant: 'main', kind: 'sync', startedFrom: 'job', dedupKey: 'job-1' });
    await expect(openRun(store, { tenant: 'main', kind: 'pull', startedFrom: 'command' })).rejects.toThrow(
      RetriableError,
    );
    await store.pool.query(`update sync.runs set heartbeat_at = now() - interval '3 minutes' where id = $1`, [nightly]);
    await openRun(store, { tenant: 'main', kind: 'pull', startedFrom: 'command' });
    expect((await selectRun(store.pool, nightly))?.state).toBe('interrupted');
  });

  it('takes nobody for dead who is alive when it opens a run that blocks, which is opened without the lock', async () => {
    const { store } = await setupDatabase();
    const sync = await openRun(store, { tenant: 'main', kind: 'sync', startedFrom: 'command' });
    const block = await openRun(store, { tenant: 'main', kind: 'block', startedFrom: 'command' });
    const states = await Promise.all([sync, block].map(async (id) => (await selectRun(store.pool, id))?.state));
    expect(states).toEqual(['running', 'running']);
    await store.pool.query(`update sync.runs set heartbeat_at = now() - interval '3 minutes' where id = $1`, [sync]);
    await openRun(store, { tenant: 'main', kind: 'block', startedFrom: 'command' });
    expect((await selectRun(store.pool, sync))?.state).toBe('interrupted');
  });

  it('gives the same job the same run, also after that has ended', async () => {
    const { store } = await setupDatabase();
    const open = () => openRun(store, { tenant: 'main', kind: 'sync', startedFrom: 'job', dedupKey: 'job-1' });
    const first = await open();
    expect(await open()).toBe(first);
    await markRunEnded(store.pool, first, 'proven', 'done');
    expect(await open()).toBe(first);
  });

  it('a run that blocks is opened without the lock, so it leaves the command at work alone', async () => {
    const { store } = await setupDatabase();
    const sync = await openRun(store, { tenant: 'main', kind: 'sync', startedFrom: 'command' });
    await openRun(store, { tenant: 'main', kind: 'block', startedFrom: 'command' });
    expect((await selectRun(store.pool, sync))?.state).toBe('running');
  });

  it('lets a run beside others in between two steps of jobs, and nobody else', async () => {
    const { store } = await setupDatabase();
    const nightly = await openRun(store, { tenant: 'main', kind: 'sync', startedFrom: 'job', dedupKey: 'job-1' });
    await openRun(store, { tenant: 'main', kind: 'reconcile', startedFrom: 'command', beside: true });
    expect((await selectRun(store.pool, nightly))?.state).toBe('running');
    const exclusive = openRun(store, { tenant: 'main', kind: 'reconcile', startedFrom: 'command' });
    await expect(exclusive).rejects.toThrow(RetriableError);
  });

  it('does not mix tenants', async () => {
    const { store } = await setupDatabase();
    const one = await openRun(store, { tenant: 'one', kind: 'sync', startedFrom: 'command' });
    await openRun(store, { tenant: 'two', kind: 'sync', startedFrom: 'command' });
    expect((await selectRun(store.pool, one))?.state).toBe('running');
  });
});

describe('holdTenant', () => {
  const options = { clock: systemClock, waitMs: 0 };

  it('lets one in at a time per tenant, and the next one when it is released', async () => {
    const { store } = await setupDatabase();
    const lock = await holdTenant(store, 'one', options);
    await expect(holdTenant(store, 'one', options)).rejects.toThrow('Another run of tenant one is going on');
    await (await holdTenant(store, 'two', options)).release();
    const waiting = holdTenant(store, 'one', { ...options, waitMs: 10_000 });
    await lock.release();
    await (await waiting).release();
  });

  it('aborts its signal when the connection that holds the lock is lost', async () => {
    const { store } = await setupDatabase();
    const lock = await holdTenant(store, 'one', options);
    const lost = new Promise<void>((resolve) => lock.signal.addEventListener('abort', () => resolve(), { once: true }));
    await store.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lvsync-lock' and datname = current_database()`,
    );
    await lost;
    expect(lock.signal.reason).toBeInstanceOf(RetriableError);
    await lock.release().catch(() => {});
  });
});

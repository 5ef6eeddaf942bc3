/** When a nightly was due last, over changes of daylight saving, and when it counts as missed. */
import { describe, expect, test } from 'vitest';
import { judgeNight } from '../../jobs/due-night.ts';
import { findLastDue } from '../../jobs/next-due.ts';
import { openRun, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

describe('findLastDue', () => {
  test.each([
    ['30 2 * * *', 'UTC', '2026-11-21T02:30:00Z', '2026-11-21T02:30:00.000Z'],
    ['30 2 * * *', 'UTC', '2026-11-21T02:29:59Z', '2026-11-20T02:30:00.000Z'],
    ['*/15 * * * * *', 'UTC', '2026-11-21T02:29:59Z', '2026-11-21T02:29:45.000Z'],
    ['30 2 * * *', 'America/New_York', '2026-11-21T12:00:00Z', '2026-11-21T07:30:00.000Z'],
    // The night on which the clocks go back has 25 hours.
    ['30 3 * * *', 'America/New_York', '2026-11-01T08:29:59Z', '2026-10-31T07:30:00.000Z'],
    ['30 3 * * *', 'America/New_York', '2026-11-01T08:30:00Z', '2026-11-01T08:30:00.000Z'],
  ])('%s in %s, seen at %s', (cron, timeZone, now, due) => {
    expect(findLastDue({ cron, timeZone }, new Date(now))?.toISOString()).toBe(due);
  });

  test('a weekly one was due days ago, a yearly one not of late', () => {
    const now = new Date('2026-11-21T12:00:00Z');
    expect(findLastDue({ cron: '0 2 * * 1', timeZone: 'UTC' }, now)).toEqual(new Date('2026-11-16T02:00:00Z'));
    expect(findLastDue({ cron: '0 2 1 1 *', timeZone: 'UTC' }, now)).toBeUndefined();
  });
});

describe('judgeNight', () => {
  const nightly = { cron: '30 2 * * *', timeZone: 'UTC', missed: 'catch_up' } as const;
  const tenant = { name: 'acme', schedule: { nightly } };
  const dueAt = new Date('2026-11-21T02:30:00Z');
  const longBefore = new Date('2026-01-01T00:00:00Z');

  async function isMissed(at: string, { watchedSince = longBefore, runAt }: { watchedSince?: Date; runAt?: string }) {
    const { store } = await setupDatabase();
    if (runAt !== undefined) await storeRun(store, runAt);
    return (await judgeNight(store.pool, tenant, { now: new Date(at), watchedSince }))?.isMissed;
  }

  async function storeRun(store: Store, startedAt: string): Promise<void> {
    const runId = await openRun(store, { tenant: 'acme', kind: 'sync', startedFrom: 'job' });
    await store.pool.query(`update sync.runs set started_at = $2 where id = $1`, [runId, startedAt]);
  }

  test.each([
    ['has an hour to begin', '2026-11-21T03:29:00Z', {}, false],
    ['is missed after it', '2026-11-21T03:31:00Z', {}, true],
    ['is not when it has begun', '2026-11-21T03:31:00Z', { runAt: '2026-11-21T02:30:04Z' }, false],
    ['is, though the one before ran', '2026-11-21T03:31:00Z', { runAt: '2026-11-20T02:30:04Z' }, true],
    [
      'is not where nobody waited for it',
      '2026-11-21T03:31:00Z',
      { watchedSince: new Date(dueAt.getTime() + 1) },
      false,
    ],
  ])('a nightly %s', async (_, at, given, missed) => {
    expect(await isMissed(at, given)).toBe(missed);
  });

  test('a tenant without a nightly misses none', async () => {
    const { store } = await setupDatabase();
    const idle = { name: 'acme', schedule: {} };
    expect(await judgeNight(store.pool, idle, { now: dueAt, watchedSince: longBefore })).toBeUndefined();
  });
});

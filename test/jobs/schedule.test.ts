import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { selectQueueCounts } from '../../jobs/queue-counts.ts';
import { findMissedNight, type WrittenSchedule, writeSchedules } from '../../jobs/schedule.ts';
import { loadConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { type Installation, setupInstallation, setupQueue, storeKinds } from './installation.ts';

type Nightly = { readonly cron: string; readonly timeZone?: string };

function makeContent(nightlies: Readonly<Record<string, Nightly | undefined>>): object {
  const tenants = Object.entries(nightlies).map(([name, nightly]) => [name, { schedule: { nightly } }]);
  return { tenants: Object.fromEntries(tenants) };
}

/** Writes the schedules of a config of its own: an edited file would not be read again by the same process. */
async function schedule(
  place: Installation,
  nightlies: Readonly<Record<string, Nightly | undefined>>,
): Promise<readonly WrittenSchedule[]> {
  const configFile = `${randomUUID()}.json`;
  await writeFile(join(place.folder, configFile), JSON.stringify(makeContent(nightlies)));
  return writeSchedules(await loadConfig({ cwd: place.folder, env: place.env, configFile }), { log: silentLog });
}

async function scheduleAll(place: Installation, entries: object): Promise<readonly WrittenSchedule[]> {
  const configFile = `${randomUUID()}.json`;
  await writeFile(join(place.folder, configFile), JSON.stringify({ tenants: { acme: { schedule: entries } } }));
  return writeSchedules(await loadConfig({ cwd: place.folder, env: place.env, configFile }), { log: silentLog });
}

/** Hour and minute on the wall of the zone. */
function toWallTime(next: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(next));
}

describe.each(storeKinds)('writeSchedules on %s', (kind) => {
  test("a nightly is written for its hour in the tenant's own zone", async () => {
    const place = await setupInstallation(kind);
    const written = await schedule(place, { acme: { cron: '30 2 * * *' } });
    const cron = '30 2 * * *';
    expect(written).toEqual([
      {
        name: 'nightly-acme',
        tenant: 'acme',
        cron,
        timeZone: 'America/New_York',
        next: expect.any(String),
        nextRuns: expect.any(Array),
      },
    ]);
    const next = written[0]?.next ?? '';
    expect(written[0]?.nextRuns.map((at) => toWallTime(at, 'America/New_York'))).toHaveLength(3);
    expect(written[0]?.nextRuns[0]).toBe(next);
    expect(toWallTime(next, 'America/New_York')).toBe('02:30');
    expect(Date.parse(next)).toBeGreaterThan(Date.now());
    expect((await selectQueueCounts(await place.load(), place.database.url, silentLog))['nightly']?.['delayed']).toBe(
      1,
    );
  });

  test('what changed in the config is changed, what is new is added, what is gone is removed', async () => {
    const place = await setupInstallation(kind);
    const kept = { cron: '0 1 * * *', timeZone: 'UTC' };
    const before = await schedule(place, { a: kept, b: { cron: '0 2 * * *', timeZone: 'UTC' }, c: kept });
    const after = await schedule(place, { a: kept, b: { cron: '0 3 * * *', timeZone: 'UTC' }, d: kept });
    expect(before.map((one) => one.tenant)).toEqual(['a', 'b', 'c']);
    expect(after.map(({ tenant, next }) => [tenant, toWallTime(next, 'UTC')])).toEqual([
      ['a', '01:00'],
      ['b', '03:00'],
      ['d', '01:00'],
    ]);
    const stored = await (await setupQueue(place)).selectSchedules();
    const sorted = stored.map(({ id, nextAt }) => [id, nextAt?.toISOString()]).sort();
    expect(sorted).toEqual(after.map(({ name, next }) => [name, next]));
    expect((await selectQueueCounts(await place.load(), place.database.url, silentLog))['nightly']?.['delayed']).toBe(
      3,
    );
  });

  test('a nightly that is overdue stays so when the schedules are written again', async () => {
    const place = await setupInstallation(kind);
    const everySecond = { cron: '* * * * * *', timeZone: 'UTC' };
    const [before] = await schedule(place, { acme: everySecond });
    await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(Date.parse(before?.next ?? ''));
    const [after] = await schedule(place, { acme: everySecond });
    expect(after?.next).toBe(before?.next);
    expect(Date.parse(after?.nextRuns[1] ?? '')).toBeGreaterThan(Date.parse(after?.next ?? ''));
  });

  test('sweeps and the retention are written beside the nightly, each into its queue, and removed one by one', async () => {
    const place = await setupInstallation(kind);
    const at = (cron: string) => ({ cron, timeZone: 'UTC' });
    const all = {
      nightly: at('30 2 * * *'),
      sweep: at('0 4 * * 0'),
      rollingSweep: at('0 5 * * *'),
      retention: at('0 6 * * *'),
    };
    expect((await scheduleAll(place, all)).map(({ name }) => name)).toEqual([
      'nightly-acme',
      'sweep-acme',
      'rolling-sweep-acme',
      'retention-acme',
    ]);
    const queue = await setupQueue(place);
    const delayed = async (): Promise<readonly (number | undefined)[]> => {
      const counts = await Promise.all((['nightly', 'sweep', 'retention'] as const).map(queue.selectCounts));
      return counts.map((one) => one['delayed']);
    };
    expect(await delayed()).toEqual([1, 2, 1]);
    await scheduleAll(place, { rollingSweep: all.rollingSweep });
    expect((await queue.selectSchedules()).map(({ id }) => id)).toEqual(['rolling-sweep-acme']);
    expect(await delayed()).toEqual([0, 1, 0]);
  });

  test('without a schedule in the config all are removed', async () => {
    const place = await setupInstallation(kind);
    await schedule(place, { acme: { cron: '0 1 * * *' } });
    expect(await schedule(place, { acme: undefined })).toEqual([]);
    expect(await (await setupQueue(place)).selectSchedules()).toEqual([]);
  });

  test('cron expressions that never come are all named, and nothing is written', async () => {
    const place = await setupInstallation(kind);
    const failed = schedule(place, {
      a: { cron: '0 1 * * *' },
      b: { cron: '0 0 30 2 *' },
      c: { cron: '99 1 * * *' },
    });
    await expect(failed).rejects.toThrow(ConfigError);
    await expect(failed).rejects.toThrow(/Tenant b: .*\nTenant c: /);
    expect(await (await setupQueue(place)).selectSchedules()).toEqual([]);
  });
});

describe('findMissedNight', () => {
  const nightly = { cron: '30 2 * * *', timeZone: 'UTC', missed: 'report' } as const;
  const now = new Date('2026-05-10T09:00:00Z');

  test('a night that nothing was run for is missed, however it was', () => {
    expect(findMissedNight({ nightly }, null, now)).toEqual(new Date('2026-05-10T02:30:00Z'));
    expect(findMissedNight({ nightly }, new Date('2026-05-09T02:30:01Z'), now)).toEqual(
      new Date('2026-05-10T02:30:00Z'),
    );
  });

  test('a sync since then, by whomever, makes up for it; and a worker may be a little late', () => {
    expect(findMissedNight({ nightly }, new Date('2026-05-10T08:00:00Z'), now)).toBeUndefined();
    const soon = new Date('2026-05-10T02:44:00Z');
    expect(findMissedNight({ nightly }, new Date('2026-05-09T02:30:01Z'), soon)).toBeUndefined();
    expect(findMissedNight({}, null, now)).toBeUndefined();
  });
});

describe('selectQueueCounts', () => {
  test('where no queue was made there are no counts, and looking makes none', async () => {
    const place = await setupInstallation('postgres');
    expect(await selectQueueCounts(await place.load(), place.database.url, silentLog)).toEqual({});
    expect(await schedule(place, { acme: undefined })).toEqual([]);
    expect(await selectQueueCounts(await place.load(), place.database.url, silentLog)).toEqual({});
  });
});

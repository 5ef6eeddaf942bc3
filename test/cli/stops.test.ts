/** `lvsync stops`: what a person reads, which rows and numbers it takes, and its exit code. */
import { describe, expect, test } from 'vitest';
import { formatStopsReport, makeStopsReport } from '../../src/cli/stops-report.ts';
import type { Store } from '../../src/store/index.ts';
import { readSuppressionClock } from '../../src/suppression-clock.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';

const now = new Date('2026-11-20T15:00:00Z');
const since = new Date('2026-10-21T15:00:00Z');
const tenant = {
  name: 'acme',
  timeZone: 'America/New_York',
  suppressions: { targetMs: 900_000, legalBusinessDays: 10, holidays: ['2026-11-11'] },
};

type Given = { account: string; asked: number; planned?: number; sent?: number; verified?: number; ended?: number };

/** Stops by minutes before now. */
async function insert(store: Store, stops: readonly Given[], before: Date = now, name = 'acme'): Promise<void> {
  const at = (minutes: number | undefined): Date | null =>
    minutes === undefined ? null : new Date(before.getTime() - minutes * 60_000);
  for (const { account, asked, planned = asked, sent, verified, ended } of stops) {
    await store.pool.query(
      `insert into sync.suppressions (tenant, account, field, kind, asked_at, asked_from, planned_at, sent_at, verified_at, ended_at, ended_because)
       values ($1, $2, 'accountBlock', 'block', $3, 'record', $4, $5, $6, $7, $8)`,
      [
        name,
        account,
        at(asked),
        at(planned),
        at(sent),
        at(verified),
        at(ended),
        ended === undefined ? null : 'taken back',
      ],
    );
  }
}

const day = 24 * 60;

describe('the report', () => {
  test('open stops first, the longest waiting before the others, with limits and standing', async () => {
    const { store } = await setupDatabase();
    await insert(store, [
      { account: 'Soon', asked: 12 },
      { account: 'Fresh', asked: 1 },
      { account: 'Seen', asked: 60, planned: 50, sent: 48, verified: 47 },
      { account: 'Slow', asked: 90, sent: 80, verified: 46 },
      { account: 'Back', asked: 30, ended: 20 },
      { account: 'Late', asked: 20, sent: 10 },
      // Asked on Thursday the 5th: with the holiday, the tenth business day is Friday the 20th, today.
      { account: 'Today', asked: 15 * day },
      { account: 'Lawless', asked: 16 * day },
      { account: 'Old', asked: 100 * day, verified: 40 * day },
    ]);
    const report = await makeStopsReport(store, tenant, now, { which: 'all', since, limit: 100 });
    expect(report.stops.map(({ account, target, legal }) => [account, target, legal])).toEqual([
      ['Lawless', 'late', 'late'],
      ['Today', 'late', 'at_risk'],
      ['Late', 'late', 'in_time'],
      ['Soon', 'at_risk', 'in_time'],
      ['Fresh', 'in_time', 'in_time'],
      ['Back', 'in_time', 'in_time'],
      ['Slow', 'late', 'in_time'],
      ['Seen', 'in_time', 'in_time'],
    ]);
    expect(report.metrics).toEqual({
      open: 5,
      late: 3,
      atRisk: 1,
      legalLate: 1,
      legalAtRisk: 1,
      oldestAskedAt: new Date(now.getTime() - 16 * day * 60_000),
      verified: 2,
      verifiedLate: 1,
      askedToVerified: { p50: 13 * 60_000, p95: 44 * 60_000, p99: 44 * 60_000 },
      plannedToVerified: { p50: 3 * 60_000, p95: 44 * 60_000, p99: 44 * 60_000 },
    });
    const text = formatStopsReport(report);
    expect(text.split('\n').slice(0, 7)).toEqual([
      'tenant acme',
      '  5 stops open, 3 late (1 by law), 1 at risk, 1 near the legal limit, the longest waits for 16 days',
      '  since 2026-10-21T15:00:00Z: 2 seen in LiveVox, 1 of them past the target',
      '                        p50     p95     p99',
      '    asked → verified    13 min  44 min  44 min',
      '    planned → verified  3 min   44 min  44 min',
      '  account  field         asked                 planned               sent                  verified              due by target         due by law            stands',
    ]);
    expect(
      text
        .split('\n')
        .map((line) => line.split(/ {2,}/).at(-1))
        .slice(7, -1),
    ).toEqual([
      'late by law',
      'late, near the legal limit',
      'late',
      'at risk',
      'in time',
      'ended: taken back',
      'seen, late',
      'seen',
    ]);
    expect(text).toContain(
      'Today    accountBlock  2026-11-05T15:00:00Z  2026-11-05T15:00:00Z  -                     -                     2026-11-05T15:15:00Z  2026-11-21T05:00:00Z',
    );
  });

  test('takes the late ones alone, or the open ones, and says what it leaves out', async () => {
    const { store } = await setupDatabase();
    const open = ['A', 'B', 'C'].map((account, index) => ({ account, asked: 5 + 10 * index }));
    await insert(store, [...open, { account: 'Seen', asked: 60, verified: 47 }]);
    const read = (which: 'open' | 'late' | 'all', limit = 100) =>
      makeStopsReport(store, tenant, now, { which, since, limit });
    expect((await read('late')).stops.map(({ account }) => account)).toEqual(['C', 'B']);
    expect((await read('open')).stops.map(({ account }) => account)).toEqual(['C', 'B', 'A']);
    const cut = await read('all', 1);
    expect([cut.all, cut.stops.length]).toEqual([4, 1]);
    expect(formatStopsReport(cut)).toMatch(/… and 3 more; --limit shows them\n$/);
  });

  test('with a target longer than the law, the law alone makes one late', async () => {
    const { store } = await setupDatabase();
    await insert(store, [
      { account: 'Today', asked: 15 * day },
      { account: 'Lawless', asked: 16 * day },
    ]);
    const patient = { ...tenant, suppressions: { ...tenant.suppressions, targetMs: 60 * day * 60_000 } };
    expect(await readSuppressionClock(store, patient, now)).toMatchObject({ late: 1, atRisk: 1, legalLate: 1 });
    const { stops } = await makeStopsReport(store, patient, now, { which: 'late', since, limit: 9 });
    expect(stops.map(({ account }) => account)).toEqual(['Lawless']);
  });

  test('of a tenant without stops says so', async () => {
    const { store } = await setupDatabase();
    const report = await makeStopsReport(store, tenant, now, { which: 'all', since, limit: 100 });
    expect(report.metrics).toMatchObject({ open: 0, oldestAskedAt: null, askedToVerified: null });
    expect(formatStopsReport(report)).toBe(
      'tenant acme\n  no stop is open\n  since 2026-10-21T15:00:00Z: 0 seen in LiveVox, 0 of them past the target\n',
    );
  });
});

describe('the command', () => {
  async function setup() {
    const { store, url } = await setupDatabase();
    const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify({ tenants: { acme: {}, beta: {} } }) });
    return { store, run: (...args: string[]) => runLvsync(['stops', ...args], { cwd, env: { DATABASE_URL: url } }) };
  }

  test('exits 4 when a stop of one of the tenants is late, whichever rows are shown', async () => {
    const { store, run } = await setup();
    expect((await run()).code).toBe(0);
    await insert(store, [{ account: 'Fresh', asked: 1 }], new Date());
    expect((await run()).code).toBe(0);
    await insert(store, [{ account: 'Late', asked: 20 }], new Date(), 'beta');
    const all = await run('--limit', '1');
    expect([all.code, all.stdout.match(/^tenant \w+/gm)]).toEqual([4, ['tenant acme', 'tenant beta']]);
    expect((await run('--tenant', 'acme')).code).toBe(0);
    const { tenants } = JSON.parse((await run('--late', '--json')).stdout) as {
      tenants: { stops: { account: string }[] }[];
    };
    expect(tenants.map(({ stops }) => stops.map(({ account }) => account))).toEqual([[], ['Late']]);
  });

  test.each([
    [['--since', 'yesterday'], '--since yesterday is no date'],
    [['--limit', '0'], '--limit must be a whole number from 1'],
    [['--open', '--late'], "cannot be used with option '--late'"],
  ])('%j is wrong usage', async (args, told) => {
    const { run } = await setup();
    const { code, stderr } = await run(...args);
    expect([code, stderr.join('\n')]).toEqual([2, expect.stringContaining(told)]);
  });
});

/** Nights over both changes of the clocks, as a worker goes through them: each once, whenever the worker asks for the next one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLastDue, findNextDue, listNextDue } from '../../jobs/next-due.ts';

const dayMs = 86_400_000;

/** Zones, and when their clocks change in 2026. */
const zones = [
  { timeZone: 'America/New_York', changes: ['2026-03-08', '2026-11-01'] },
  { timeZone: 'Europe/Berlin', changes: ['2026-03-29', '2026-10-25'] },
  { timeZone: 'Australia/Sydney', changes: ['2026-04-05', '2026-10-04'] },
] as const;

function toDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

function toWallTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' }).format(at);
}

function addDay(day: string): string {
  return new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10);
}

/** The nights as a worker lives through them: it asks for the next one when it begins the last, so many milliseconds late. */
function liveThrough(
  cron: string,
  timeZone: string,
  from: Date,
  nights: number,
  lateMs: (night: number) => number,
): Date[] {
  const begun: Date[] = [];
  let now = from;
  for (let night = 0; night < nights; night += 1) {
    const next = findNextDue({ cron, timeZone }, now);
    if (next === undefined) break;
    begun.push(next);
    now = new Date(next.getTime() + lateMs(night));
  }
  return begun;
}

function expectEachNightOnce(begun: readonly Date[], timeZone: string): void {
  const days = begun.map((at) => toDay(at, timeZone));
  for (const [index, day] of days.slice(1).entries()) expect(day).toBe(addDay(days[index] ?? ''));
}

describe.each(zones)('72 nights in $timeZone', ({ timeZone, changes }) => {
  test.each(changes)('over the change of %s: a nightly at half past two runs once each night', (change) => {
    const from = new Date(Date.parse(change) - 36 * dayMs);
    const begun = liveThrough('30 2 * * *', timeZone, from, 72, () => 0);
    expect(begun).toHaveLength(72);
    expectEachNightOnce(begun, timeZone);
    const odd = begun.filter((at) => toWallTime(at, timeZone) !== '02:30').map((at) => toWallTime(at, timeZone));
    expect(odd.length).toBeLessThanOrEqual(1);
    if (odd.length === 1) expect(odd).toEqual(['03:30']);
  });

  test('whatever the hour of the night, and however late the worker is, no night comes twice and none is left out', () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 20 * 3_600_000 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(...changes),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 59 }),
        lateness,
        (change, hour, minute, late) => {
          const from = new Date(Date.parse(change) - 3 * dayMs);
          const begun = liveThrough(`${minute} ${hour} * * *`, timeZone, from, 6, (night) => late[night] ?? 0);
          expectEachNightOnce(begun, timeZone);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('findNextDue', () => {
  const newYork = { cron: '30 1 * * *', timeZone: 'America/New_York' };

  test('asked within the hour that is told twice, it does not run the night again', () => {
    expect(findNextDue(newYork, new Date('2026-11-01T06:10:00Z'))).toEqual(new Date('2026-11-02T06:30:00Z'));
  });

  test('asked right behind the hour that is left out, it does not leave the night out', () => {
    const skipped = { cron: '30 2 * * *', timeZone: 'America/New_York' };
    expect(findNextDue(skipped, new Date('2026-03-08T07:05:00Z'))).toEqual(new Date('2026-03-08T07:30:00Z'));
  });

  test('what comes every hour comes in both of them', () => {
    const hourly = { cron: '0 * * * *', timeZone: 'America/New_York' };
    const due = listNextDue(hourly, new Date('2026-11-01T04:30:00Z'), 3).map((at) => at.toISOString());
    expect(due).toEqual(['2026-11-01T05:00:00.000Z', '2026-11-01T06:00:00.000Z', '2026-11-01T07:00:00.000Z']);
  });

  test('half an hour told twice counts once as well', () => {
    const lordHowe = { cron: '45 1 * * *', timeZone: 'Australia/Lord_Howe' };
    const due = liveThrough(lordHowe.cron, lordHowe.timeZone, new Date('2026-04-02T12:00:00Z'), 5, () => 1_800_000);
    expectEachNightOnce(due, lordHowe.timeZone);
  });

  test('what never comes, or cannot be read, is undefined', () => {
    const now = new Date('2026-05-01T00:00:00Z');
    expect(findNextDue({ cron: '0 0 30 2 *', timeZone: 'UTC' }, now)).toBeUndefined();
    expect(findNextDue({ cron: '99 1 * * *', timeZone: 'UTC' }, now)).toBeUndefined();
  });
});

describe('findLastDue', () => {
  const now = new Date('2026-05-10T09:00:00Z');

  test.each([
    ['30 2 * * *', '2026-05-10T02:30:00.000Z'],
    ['0 4 * * 0', '2026-05-10T04:00:00.000Z'],
    ['0 4 * * 1', '2026-05-04T04:00:00.000Z'],
    ['*/5 * * * *', '2026-05-10T09:00:00.000Z'],
  ])('%s was due last at %s', (cron, due) => {
    expect(findLastDue({ cron, timeZone: 'UTC' }, now)?.toISOString()).toBe(due);
  });
});

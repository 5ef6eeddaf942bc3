import { describe, expect, it } from 'vitest';
import { parseIsoDay } from '../../src/sandbox/calendar.ts';
import { makeClientZone } from '../../src/sandbox/client-zone.ts';

function startOf(zone: string, date: string): string {
  return new Date(makeClientZone(zone).startOfDay(parseIsoDay(date) ?? 0)).toISOString();
}

describe('makeClientZone', () => {
  it.each([
    ['America/New_York', '2026-01-15', '2026-01-15T05:00:00.000Z'],
    ['America/New_York', '2026-07-15', '2026-07-15T04:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-02', '2026-11-02T05:00:00.000Z'],
    ['Asia/Kolkata', '2026-01-15', '2026-01-14T18:30:00.000Z'],
    ['UTC', '1969-12-31', '1969-12-31T00:00:00.000Z'],
    // Midnight did not exist: the clocks went from 00:00 to 01:00.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
  ])('in %s the day %s begins at %s', (zone, date, instant) => {
    expect(startOf(zone, date)).toBe(instant);
  });

  it('a day’s first instant falls on it, the millisecond before on the day before', () => {
    for (const name of ['America/New_York', 'America/Sao_Paulo', 'Asia/Kolkata', 'Pacific/Auckland']) {
      const zone = makeClientZone(name);
      for (let day = 17_000; day < 21_000; day += 1) {
        expect([name, day, zone.dayOf(zone.startOfDay(day))]).toEqual([name, day, day]);
        expect([name, day, zone.dayOf(zone.startOfDay(day) - 1)]).toEqual([name, day, day - 1]);
      }
    }
  });

  it('refuses a zone that is none', () => {
    expect(() => makeClientZone('Mars/Olympus')).toThrow(RangeError);
  });
});

/** When a time of day comes next, also on the days on which clocks are changed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeOfDay, toLocalMinute, toNextTimeOfDay } from '../../src/contact/index.ts';

const newYork = 'America/New_York';

describe('toNextTimeOfDay', () => {
  test.each([
    ['later today', '06:00', '2026-06-01T08:30:00Z', newYork, '2026-06-01T10:00:00.000Z'],
    ['tomorrow, when it is past', '06:00', '2026-06-01T12:00:00Z', newYork, '2026-06-02T10:00:00.000Z'],
    ['tomorrow, when it is now', '06:00', '2026-06-01T10:00:00Z', newYork, '2026-06-02T10:00:00.000Z'],
    ['in a millisecond', '06:00', '2026-06-01T09:59:59.999Z', newYork, '2026-06-01T10:00:00.000Z'],
    ['midnight', '00:00', '2026-06-01T12:00:00Z', newYork, '2026-06-02T04:00:00.000Z'],
    ['the day is that of the zone', '23:00', '2026-06-02T02:00:00Z', newYork, '2026-06-02T03:00:00.000Z'],
    ['after the year', '00:30', '2026-12-31T23:00:00Z', 'UTC', '2027-01-01T00:30:00.000Z'],
    ['skipped: when the clocks jump to 03:00', '02:30', '2026-03-08T05:00:00Z', newYork, '2026-03-08T07:00:00.000Z'],
    ['skipped: its first minute', '02:00', '2026-03-08T05:00:00Z', newYork, '2026-03-08T07:00:00.000Z'],
    ['after the skipped ones', '03:00', '2026-03-08T05:00:00Z', newYork, '2026-03-08T07:00:00.000Z'],
    ['before the skipped ones', '01:59', '2026-03-08T05:00:00Z', newYork, '2026-03-08T06:59:00.000Z'],
    ['skipped, and over', '02:30', '2026-03-08T07:00:00Z', newYork, '2026-03-09T06:30:00.000Z'],
    ['twice: the first', '01:30', '2026-11-01T04:00:00Z', newYork, '2026-11-01T05:30:00.000Z'],
    ['twice, the first past: tomorrow', '01:30', '2026-11-01T05:40:00Z', newYork, '2026-11-02T06:30:00.000Z'],
    ['midnight skipped', '00:00', '2026-04-23T12:00:00Z', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['half an hour skipped', '02:15', '2026-10-03T12:00:00Z', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['a day that was skipped', '12:00', '2011-12-30T09:00:00Z', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s', (_, time, after, zone, at) => {
    expect(toNextTimeOfDay(time, new Date(after), zone).toISOString()).toBe(at);
  });

  test('comes within 25 hours, and is the first time that the clock shows it, or something later', () => {
    const zones = fc.constantFrom(newYork, 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC');
    const times = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const instants = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2027-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(times, instants, zones, ([hour, minute], after, zone) => {
        const time = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
        const at = toNextTimeOfDay(time, after, zone);
        expect(at.getTime()).toBeGreaterThan(after.getTime());
        expect(at.getTime() - after.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        const shown = toLocalMinute(at, zone);
        expect(shown.slice(-5) >= time).toBe(true);
        // The minute before was not there yet: of that day it is the first instant.
        expect(toLocalMinute(new Date(at.getTime() - 60_000), zone) < `${shown.slice(0, 10)} ${time}`).toBe(true);
      }),
    );
  });
});

test.each([
  ['00:00', true],
  ['23:59', true],
  ['24:00', false],
  ['6:00', false],
  ['06:60', false],
  ['06:00 ', false],
  ['', false],
])('%j is a time of day: %s', (text, expected) => {
  expect(isTimeOfDay(text)).toBe(expected);
});

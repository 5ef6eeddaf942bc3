import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone, startOfDay, toInstant, toLocalDate } from '../../src/contact/zone.ts';

const newYork = 'America/New_York';
const someZones = [
  newYork,
  'UTC',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/St_Johns',
  'Europe/London',
];

describe('toInstant', () => {
  test.each([
    ['a winter time has the winter offset', { year: 2024, month: 1, day: 15, hour: 12 }, '2024-01-15T17:00:00.000Z'],
    ['a summer time has the summer offset', { year: 2024, month: 7, day: 15, hour: 12 }, '2024-07-15T16:00:00.000Z'],
    [
      'a time in the spring gap moves forward',
      { year: 2024, month: 3, day: 10, hour: 2, minute: 30 },
      '2024-03-10T07:30:00.000Z',
    ],
    [
      'a time in the autumn overlap is the earlier one',
      { year: 2024, month: 11, day: 3, hour: 1, minute: 30 },
      '2024-11-03T05:30:00.000Z',
    ],
    [
      'the last instant before the gap stays',
      { year: 2024, month: 3, day: 10, hour: 1, minute: 59, second: 59, millisecond: 999 },
      '2024-03-10T06:59:59.999Z',
    ],
    ['the first instant after the gap stays', { year: 2024, month: 3, day: 10, hour: 3 }, '2024-03-10T07:00:00.000Z'],
    ['local mean time of old is kept to the second', { year: 1850, month: 1, day: 1 }, '1850-01-01T04:56:02.000Z'],
  ])('%s', (_, parts, expected) => {
    expect(toInstant(parts, newYork).toISOString()).toBe(expected);
  });

  test('an unknown zone is refused', () => {
    expect(() => toInstant({ year: 2024, month: 1, day: 1 }, 'Mars/Olympus')).toThrow(RangeError);
  });
});

describe('toLocalDate', () => {
  test.each([
    ['2024-01-01T04:59:59.999Z', newYork, '2023-12-31'],
    ['2024-01-01T05:00:00.000Z', newYork, '2024-01-01'],
    ['2024-07-01T03:59:59.999Z', newYork, '2024-06-30'],
    ['2024-07-01T04:00:00.000Z', newYork, '2024-07-01'],
    ['2024-01-01T18:30:00.000Z', 'Asia/Kolkata', '2024-01-02'],
  ])('%s in %s is on %s', (instant, zone, day) => {
    expect(toLocalDate(new Date(instant), zone)).toBe(day);
  });

  test('agrees with the runtime on any instant in any zone', () => {
    const instants = fc.date({ min: new Date('1800-01-01'), max: new Date('2200-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, fc.constantFrom(...someZones), (instant, timeZone) => {
        const told = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
        expect(toLocalDate(instant, timeZone)).toBe(told.format(instant));
      }),
      { numRuns: 300 },
    );
  });

  test('a hundred thousand instants of one year take well under a second', () => {
    const start = Date.UTC(2024, 0, 1);
    toLocalDate(new Date(start), newYork);
    const began = performance.now();
    for (let index = 0; index < 100_000; index += 1) toLocalDate(new Date(start + index * 300_000), newYork);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('startOfDay', () => {
  test.each([
    ['a day begins at midnight', '2024-03-10', newYork, '2024-03-10T05:00:00.000Z'],
    ['a day whose midnight is skipped begins at one', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    [
      'a day whose midnight comes twice begins at the first',
      '2023-11-05',
      'America/Havana',
      '2023-11-05T04:00:00.000Z',
    ],
  ])('%s', (_, day, zone, expected) => {
    expect(startOfDay(day, zone).toISOString()).toBe(expected);
  });

  test('falls on its own day in every zone, and the instant before it on another', () => {
    const days = fc.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.constantFrom(...someZones), (date, timeZone) => {
        const day = toLocalDate(date, timeZone);
        const start = startOfDay(day, timeZone);
        expect(toLocalDate(start, timeZone)).toBe(day);
        expect(toLocalDate(new Date(start.getTime() - 1), timeZone)).not.toBe(day);
      }),
      { numRuns: 300 },
    );
  });

  test('a text that is no day is refused', () => {
    expect(() => startOfDay('03/10/2024', newYork)).toThrow(RangeError);
  });
});

describe('isTimeZone', () => {
  test('names of the zone data are time zones, anything else is none', () => {
    expect(['America/New_York', 'UTC', 'Etc/GMT+5'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['', 'EST5', 'New York', '+05:00', 'Mars/Olympus'].map(isTimeZone)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

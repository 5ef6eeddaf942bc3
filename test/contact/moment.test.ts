import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../src/contact/moment.ts';

const local = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0, millisecond = 0) => ({
  kind: 'local',
  parts: { year, month, day, hour, minute, second, millisecond },
});

describe('parseMoment', () => {
  test.each([
    ['05/01/2024', local(2024, 5, 1)],
    ['5/1/2024', local(2024, 5, 1)],
    ['2024-05-01', local(2024, 5, 1)],
    ['02/29/2024 23:59', local(2024, 2, 29, 23, 59)],
    ['05/01/2024 7:08:09', local(2024, 5, 1, 7, 8, 9)],
    ['2024-05-01T07:08:09.1234567', local(2024, 5, 1, 7, 8, 9, 123)],
    ['2024-05-01 07:08:09.5', local(2024, 5, 1, 7, 8, 9, 500)],
  ])('%s is a wall clock reading', (text, expected) => {
    expect(parseMoment(text)).toEqual(expected);
  });

  test.each([
    ['2024-05-01T07:08:09Z', '2024-05-01T07:08:09.000Z'],
    ['2024-05-01 07:08:09.123456+00', '2024-05-01T07:08:09.123Z'],
    ['2024-05-01T07:08:09-04:00', '2024-05-01T11:08:09.000Z'],
    ['2024-05-01T07:08:09+0530', '2024-05-01T01:38:09.000Z'],
    ['1850-01-01 00:00:00-04:56:02', '1850-01-01T04:56:02.000Z'],
    ['1714521600000', '2024-05-01T00:00:00.000Z'],
    ['-157766400000', '1965-01-01T00:00:00.000Z'],
  ])('%s is an instant', (text, expected) => {
    expect(parseMoment(text)).toEqual({ kind: 'instant', at: new Date(expected) });
  });

  test.each([
    ['a day that does not exist', '02/30/2024'],
    ['a leap day of a common year', '2023-02-29'],
    ['the thirteenth month', '13/01/2024'],
    ['the European order with dots', '01.05.2024'],
    ['a year of two digits', '05/01/24'],
    ['a year before 1800', '1799-12-31'],
    ['a year after 2200', '2201-01-01'],
    ['an hour of 24', '2024-05-01T24:00:00'],
    ['half a day', '05/01/2024 07:08 PM'],
    ['compact digits', '20240501'],
    ['compact digits with a time', '202405010708'],
    ['an infinite date', 'infinity'],
    ['something behind it', '2024-05-01 or so'],
    ['nothing', ''],
  ])('%s is refused', (_, text) => {
    expect(parseMoment(text)).toBeUndefined();
  });
});

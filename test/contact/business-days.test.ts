import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addBusinessDays, addDays } from '../../src/contact/business-days.ts';

const none = new Set<string>();
const weekday = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: 'UTC' });

describe('addBusinessDays', () => {
  test.each([
    ['a Monday and ten', '2026-03-02', 10, [], '2026-03-16'],
    ['a Friday and one', '2026-03-06', 1, [], '2026-03-09'],
    ['a Saturday and one', '2026-03-07', 1, [], '2026-03-09'],
    ['a Sunday and ten', '2026-03-08', 10, [], '2026-03-20'],
    ['over the end of a year', '2026-12-31', 1, ['2027-01-01'], '2027-01-04'],
    ['over a leap day', '2028-02-28', 2, [], '2028-03-01'],
    ['a holiday on a weekend counts once', '2026-07-03', 1, ['2026-07-04'], '2026-07-06'],
    ['a holiday is passed over', '2026-11-25', 1, ['2026-11-26'], '2026-11-27'],
    ['nothing moves nothing, not even a Sunday', '2026-03-08', 0, [], '2026-03-08'],
    ['backwards over a weekend', '2026-03-09', -1, [], '2026-03-06'],
    ['backwards from a Sunday', '2026-03-08', -1, [], '2026-03-06'],
  ])('%s', (_, day, count, holidays, expected) => {
    expect(addBusinessDays(day, count, new Set(holidays))).toBe(expected);
  });

  const days = fc.integer({ min: 0, max: 40_000 }).map((offset) => addDays('1990-01-01', offset));
  const counts = fc.integer({ min: 1, max: 60 });
  const holidaysNear = (day: string) =>
    fc
      .array(fc.integer({ min: -90, max: 90 }), { maxLength: 30 })
      .map((offsets) => new Set(offsets.map((offset) => addDays(day, offset))));
  const cases = days.chain((day) => fc.record({ day: fc.constant(day), count: counts, holidays: holidaysNear(day) }));

  /** Counted one by one, with the weekday as the calendar of the runtime spells it. */
  function listBusinessDays(after: string, until: string, holidays: ReadonlySet<string>): readonly string[] {
    const found: string[] = [];
    for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) {
      const name = weekday.format(new Date(`${day}T12:00:00Z`));
      if (!name.startsWith('S') && !holidays.has(day)) found.push(day);
    }
    return found;
  }

  test('ends on a business day with exactly so many of them behind it', () => {
    fc.assert(
      fc.property(cases, ({ day, count, holidays }) => {
        const end = addBusinessDays(day, count, holidays);
        const passed = listBusinessDays(day, end, holidays);
        expect(passed).toHaveLength(count);
        expect(passed.at(-1)).toBe(end);
      }),
    );
  });

  test('backwards finds the first of those days', () => {
    fc.assert(
      fc.property(cases, ({ day, count, holidays }) => {
        const begin = addBusinessDays(day, -count, holidays);
        const passed = listBusinessDays(addDays(begin, -1), addDays(day, -1), holidays);
        expect(passed).toHaveLength(count);
        expect(passed[0]).toBe(begin);
      }),
    );
  });

  test('gives up rather than search for ever', () => {
    const always = new Set(Array.from({ length: 40_000 }, (_, index) => addDays('2026-01-01', index)));
    expect(() => addBusinessDays('2026-01-01', 1, always)).toThrow(/no business days/);
    expect(() => addBusinessDays('yesterday', 1, none)).toThrow(RangeError);
  });
});

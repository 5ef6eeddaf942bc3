/** The legal limit at its edges, and that what is counted by an instant is what each stop's own limits say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addBusinessDays, addDays } from '../../src/contact/business-days.ts';
import { type StopRule, toStopCutoffs, toStopLimits, toStopStanding } from '../../src/contact/stop-limits.ts';
import { toLocalDate } from '../../src/contact/zone.ts';

const newYork = 'America/New_York';
const usual: StopRule = { targetMs: 900_000, legalBusinessDays: 10, holidays: [], timeZone: newYork };

describe('toStopLimits', () => {
  test.each([
    ['the end of the tenth business day', '2026-06-01T14:00:00Z', {}, '2026-06-16T04:00:00.000Z'],
    ['the last minute of the day is that day', '2026-06-02T03:59:59Z', {}, '2026-06-16T04:00:00.000Z'],
    ['a minute later it is the next', '2026-06-02T04:00:00Z', {}, '2026-06-17T04:00:00.000Z'],
    ['over the spring change the day ends by the summer clock', '2026-03-02T14:00:00Z', {}, '2026-03-17T04:00:00.000Z'],
    ['over the autumn change by the winter clock', '2026-10-26T14:00:00Z', {}, '2026-11-10T05:00:00.000Z'],
    [
      'holidays and the end of the year',
      '2026-12-21T14:00:00Z',
      { holidays: ['2026-12-25', '2027-01-01'] },
      '2027-01-07T05:00:00.000Z',
    ],
    ['asked on a Saturday', '2026-06-06T14:00:00Z', {}, '2026-06-20T04:00:00.000Z'],
    ['one business day', '2026-06-05T14:00:00Z', { legalBusinessDays: 1 }, '2026-06-09T04:00:00.000Z'],
  ])('%s', (_, askedAt, over, legal) => {
    const limits = toStopLimits(new Date(askedAt), { ...usual, ...over });
    expect(limits.legal.toISOString()).toBe(legal);
    expect(limits.target.getTime() - Date.parse(askedAt)).toBe(900_000);
  });
});

describe('toStopCutoffs', () => {
  const zones = [
    newYork,
    'UTC',
    'America/Los_Angeles',
    'Europe/London',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Africa/Cairo',
  ];
  const now = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-12-31'), noInvalidDate: true });
  const cases = now.chain((at) =>
    fc.record({
      now: fc.constant(at),
      // Near and far, and now and then within a millisecond of a limit.
      askedAt: fc.integer({ min: 0, max: 40 * 86_400_000 }).map((ms) => new Date(at.getTime() - ms)),
      rule: fc.record({
        targetMs: fc.oneof(fc.integer({ min: 1, max: 3_600_000 }), fc.integer({ min: 1, max: 30 * 86_400_000 })),
        legalBusinessDays: fc.integer({ min: 1, max: 20 }),
        holidays: fc
          .array(fc.integer({ min: -45, max: 45 }), { maxLength: 10 })
          .map((offsets) => offsets.map((offset) => addDays(at.toISOString().slice(0, 10), offset))),
        timeZone: fc.constantFrom(...zones),
      }),
    }),
  );

  /** Of the last day that the law gives, counted from the stop's own side. */
  function countDaysLeft(askedAt: Date, at: Date, rule: StopRule): number {
    const holidays = new Set(rule.holidays);
    const last = addBusinessDays(toLocalDate(askedAt, rule.timeZone), rule.legalBusinessDays, holidays);
    let left = 0;
    for (let day = toLocalDate(at, rule.timeZone); day < last; left += 1) day = addBusinessDays(day, 1, holidays);
    return left;
  }

  test('says of every stop what its own limits say', () => {
    fc.assert(
      fc.property(cases, ({ now: at, askedAt, rule }) => {
        const limits = toStopLimits(askedAt, rule);
        const isLate = { target: at >= limits.target, legal: at >= limits.legal };
        const isRisky = {
          target: at.getTime() - askedAt.getTime() >= (rule.targetMs * 2) / 3,
          legal: countDaysLeft(askedAt, at, rule) < 2,
        };
        const say = (late: boolean, risky: boolean) => (late ? 'late' : risky ? 'at_risk' : 'in_time');
        expect(toStopStanding(askedAt, toStopCutoffs(at, rule))).toEqual({
          target: say(isLate.target, isRisky.target),
          legal: say(isLate.legal, isRisky.legal),
        });
      }),
      { numRuns: 2_000 },
    );
  });

  test('turns exactly at the limits', () => {
    const askedAt = new Date('2026-06-01T14:00:00Z');
    const { target, legal } = toStopLimits(askedAt, usual);
    const standAt = (at: Date, by: number) =>
      toStopStanding(askedAt, toStopCutoffs(new Date(at.getTime() + by), usual));
    expect([standAt(target, -1).target, standAt(target, 0).target]).toEqual(['at_risk', 'late']);
    expect([standAt(legal, -1).legal, standAt(legal, 0).legal]).toEqual(['at_risk', 'late']);
    const atRisk = new Date(askedAt.getTime() + 600_000);
    expect([standAt(atRisk, -1).target, standAt(atRisk, 0).target]).toEqual(['in_time', 'at_risk']);
    // The last day is Monday the 15th; on the Friday before it one business day is left, on the Thursday two.
    const friday = new Date('2026-06-12T04:00:00Z');
    expect([standAt(friday, -1).legal, standAt(friday, 0).legal]).toEqual(['in_time', 'at_risk']);
  });
});

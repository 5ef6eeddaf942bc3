/** Overtaken is only what somebody else surely did after us. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startOfDay, toLocalDate } from '../../src/contact/index.ts';
import { isChangedAfter, type LastChange, type OwnWrite } from '../../src/verify/changed-after.ts';

const timeZone = 'America/New_York';
const input = { timeZone, ownUser: 'api-user' };
const answered = new Date('2026-03-02T15:00:00Z');
const own: OwnWrite = { serverDate: answered, sentAt: new Date('2026-03-02T14:59:00Z') };
const noAnswer: OwnWrite = { ...own, serverDate: null };

const at = (time: string, user: string | null = 'agent7'): LastChange => ({ at: new Date(time), user });

describe('isChangedAfter', () => {
  it('is a later time of another user, or of none that is known', () => {
    expect(isChangedAfter(at('2026-03-02T15:00:06Z'), own, input)).toBe(true);
    expect(isChangedAfter(at('2026-03-02T15:00:06Z', null), own, input)).toBe(true);
  });

  it('is not our own user, however spelt, at whatever time', () => {
    expect(isChangedAfter(at('2026-03-09T15:00:00Z', ' API-User'), own, input)).toBe(false);
  });

  it('is not the time of our write, the few seconds that two clocks may differ, or no time', () => {
    expect(isChangedAfter(at('2026-03-02T15:00:00.999Z'), own, input)).toBe(false);
    expect(isChangedAfter(at('2026-03-02T15:00:05Z'), own, input)).toBe(false);
    expect(isChangedAfter({ at: null, user: 'agent7' }, own, input)).toBe(false);
  });

  it('takes a later day alone where LiveVox shows days, or did not say when it answered', () => {
    expect(isChangedAfter(at('2026-03-02T05:00:00Z'), own, input)).toBe(false);
    expect(isChangedAfter(at('2026-03-03T05:00:00Z'), own, input)).toBe(true);
    expect(isChangedAfter(at('2026-03-02T23:00:00Z'), noAnswer, input)).toBe(false);
    expect(isChangedAfter(at('2026-03-03T23:00:00Z'), noAnswer, input)).toBe(true);
  });

  it('never takes our own write for somebody else’s, however LiveVox rounds its times', () => {
    const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const shape = fc.constantFrom('exact', 'second', 'day');
    fc.assert(
      fc.property(
        instants,
        fc.nat(120_000),
        fc.nat(4_000),
        shape,
        fc.boolean(),
        (wrote, took, skew, rounding, said) => {
          const header = new Date(Math.floor((wrote.getTime() + took) / 1000) * 1000);
          const write = { serverDate: said ? header : null, sentAt: new Date(wrote.getTime() - took) };
          const clock = new Date(wrote.getTime() + skew);
          const shown = {
            exact: clock,
            second: new Date(Math.floor(clock.getTime() / 1000) * 1000),
            day: startOfDay(toLocalDate(clock, timeZone), timeZone),
          }[rounding];
          expect(isChangedAfter({ at: shown, user: null }, write, input)).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

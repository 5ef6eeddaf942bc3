import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answered, adaptFlight, type Flight, startFlight } from '../../src/livevox/adaptive-flight.ts';
import type { ReplyKind } from '../../src/livevox/reply.ts';

const good: readonly ReplyKind[] = ['done', 'streaming', 'refused', 'not_found'];
const bad: readonly ReplyKind[] = ['limited', 'unavailable', 'failed', 'lost'];
const silent: readonly ReplyKind[] = ['session_refused', 'forbidden', 'redirected', 'unreadable', 'unreachable'];

/** Answers one after another, each begun when the one before ended. */
function adapt(flight: Flight, most: number, answers: readonly { reply: ReplyKind; ms: number }[]): Flight {
  let at = Math.max(0, flight.halvedAt);
  return answers.reduce((before, { reply, ms }) => {
    const startedAt = at;
    at += ms;
    return adaptFlight(before, most, { reply, startedAt, endedAt: at, isTimed: true });
  }, flight);
}

const times = (count: number, reply: ReplyKind, ms: number) => Array.from({ length: count }, () => ({ reply, ms }));

const someAnswer: fc.Arbitrary<Answered> = fc.record({
  reply: fc.constantFrom(...good, ...bad, ...silent),
  startedAt: fc.nat(100_000),
  endedAt: fc.nat(200_000),
  isTimed: fc.boolean(),
});

describe('adaptFlight', () => {
  it('stays within one and what is permitted, and moves by half or by one, whatever the answers are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(someAnswer, { maxLength: 200 }), (most, answers) => {
        let flight = startFlight(most);
        for (const answered of answers) {
          const { calls } = flight;
          flight = adaptFlight(flight, most, answered);
          expect([calls, calls + 1, Math.max(1, Math.floor(calls / 2))]).toContain(flight.calls);
          expect(flight.calls).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('with one call permitted it is always one', () => {
    fc.assert(
      fc.property(fc.array(someAnswer), (answers) => {
        for (const answered of answers) expect(adaptFlight(startFlight(1), 1, answered).calls).toBe(1);
      }),
    );
  });

  it.each(bad)('"%s" halves', (reply) => {
    expect(adapt(startFlight(8), 8, [{ reply, ms: 10 }]).calls).toBe(4);
    expect(adapt(startFlight(8), 8, times(9, reply, 10)).calls).toBe(1);
  });

  it.each(silent)('"%s" changes nothing', (reply) => {
    expect(adapt(startFlight(8), 8, [{ reply, ms: 10 }])).toEqual(startFlight(8));
  });

  it('calls that were under way when it was halved do not halve it again', () => {
    const first = { reply: 'limited', startedAt: 0, endedAt: 100, isTimed: true } as const;
    const halved = adaptFlight(startFlight(8), 8, first);
    expect(adaptFlight(halved, 8, { ...first, startedAt: 99, endedAt: 300 })).toBe(halved);
    expect(adaptFlight(halved, 8, { ...first, startedAt: 100, endedAt: 300 }).calls).toBe(2);
  });

  it.each(good)('one more after as many answers "%s" as are in flight, up to what is permitted', (reply) => {
    const halved = adapt(startFlight(8), 8, times(2, 'limited', 10));
    const grown = [2, 3, 4, 5, 6, 7].map((calls) => [calls - 1, calls] as const);
    let flight = halved;
    for (const [, calls] of grown) {
      flight = adapt(flight, 8, times(calls - 1, reply, 10));
      expect(flight.calls).toBe(calls);
      flight = adapt(flight, 8, times(1, reply, 10));
      expect(flight.calls).toBe(calls + 1);
    }
    expect(adapt(flight, 8, times(100, reply, 10)).calls).toBe(8);
  });

  it('answers that take more than twice as long as at their best halve it; faster again, it recovers', () => {
    const quick = adapt(startFlight(8), 8, times(20, 'done', 300));
    expect(quick.calls).toBe(8);
    const slow = adapt(quick, 8, times(7, 'done', 900));
    expect(slow.calls).toBe(4);
    expect(adapt(slow, 8, times(4 + 5 + 6 + 7, 'done', 300)).calls).toBe(8);
  });

  it('where answers have become slower for good, it recovers as well', () => {
    const quick = adapt(startFlight(8), 8, times(20, 'done', 300));
    const slow = adapt(quick, 8, times(40, 'done', 900));
    expect(slow.calls).toBeLessThan(8);
    expect(adapt(slow, 8, times(100, 'done', 900)).calls).toBe(8);
  });

  it('fast answers are never slow, and answers that LiveVox holds back say nothing', () => {
    expect(adapt(adapt(startFlight(8), 8, times(20, 'done', 5)), 8, times(50, 'done', 150)).calls).toBe(8);
    let flight = adapt(startFlight(8), 8, times(20, 'done', 300));
    for (let i = 0; i < 50; i += 1) {
      flight = adaptFlight(flight, 8, { reply: 'streaming', startedAt: 0, endedAt: 10_000, isTimed: false });
    }
    expect(flight.calls).toBe(8);
  });

  it('one slow answer among others does not halve it', () => {
    const quick = adapt(startFlight(8), 8, times(20, 'done', 300));
    expect(adapt(quick, 8, [{ reply: 'done', ms: 2_000 }, ...times(5, 'done', 300)]).calls).toBe(8);
  });
});

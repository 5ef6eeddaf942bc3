import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { type Interval, planWindows, type Window, type WindowInput } from '../../src/pull/window.ts';

const serverNow = new Date('2026-03-02T12:00:00.700Z');
const second = new Date('2026-03-02T12:00:00Z');
const overlapMs = 900_000;
const at = (time: string): Date => new Date(`2026-03-02T${time}Z`);
const covered = [{ startsAt: new Date(0), endsAt: at('11:00:00') }];
const base = { serverNow, overlapMs, covered };

/** The only window of a plan. */
function planOne(input: WindowInput): Window {
  const windows = planWindows(input);
  expect(windows).toHaveLength(1);
  return windows[0] as Window;
}

describe('planWindows', () => {
  it('new time reaches from the end of the coverage minus the overlap to the end of the current second, and covers what lies before it', () => {
    expect(planWindows({ ...base, choice: { kind: 'incremental' } })).toEqual([
      {
        reason: 'new_time',
        startsAt: at('10:45:00'),
        endsAt: at('12:00:01'),
        covers: { startsAt: at('10:45:00'), endsAt: second },
        serverNow: second,
        overlapMs,
        isRepair: false,
      },
    ]);
  });

  it('gaps come before new time, the oldest first, each from its beginning minus the overlap; the first has no start', () => {
    const islands = [
      { startsAt: at('03:00:00'), endsAt: at('04:00:00') },
      { startsAt: at('08:00:00'), endsAt: at('09:00:00') },
    ];
    const windows = planWindows({ ...base, covered: islands, choice: { kind: 'incremental' } });
    expect(windows.map(({ reason, startsAt, endsAt, covers }) => [reason, startsAt, endsAt, covers])).toEqual([
      ['gap', undefined, at('03:00:00'), { startsAt: new Date(0), endsAt: at('03:00:00') }],
      ['gap', at('03:45:00'), at('08:00:00'), { startsAt: at('03:45:00'), endsAt: at('08:00:00') }],
      ['new_time', at('08:45:00'), at('12:00:01'), { startsAt: at('08:45:00'), endsAt: second }],
    ]);
  });

  it('a clock that was set back asks again for what lies around it, and covers nothing that is to come', () => {
    const ahead = [
      { startsAt: new Date(0), endsAt: at('13:00:00') },
      { startsAt: at('14:00:00'), endsAt: at('15:00:00') },
    ];
    expect(planOne({ ...base, covered: ahead, choice: { kind: 'incremental' } })).toMatchObject({
      startsAt: at('11:45:00'),
      endsAt: at('12:00:01'),
      covers: { startsAt: at('11:45:00'), endsAt: second },
    });
  });

  it('without coverage an increment is a sweep', () => {
    const choice = { kind: 'incremental' } as const;
    expect(planWindows({ ...base, covered: [], choice })).toEqual(planWindows({ ...base, choice: { kind: 'full' } }));
  });

  it('a sweep asks without bounds and covers all time up to now', () => {
    expect(planOne({ ...base, choice: { kind: 'full' } })).toEqual({
      reason: 'full',
      startsAt: undefined,
      endsAt: undefined,
      covers: { startsAt: new Date(0), endsAt: second },
      serverNow: second,
      overlapMs: 0,
      isRepair: true,
    });
  });

  it('a given window is asked for as given, and never covers the future', () => {
    const since = new Date('2026-03-01T00:00:00Z');
    const until = new Date('2026-04-01T00:00:00Z');
    expect(planOne({ ...base, choice: { kind: 'given', since, until } })).toMatchObject({
      startsAt: since,
      endsAt: until,
      covers: { startsAt: since, endsAt: second },
    });
  });

  it('a given window with an open end ends now; with an open start it begins at the beginning of time', () => {
    const since = new Date('2026-03-01T00:00:00Z');
    expect(planOne({ ...base, choice: { kind: 'given', since } })).toMatchObject({
      startsAt: since,
      endsAt: new Date('2026-03-02T12:00:01Z'),
      covers: { startsAt: since, endsAt: second },
    });
    expect(planOne({ ...base, choice: { kind: 'given', until: since } })).toMatchObject({
      startsAt: undefined,
      endsAt: since,
      covers: { startsAt: new Date(0), endsAt: since },
      isRepair: false,
    });
  });

  it('a given window must begin before its end and before the clock of LiveVox', () => {
    const since = new Date('2026-03-02T11:00:00Z');
    const until = new Date('2026-03-02T10:00:00Z');
    expect(() => planOne({ ...base, choice: { kind: 'given', since, until } })).toThrow(ConfigError);
    const tomorrow = new Date('2026-03-03T00:00:00Z');
    expect(() => planOne({ ...base, choice: { kind: 'given', since: tomorrow } })).toThrow(/after LiveVox's clock/);
  });

  const instants = fc.integer({ min: 946_684_800, max: 2_500_000_000 }).map((seconds) => new Date(seconds * 1000));
  /** Disjoint intervals, oldest first; the first begins at the beginning of time or later. */
  const coverages = fc
    .tuple(fc.boolean(), fc.uniqueArray(instants, { minLength: 2, maxLength: 8, selector: Number }))
    .map(([fromBeginning, unsorted]): readonly Interval[] => {
      const sorted = unsorted.toSorted((one, other) => Number(one) - Number(other));
      if (fromBeginning) sorted[0] = new Date(0);
      return sorted.flatMap((startsAt, index) => {
        const endsAt = sorted[index + 1];
        return index % 2 === 0 && endsAt !== undefined ? [{ startsAt, endsAt }] : [];
      });
    });

  it('once all windows are merged, everything up to the server’s second is covered, and nothing after it was claimed', () => {
    fc.assert(
      fc.property(coverages, instants, fc.nat({ max: 10_000_000 }), (known, now, overlap) => {
        const windows = planWindows({
          choice: { kind: 'incremental' },
          covered: known,
          serverNow: now,
          overlapMs: overlap,
        });
        for (const { startsAt, endsAt, covers } of windows) {
          expect(startsAt?.getTime() ?? 0).toBeLessThanOrEqual(covers.startsAt.getTime());
          expect(endsAt?.getTime() ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(covers.endsAt.getTime());
          expect(covers.endsAt.getTime()).toBeLessThanOrEqual(now.getTime());
        }
        expect(toGaplessEnd([...known, ...windows.map(({ covers }) => covers)])).toBeGreaterThanOrEqual(now.getTime());
      }),
    );
  });
});

/** The end of what the intervals cover without a gap from the beginning of time on. */
function toGaplessEnd(intervals: readonly Interval[]): number {
  return intervals
    .toSorted((one, other) => Number(one.startsAt) - Number(other.startsAt))
    .reduce((end, { startsAt, endsAt }) => (Number(startsAt) <= end ? Math.max(end, Number(endsAt)) : end), 0);
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startOfDay, toLocalDate } from '../../src/contact/index.ts';
import { splitWindow } from '../../src/pull/split.ts';
import { type Bounds, planWindows, type Window } from '../../src/pull/window.ts';

const serverNow = new Date('2026-03-10T12:00:00Z');
const instants: Bounds = { kind: 'instants' };
const days: Bounds = { kind: 'days', timeZone: 'America/New_York' };
const unknown = { rows: 0, median: undefined, oldest: undefined };

function given(since: string, until: string): Window {
  const choice = { kind: 'given', since: new Date(since), until: new Date(until) } as const;
  return planWindows({ choice, covered: [], serverNow, overlapMs: 0 })[0] as Window;
}

const full = planWindows({ choice: { kind: 'full' }, covered: [], serverNow, overlapMs: 0 })[0] as Window;

describe('splitWindow', () => {
  it('halves at the median of the rows that the mirror knows, and shares the instant between', () => {
    const median = new Date('2026-03-01T08:00:00Z');
    const window = given('2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z');
    const [older, newer] = splitWindow(window, { rows: 2, median, oldest: median }, instants) ?? [];
    expect(older).toEqual({ ...window, endsAt: median, covers: { ...window.covers, endsAt: median } });
    expect(newer).toEqual({ ...window, startsAt: median, covers: { ...window.covers, startsAt: median } });
  });

  it('halves the time when the mirror knows fewer than two rows, or all of them at one end', () => {
    const window = given('2026-03-01T00:00:00Z', '2026-03-03T00:00:00Z');
    const middle = new Date('2026-03-02T00:00:00Z');
    const ends = [window.covers.startsAt, window.covers.endsAt];
    for (const density of [unknown, ...ends.map((median) => ({ rows: 9, median, oldest: median }))]) {
      expect(splitWindow(window, density, instants)?.[0].endsAt).toEqual(middle);
    }
  });

  it('a window without bounds is halved from 2000 on, or from the oldest contact before that, and keeps its open ends', () => {
    const [older, newer] = splitWindow(full, unknown, instants) ?? [];
    const middle = new Date((Date.UTC(2000, 0) + serverNow.getTime()) / 2);
    expect(older).toMatchObject({
      startsAt: undefined,
      endsAt: middle,
      covers: { startsAt: new Date(0), endsAt: middle },
    });
    expect(newer).toMatchObject({
      startsAt: middle,
      endsAt: undefined,
      covers: { startsAt: middle, endsAt: serverNow },
    });
    const oldest = new Date('1990-01-01T00:00:00Z');
    const [older1990] = splitWindow(full, { rows: 1, median: oldest, oldest }, instants) ?? [];
    expect(older1990?.endsAt).toEqual(new Date((oldest.getTime() + serverNow.getTime()) / 2));
  });

  it('two seconds stay whole', () => {
    expect(splitWindow(given('2026-03-01T00:00:00Z', '2026-03-01T00:00:02Z'), unknown, instants)).toBeUndefined();
    expect(splitWindow(given('2026-03-01T00:00:00Z', '2026-03-01T00:00:03Z'), unknown, instants)).toBeDefined();
  });

  it('with whole days the halves meet where a day begins and ask for no day twice; one day stays whole', () => {
    const [older, newer] = splitWindow(given('2026-03-01T08:00:00Z', '2026-03-03T20:00:00Z'), unknown, days) ?? [];
    const midnight = new Date('2026-03-02T05:00:00Z');
    expect([older?.covers.endsAt, newer?.covers.startsAt]).toEqual([midnight, midnight]);
    expect(toLocalDate(older?.endsAt as Date, 'America/New_York')).toBe('2026-03-01');
    expect(toLocalDate(newer?.startsAt as Date, 'America/New_York')).toBe('2026-03-02');
    expect(splitWindow(given('2026-03-01T08:00:00Z', '2026-03-01T20:00:00Z'), unknown, days)).toBeUndefined();
  });

  it('split until it cannot be split, the parts ask for all of it and cover it without a gap, also where clocks change', () => {
    const at = fc.date({ min: new Date('2025-10-30'), max: new Date('2026-03-10'), noInvalidDate: true });
    fc.assert(
      fc.property(at, at, fc.constantFrom(instants, days), fc.array(at), (one, other, bounds, rows) => {
        const [since, until] = one < other ? [one, other] : [other, one];
        const whole = given(since.toISOString(), until.toISOString());
        const parts = splitAll(whole, rows, bounds, 40);
        expect(parts[0]?.covers.startsAt).toEqual(whole.covers.startsAt);
        expect(parts.at(-1)?.covers.endsAt).toEqual(whole.covers.endsAt);
        for (const [index, part] of parts.entries()) {
          const next = parts[index + 1];
          if (next !== undefined) expect(next.covers.startsAt).toEqual(part.covers.endsAt);
        }
        for (const row of rows) {
          if (row >= since && row <= until) expect(parts.some((part) => asksFor(part, row, bounds))).toBe(true);
        }
      }),
    );
  });
});

/** Halves until nothing can be halved, or there are `most` parts. */
function splitAll(window: Window, rows: readonly Date[], bounds: Bounds, most: number): readonly Window[] {
  const inside = rows
    .filter((row) => row >= window.covers.startsAt && row <= window.covers.endsAt)
    .toSorted((one, other) => Number(one) - Number(other));
  const median = inside[Math.ceil(inside.length / 2) - 1];
  const halves = most < 2 ? undefined : splitWindow(window, { rows: inside.length, median, oldest: undefined }, bounds);
  return halves === undefined ? [window] : halves.flatMap((half) => splitAll(half, rows, bounds, most / 2));
}

/** Whether LiveVox would send a contact changed at `row`. */
function asksFor({ startsAt, endsAt }: Window, row: Date, bounds: Bounds): boolean {
  if (startsAt === undefined || endsAt === undefined) return true;
  if (bounds.kind === 'instants') return row >= startsAt && row <= endsAt;
  const { timeZone } = bounds;
  const dayAfter = new Date(startOfDay(toLocalDate(endsAt, timeZone), timeZone).getTime() + 36 * 3_600_000);
  const until = startOfDay(toLocalDate(dayAfter, timeZone), timeZone);
  return row >= startOfDay(toLocalDate(startsAt, timeZone), timeZone) && row < until;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { chooseWindow } from '../../src/pull/window.ts';

const serverNow = new Date('2026-03-02T12:00:00.700Z');
const second = new Date('2026-03-02T12:00:00Z');
const overlapMs = 900_000;
const base = { serverNow, overlapMs, watermark: new Date('2026-03-02T11:00:00Z') };

describe('chooseWindow', () => {
  it('an increment reaches from the watermark minus the overlap to the end of the current second, and covers what lies before it', () => {
    expect(chooseWindow({ ...base, choice: { kind: 'incremental' } })).toEqual({
      startsAt: new Date('2026-03-02T10:45:00Z'),
      endsAt: new Date('2026-03-02T12:00:01Z'),
      covers: { startsAt: new Date('2026-03-02T10:45:00Z'), endsAt: second },
      serverNow: second,
      overlapMs,
      isSweep: false,
    });
  });

  it('without coverage an increment is a sweep', () => {
    const choice = { kind: 'incremental' } as const;
    expect(chooseWindow({ ...base, watermark: undefined, choice })).toEqual(
      chooseWindow({ ...base, choice: { kind: 'full' } }),
    );
  });

  it('a sweep asks without bounds and covers all time up to now', () => {
    expect(chooseWindow({ ...base, choice: { kind: 'full' } })).toEqual({
      startsAt: undefined,
      endsAt: undefined,
      covers: { startsAt: new Date(0), endsAt: second },
      serverNow: second,
      overlapMs: 0,
      isSweep: true,
    });
  });

  it('a given window is asked for as given, and never covers the future', () => {
    const since = new Date('2026-03-01T00:00:00Z');
    const until = new Date('2026-04-01T00:00:00Z');
    expect(chooseWindow({ ...base, choice: { kind: 'given', since, until } })).toMatchObject({
      startsAt: since,
      endsAt: until,
      covers: { startsAt: since, endsAt: second },
    });
  });

  it('a given window with an open end ends now; with an open start it begins at the beginning of time', () => {
    const since = new Date('2026-03-01T00:00:00Z');
    expect(chooseWindow({ ...base, choice: { kind: 'given', since } })).toMatchObject({
      startsAt: since,
      endsAt: new Date('2026-03-02T12:00:01Z'),
      covers: { startsAt: since, endsAt: second },
    });
    expect(chooseWindow({ ...base, choice: { kind: 'given', until: since } })).toMatchObject({
      startsAt: undefined,
      endsAt: since,
      covers: { startsAt: new Date(0), endsAt: since },
      isSweep: false,
    });
  });

  it('a given window must begin before its end and before the clock of LiveVox', () => {
    const since = new Date('2026-03-02T11:00:00Z');
    const until = new Date('2026-03-02T10:00:00Z');
    expect(() => chooseWindow({ ...base, choice: { kind: 'given', since, until } })).toThrow(ConfigError);
    const tomorrow = new Date('2026-03-03T00:00:00Z');
    expect(() => chooseWindow({ ...base, choice: { kind: 'given', since: tomorrow } })).toThrow(
      /after LiveVox's clock/,
    );
  });

  it('never starts after the watermark, never covers what was not asked for or has not been', () => {
    const instants = fc.date({ min: new Date('2000-01-01'), max: new Date('2050-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, instants, fc.nat(), (watermark, now, overlap) => {
        const window = chooseWindow({ choice: { kind: 'incremental' }, watermark, serverNow: now, overlapMs: overlap });
        expect(window.startsAt?.getTime()).toBeLessThanOrEqual(watermark.getTime());
        expect(window.covers.startsAt).toEqual(window.startsAt);
        expect(window.covers.endsAt.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(window.covers.startsAt.getTime()).toBeLessThanOrEqual(window.covers.endsAt.getTime());
        expect(window.endsAt?.getTime()).toBeGreaterThan(now.getTime());
      }),
    );
  });
});

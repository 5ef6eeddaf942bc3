import { describe, expect, it } from 'vitest';
import { chooseLimit, toSpanMs } from '../../src/livevox/learnt-limit.ts';

const fresh = { ageMs: 10, retryAfterMs: undefined };

describe('chooseLimit', () => {
  it('one fewer than what was too many', () => {
    expect(chooseLimit({ starts: 31 }, fresh)).toEqual({ starts: 30, perMs: 60_000 });
  });

  it('never fewer than the lowest limit that LiveVox publishes: 5 per minute', () => {
    expect(chooseLimit({ starts: 1 }, fresh)).toEqual({ starts: 5, perMs: 60_000 });
    const learnt = { starts: 5, perMs: 60_250, ageMs: 60_000 };
    expect(chooseLimit({ starts: 5, learnt }, fresh)).toEqual({ starts: 5, perMs: 60_000 });
  });

  it('a further lesson takes off a fifth, or what was too many now', () => {
    const learnt = { starts: 50, perMs: 60_000, ageMs: 60_000 };
    expect(chooseLimit({ starts: 50, learnt }, fresh)).toEqual({ starts: 40, perMs: 60_000 });
    expect(chooseLimit({ starts: 21, learnt }, fresh)).toEqual({ starts: 20, perMs: 60_000 });
  });

  it('requests that were under way when the lesson was learnt teach nothing', () => {
    const learnt = { starts: 50, perMs: 60_000, ageMs: 100 };
    expect(chooseLimit({ starts: 30, learnt }, { ageMs: 100, retryAfterMs: undefined })).toBeUndefined();
    expect(chooseLimit({ starts: 30, learnt }, { ageMs: 99, retryAfterMs: undefined })).toBeDefined();
  });

  it('a window is at least as long as LiveVox says to wait', () => {
    expect(chooseLimit({ starts: 101 }, { ageMs: 10, retryAfterMs: 600_000 })).toEqual({ starts: 100, perMs: 600_000 });
    const learnt = { starts: 50, perMs: 60_000, ageMs: 60_000 };
    expect(chooseLimit({ starts: 101, learnt }, { ageMs: 10, retryAfterMs: 120_000 })).toEqual({
      starts: 80,
      perMs: 120_000,
    });
  });
});

describe('toSpanMs', () => {
  it.each([
    [undefined, 60_000],
    [1_000, 60_000],
    [90_000, 90_000],
    [7_200_000, 3_600_000],
  ])('Retry-After of %s ms: the starts of the last %i ms count', (retryAfterMs, expected) => {
    expect(toSpanMs({ retryAfterMs })).toBe(expected);
  });
});

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

  it('a request that was under way when the lesson was learnt, and is refused as well, takes off one', () => {
    const learnt = { starts: 50, perMs: 60_250, ageMs: 100 };
    expect(chooseLimit({ starts: 51, learnt }, { ageMs: 100, retryAfterMs: undefined })).toEqual({
      starts: 49,
      perMs: 60_000,
    });
    expect(chooseLimit({ starts: 51, learnt }, { ageMs: 99, retryAfterMs: undefined })).toEqual({
      starts: 39,
      perMs: 60_000,
    });
  });

  it('such a request teaches nothing where the lowest limit is in force', () => {
    const learnt = { starts: 5, perMs: 60_250, ageMs: 100 };
    expect(chooseLimit({ starts: 9, learnt }, { ageMs: 100, retryAfterMs: undefined })).toBeUndefined();
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

import { describe, expect, test, vi } from 'vitest';
import { drain } from '../../jobs/drain.ts';

const waits = { graceMs: 20_000, abandonMs: 3_000 };

/** A worker whose step ends when `signal` is aborted, or never. */
function makeWorker(signal?: AbortSignal): { readonly close: () => Promise<void> } {
  return {
    close: () => new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
  };
}

describe('drain', () => {
  test('where nothing is at work it ends at once, and breaks nothing off', async () => {
    const breakOff = new AbortController();
    expect(await drain([{ close: async () => {} }], breakOff, waits)).toBe('drained');
    expect(breakOff.signal.aborted).toBe(false);
  });

  test('a step that goes on too long is broken off, and one that does not heed it is abandoned: within 25 seconds in all', async () => {
    vi.useFakeTimers();
    try {
      const heeding = new AbortController();
      const drained = drain([makeWorker(heeding.signal)], heeding, waits);
      await vi.advanceTimersByTimeAsync(19_999);
      expect(heeding.signal.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await drained).toBe('drained');

      const deaf = drain([makeWorker()], new AbortController(), waits);
      await vi.advanceTimersByTimeAsync(23_000);
      expect(await deaf).toBe('abandoned');
    } finally {
      vi.useRealTimers();
    }
  });
});

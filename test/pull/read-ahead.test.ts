import { describe, expect, it } from 'vitest';
import { readAhead } from '../../src/pull/read-ahead.ts';

type Source = AsyncGenerator<number> & { readonly made: number[]; readonly ended: () => boolean };

/** Counts from 1, and fails at `failAt`. */
function makeSource(last: number, failAt?: number): Source {
  const made: number[] = [];
  let isEnded = false;
  const generator = (async function* () {
    try {
      for (let number = 1; number <= last; number += 1) {
        await Promise.resolve();
        if (number === failAt) throw new Error('broken');
        made.push(number);
        yield number;
      }
    } finally {
      isEnded = true;
    }
  })();
  return Object.assign(generator, { made, ended: () => isEnded });
}

describe('readAhead', () => {
  it('gives the same pieces in the same order, and has the next ones ready', async () => {
    const source = makeSource(10);
    const found: number[] = [];
    for await (const number of readAhead(source, 3)) {
      found.push(number);
      await new Promise((resolve) => setImmediate(resolve));
      expect(source.made).toHaveLength(Math.min(10, number + 3));
    }
    expect(found).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('an error comes after the pieces before it, and ends the source', async () => {
    const source = makeSource(10, 5);
    const found: number[] = [];
    const reading = (async () => {
      for await (const number of readAhead(source, 4)) found.push(number);
    })();
    await expect(reading).rejects.toThrow('broken');
    expect(found).toEqual([1, 2, 3, 4]);
    expect(source.ended()).toBe(true);
  });

  it('who stops early ends the source as well', async () => {
    const source = makeSource(10);
    for await (const number of readAhead(source, 2)) if (number === 3) break;
    expect(source.ended()).toBe(true);
    expect(source.made.length).toBeLessThan(8);
  });
});

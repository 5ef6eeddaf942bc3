/** What --rolling, --slice and --max-vanished-percent ask for. */
import { describe, expect, test } from 'vitest';
import { toSweepOptions } from '../../src/cli/sweep.ts';

describe('toSweepOptions', () => {
  test('by default everything is swept, with the configured guard', () => {
    expect(toSweepOptions({})).toEqual({});
  });

  test('numbers are read', () => {
    expect(toSweepOptions({ slice: '3', maxVanishedPercent: '2.5' })).toEqual({ slice: 3, maxVanishedPercent: 2.5 });
  });

  test.each([
    [{ slice: '-1' }, '--slice -1 must be a whole number from 0.'],
    [{ slice: 'first' }, '--slice first must be a whole number from 0.'],
    [{ maxVanishedPercent: '101' }, '--max-vanished-percent 101 must be a number from 0 to 100.'],
    [{ maxVanishedPercent: 'all' }, '--max-vanished-percent all must be a number from 0 to 100.'],
    [{ maxVanishedPercent: ' ' }, '--max-vanished-percent   must be a number from 0 to 100.'],
  ])('%j is refused', (options, problem) => {
    expect(() => toSweepOptions(options)).toThrow(problem);
  });
});

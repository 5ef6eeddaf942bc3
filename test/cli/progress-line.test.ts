/** The line of progress: as much as fits, the most useful first, and never wider than the terminal. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatLogLine, formatProgressLine } from '../../src/cli/progress-line.ts';

const facts = { step: 'push', what: 'contacts sent', done: 6_400, total: 10_000, perSecond: 410 };

describe('formatProgressLine', () => {
  test.each([
    [120, true, 'push: contacts sent  ███████████████████░░░░░░░░░░░  64 %  6,400 of 10,000  410/s  9 s left'],
    [80, true, 'push: contacts sent  ███████████░░░░░░░  64 %  6,400 of 10,000  410/s  9 s left'],
    [80, false, 'push: contacts sent  ###########-------  64 %  6,400 of 10,000  410/s  9 s left'],
    [66, true, 'push: contacts sent  64 %  6,400 of 10,000  410/s  9 s left'],
    [58, true, 'push: contacts sent  64 %  6,400 of 10,000  9 s left'],
    [40, true, 'push: contacts sent  64 %  9 s left'],
    [30, true, 'push: contacts sent  64 %'],
    [20, true, 'push: contacts sen…'],
    [20, false, 'push: contacts sent'],
  ])('%s columns (UTF-8: %s)', (columns, hasUtf8, line) => {
    expect(formatProgressLine(facts, { columns, hasUtf8 })).toBe(line);
  });

  test('without a known end there is neither bar, share nor time left', () => {
    const landed = { step: 'pull', what: 'bytes landed', done: 12_345, perSecond: 1_234.4 };
    expect(formatProgressLine(landed, { columns: 120, hasUtf8: true })).toBe('pull: bytes landed  12,345  1,234/s');
  });

  test('fits any width, and has only ASCII where more cannot be shown', () => {
    const input = fc.record({
      done: fc.nat(2_000_000_000),
      total: fc.option(fc.nat(2_000_000_000), { nil: undefined }),
      perSecond: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
      columns: fc.integer({ min: 2, max: 300 }),
      hasUtf8: fc.boolean(),
    });
    fc.assert(
      fc.property(input, ({ done, total, perSecond, columns, hasUtf8 }) => {
        const line = formatProgressLine({ ...facts, done, total, perSecond }, { columns, hasUtf8 });
        expect([...line].length).toBeLessThan(columns);
        if (!hasUtf8) expect(line).toMatch(/^[ -~]*$/);
        expect(line).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });
});

describe('formatLogLine', () => {
  test.each([
    [facts, 'push: contacts sent 6,400 of 10,000 (64 %), 410/s, 9 s left'],
    [{ ...facts, perSecond: undefined }, 'push: contacts sent 6,400 of 10,000 (64 %)'],
    [{ ...facts, perSecond: 0.2 }, 'push: contacts sent 6,400 of 10,000 (64 %), 12/min, 5 h left'],
    [{ ...facts, done: 10_000 }, 'push: contacts sent 10,000 of 10,000 (100 %), 410/s'],
    [{ ...facts, total: undefined }, 'push: contacts sent 6,400, 410/s'],
    [{ ...facts, total: 0, done: 0 }, 'push: contacts sent 0, 410/s'],
  ])('%#', (given, line) => {
    expect(formatLogLine(given)).toBe(line);
  });
});

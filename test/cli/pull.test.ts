/** What --full, --since and --until ask for. */
import { describe, expect, test } from 'vitest';
import { toWindow } from '../../src/cli/pull.ts';

const zone = 'America/New_York';

describe('toWindow', () => {
  test('by default a pull goes on where the last one ended', () => {
    expect(toWindow({}, zone)).toEqual({ kind: 'incremental' });
    expect(toWindow({ full: true }, zone)).toEqual({ kind: 'full' });
  });

  test("a date without a zone is in the tenant's", () => {
    expect(toWindow({ since: '2026-07-01', until: '2026-07-02T12:00:00Z' }, zone)).toEqual({
      kind: 'given',
      since: new Date('2026-07-01T04:00:00Z'),
      until: new Date('2026-07-02T12:00:00Z'),
    });
  });

  test.each([
    [{ since: 'yesterday' }, '--since yesterday is no date; write 2026-11-01 or 2026-11-01T12:00:00Z.'],
    [{ since: '2026-02-30' }, '--since 2026-02-30 is no date; write 2026-11-01 or 2026-11-01T12:00:00Z.'],
    [{ since: '2026-03-02', until: '2026-03-01' }, '--since is later than --until; swap them.'],
  ])('%j is refused', (options, problem) => {
    expect(() => toWindow(options, zone)).toThrow(problem);
  });
});

/** Progress: seldom enough to cost nothing, often enough to show life. */
import { describe, expect, test } from 'vitest';
import { makeProgressLines } from '../../src/cli/progress-lines.ts';

function setup(terminal: boolean): {
  lines: ReturnType<typeof makeProgressLines>;
  written: string[];
  wait: (ms: number) => void;
} {
  const written: string[] = [];
  let now = 0;
  const write = (text: string): void => void written.push(text);
  const lines = makeProgressLines({ say: write, redraw: terminal ? write : undefined }, { now: () => new Date(now) });
  return {
    lines,
    written,
    wait: (ms) => {
      now += ms;
    },
  };
}

const event = { step: 'push', what: 'contacts sent', done: 1_500, total: 6_000 };

describe('makeProgressLines', () => {
  test('a terminal is redrawn ten times a second at most, and cleared at the end', () => {
    const { lines, written, wait } = setup(true);
    lines.progress(event);
    wait(99);
    lines.progress(event);
    wait(1);
    lines.progress({ ...event, done: 3_000 });
    lines.clear();
    lines.clear();
    expect(written).toEqual([
      `push: contacts sent  ${'#'.repeat(7)}${'-'.repeat(23)}  25 %  1,500 of 6,000`,
      `push: contacts sent  ${'#'.repeat(15)}${'-'.repeat(15)}  50 %  3,000 of 6,000`,
      '',
    ]);
  });

  test('elsewhere a line is written every five seconds, and none for short work', () => {
    const { lines, written, wait } = setup(false);
    for (let second = 0; second < 11; second += 1) {
      lines.progress(event);
      wait(1_000);
    }
    lines.clear();
    expect(written).toHaveLength(2);
  });

  test('a clock that is set back by an hour does not silence it', () => {
    const { lines, written, wait } = setup(false);
    wait(5_000);
    lines.progress(event);
    wait(-3_600_000);
    lines.progress({ ...event, done: 1_600 });
    wait(5_000);
    lines.progress({ ...event, done: 1_700 });
    expect(written).toEqual([
      'push: contacts sent 1,500 of 6,000 (25 %)',
      'push: contacts sent 1,600 of 6,000 (26 %)',
      'push: contacts sent 1,700 of 6,000 (28 %), 20/s, 4 min left',
    ]);
  });

  test.each([true, false])(
    'what a person should know beforehand is said at once, on a line of its own (terminal: %s)',
    (terminal) => {
      const { lines, written, wait } = setup(terminal);
      lines.progress({ step: 'pull', what: 'bytes landed', done: 1 });
      wait(1);
      lines.progress({ ...event, done: 0, note: '12 calls, about 2.4 min' });
      expect(written.at(-1)).toBe('push: 12 calls, about 2.4 min');
      // The line that was drawn is taken away first.
      expect(written.slice(0, -1)).toEqual(terminal ? ['pull: bytes landed  1', ''] : []);
    },
  );
});

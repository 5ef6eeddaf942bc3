/** Progress: seldom enough to cost nothing, often enough to show life. */
import { describe, expect, test } from 'vitest';
import { formatEvent, makeProgressLines } from '../../src/cli/progress-lines.ts';

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
      'push: contacts sent 1,500 of 6,000 (25 %)',
      'push: contacts sent 3,000 of 6,000 (50 %)',
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
});

describe('formatEvent', () => {
  test('without a known end there is no percentage', () => {
    expect(formatEvent({ step: 'pull', what: 'bytes landed', done: 12_345 })).toBe('pull: bytes landed 12,345');
  });
});

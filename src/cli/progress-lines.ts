/**
 * Progress on stderr: one line redrawn in place on a terminal, a line now and then elsewhere (a log file, CI), so that
 * nobody wonders whether a long step still lives. Called thousands of times a second; writes a few times.
 */
import type { Clock } from '../clock.ts';
import type { Progress, ProgressEvent } from '../progress.ts';
import { formatCount } from './print.ts';
import type { Shell } from './shell.ts';

const redrawEveryMs = 100;
const lineEveryMs = 5_000;

export type ProgressLines = {
  readonly progress: Progress;
  /** Clears the line being redrawn, before something else is written. */
  readonly clear: () => void;
};

/** Shows progress events on the shell's stderr. */
export function makeProgressLines(shell: Pick<Shell, 'say' | 'redraw'>, clock: Pick<Clock, 'now'>): ProgressLines {
  const everyMs = shell.redraw === undefined ? lineEveryMs : redrawEveryMs;
  // In a log, work that is over within moments leaves no line.
  let shownAt = shell.redraw === undefined ? clock.now().getTime() : Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    progress: (event) => {
      const now = clock.now().getTime();
      if (now - shownAt < everyMs) return;
      shownAt = now;
      drawn = shell.redraw !== undefined;
      (shell.redraw ?? shell.say)(formatEvent(event));
    },
    clear: () => {
      if (drawn) shell.redraw?.('');
      drawn = false;
    },
  };
}

/** `push: contacts sent 1,500 of 6,000 (25 %)`. */
export function formatEvent({ step, what, done, total }: ProgressEvent): string {
  if (total === undefined || total === 0) return `${step}: ${what} ${formatCount(done)}`;
  const percent = Math.min(100, Math.floor((done / total) * 100));
  return `${step}: ${what} ${formatCount(done)} of ${formatCount(total)} (${percent} %)`;
}

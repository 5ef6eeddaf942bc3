/**
 * Progress on stderr: one line redrawn in place on a terminal, a line now and then elsewhere (a log file, CI), so that
 * nobody wonders whether a long step still lives. Called thousands of times a second; writes a few times.
 */
import type { Clock } from '../clock.ts';
import type { Progress, ProgressEvent } from '../progress.ts';
import { formatLogLine, formatProgressLine } from './progress-line.ts';
import { makeRateMeter, type RateMeter } from './progress-rate.ts';
import type { Shell } from './shell.ts';

const redrawEveryMs = 100;
const lineEveryMs = 5_000;
const usualColumns = 80;

export type ProgressLines = {
  readonly progress: Progress;
  /** Clears the line being redrawn, before something else is written. */
  readonly clear: () => void;
};

type ProgressShell = Pick<Shell, 'say' | 'redraw' | 'redrawColumns' | 'hasUtf8'>;

/** Shows progress events on the shell's stderr. */
export function makeProgressLines(shell: ProgressShell, clock: Pick<Clock, 'now'>): ProgressLines {
  const everyMs = shell.redraw === undefined ? lineEveryMs : redrawEveryMs;
  const measure = makeMeasure();
  // In a log, work that is over within moments leaves no line.
  let shownAt = shell.redraw === undefined ? clock.now().getTime() : Number.NEGATIVE_INFINITY;
  let drawn = false;
  const clear = (): void => {
    if (drawn) shell.redraw?.('');
    drawn = false;
  };
  return {
    progress: (event) => {
      const now = clock.now().getTime();
      const perSecond = measure(event, now);
      if (event.note !== undefined) {
        clear();
        shell.say(`${event.step}: ${event.note}`);
      }
      // A clock that was set back must not silence it until the old time has come again.
      if (now >= shownAt && now - shownAt < everyMs) return;
      shownAt = now;
      if (shell.redraw === undefined) return shell.say(formatLogLine({ ...event, perSecond }));
      drawn = true;
      const columns = shell.redrawColumns?.() ?? usualColumns;
      shell.redraw(formatProgressLine({ ...event, perSecond }, { columns, hasUtf8: shell.hasUtf8 ?? false }));
    },
    clear,
  };
}

/** Each thing that is counted has a speed of its own; gives that of the event. */
function makeMeasure(): (event: ProgressEvent, atMs: number) => number | undefined {
  let counted: string | undefined;
  let meter: RateMeter = makeRateMeter();
  return ({ step, what, done }, atMs) => {
    if (counted !== `${step} ${what}`) meter = makeRateMeter();
    counted = `${step} ${what}`;
    meter.note(done, atMs);
    return meter.perSecond();
  };
}

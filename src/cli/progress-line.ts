/**
 * One line of progress: what is counted, a bar, how far, how fast, how long still. On a terminal it fits the width: the bar
 * shrinks and goes first, then the speed, then the counts; what is left is cut. In a log it is whole, without a bar. Pure.
 */
import type { ProgressEvent } from '../progress.ts';
import { cutToWidth, formatAge, formatCount } from './print.ts';

export type ProgressFacts = Pick<ProgressEvent, 'step' | 'what' | 'done' | 'total'> & {
  /** Units per second, where it is known. */
  readonly perSecond?: number | undefined;
};

export type LineWidth = { readonly columns: number; readonly hasUtf8: boolean };

const longestBar = 30;
const shortestBar = 5;
/** Longer is not a time left; it has not got going yet. */
const longestLeftMs = 30 * 86_400_000;
const gap = '  ';

/** `push: contacts sent  ███████░░░  64 %  6,400 of 10,000  410/s  9 s left`. */
export function formatProgressLine(facts: ProgressFacts, { columns, hasUtf8 }: LineWidth): string {
  // The last column stays free: a terminal may wrap behind it.
  const width = Math.max(1, columns - 1);
  const { head, percent, counts, speed, left } = toParts(facts);
  const full = [head, percent, counts, speed, left];
  if (facts.total !== undefined && facts.total > 0) {
    const room = width - join(full).length - gap.length;
    if (room >= shortestBar) {
      const bar = formatBar(facts.done / facts.total, Math.min(longestBar, room), hasUtf8);
      return join([head, bar, percent, counts, speed, left]);
    }
  }
  const shorter = [full, [head, percent, counts, left], [head, percent, left], [head, percent]].map(join);
  return shorter.find((line) => line.length <= width) ?? cut(shorter.at(-1) ?? '', width, hasUtf8);
}

/** `push: contacts sent 6,400 of 10,000 (64 %), 410/s, 9 s left`. */
export function formatLogLine(facts: ProgressFacts): string {
  const { head, percent, counts, speed, left } = toParts(facts);
  const share = percent === '' ? '' : ` (${percent})`;
  return [`${head} ${counts}${share}`, speed, left].filter((part) => part !== '').join(', ');
}

/** What is not known is empty. */
type Parts = Readonly<Record<'head' | 'percent' | 'counts' | 'speed' | 'left', string>>;

function toParts({ step, what, done, total, perSecond }: ProgressFacts): Parts {
  const known = total !== undefined && total > 0 ? total : undefined;
  return {
    head: `${step}: ${what}`,
    percent: known === undefined ? '' : `${Math.min(100, Math.floor((done / known) * 100))} %`,
    counts: known === undefined ? formatCount(done) : `${formatCount(done)} of ${formatCount(known)}`,
    speed: perSecond === undefined || perSecond <= 0 ? '' : formatRate(perSecond),
    left: formatLeft(known, done, perSecond),
  };
}

/** Slow work is told per minute: `12/min`. */
function formatRate(perSecond: number): string {
  if (perSecond >= 1) return `${formatCount(Math.round(perSecond))}/s`;
  return `${formatCount(Math.max(1, Math.round(perSecond * 60)))}/min`;
}

function formatLeft(total: number | undefined, done: number, perSecond: number | undefined): string {
  if (total === undefined || perSecond === undefined || perSecond <= 0 || done >= total) return '';
  const leftMs = ((total - done) / perSecond) * 1000;
  return leftMs > longestLeftMs ? '' : `${formatAge(leftMs)} left`;
}

function formatBar(share: number, cells: number, hasUtf8: boolean): string {
  const full = Math.min(cells, Math.floor(Math.max(0, share) * cells));
  return hasUtf8 ? '█'.repeat(full) + '░'.repeat(cells - full) : `${'#'.repeat(full)}${'-'.repeat(cells - full)}`;
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(gap);
}

function cut(line: string, width: number, hasUtf8: boolean): string {
  return hasUtf8 ? cutToWidth(line, width) : line.slice(0, width);
}

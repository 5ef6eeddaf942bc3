/** The lines of the bench's table: both sides, the ratio with its spread, the limit to reach, and whether it is reached. */
import { format, toMedian } from './measure.ts';

export type Verdict = 'reached' | 'NOT REACHED' | 'not measured' | '';

export type Line = {
  readonly path: string;
  readonly ours: string;
  readonly theirs: string;
  readonly ratio: string;
  readonly limit: string;
  readonly verdict: Verdict;
};

/** `atMost`: ours ÷ theirs; `atLeast`: theirs ÷ ours, how many times faster. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number };

export type Compared = { readonly ours: number; readonly theirs: number };

/** A line of a comparison, pair by pair. Without a limit it only shows. */
export function compare(path: string, pairs: readonly Compared[], limit?: Limit, unit = 's'): Line {
  const isFaster = limit !== undefined && 'atLeast' in limit;
  const ratios = pairs.map(({ ours, theirs }) => (isFaster ? theirs / ours : ours / theirs));
  const median = toMedian(ratios);
  const spread = `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}, n=${ratios.length}`;
  return {
    path,
    ours: `${format(toMedian(pairs.map(({ ours }) => ours)))} ${unit}`,
    theirs: `${format(toMedian(pairs.map(({ theirs }) => theirs)))} ${unit}`,
    ratio: `${median.toFixed(2)}${isFaster ? '× faster' : ''} (${spread})`,
    limit: formatLimit(limit),
    verdict: toVerdict(median, limit),
  };
}

/** A line of a value of ours alone. */
export function hold(path: string, value: number, atMost: number, unit: string): Line {
  return {
    path,
    ours: `${format(value)} ${unit}`,
    theirs: '',
    ratio: '',
    limit: `≤ ${atMost} ${unit}`,
    verdict: value <= atMost ? 'reached' : 'NOT REACHED',
  };
}

/** A line of what could not be measured, or only shows. */
export function note(path: string, text: string, verdict: Verdict = ''): Line {
  return { path, ours: text, theirs: '', ratio: '', limit: '', verdict };
}

function formatLimit(limit: Limit | undefined): string {
  if (limit === undefined) return '';
  return 'atMost' in limit ? `≤ ${limit.atMost.toFixed(2)}` : `≥ ${limit.atLeast}× faster`;
}

function toVerdict(median: number, limit: Limit | undefined): Verdict {
  if (limit === undefined) return '';
  const isReached = 'atMost' in limit ? median <= limit.atMost : median >= limit.atLeast;
  return isReached ? 'reached' : 'NOT REACHED';
}

export function printTable(lines: readonly Line[]): void {
  process.stdout.write(
    '| path | ours | theirs | ratio (min-max) | to reach | |\n| --- | --- | --- | --- | --- | --- |\n',
  );
  for (const { path, ours, theirs, ratio, limit, verdict } of lines) {
    process.stdout.write(`| ${[path, ours, theirs, ratio, limit, verdict].join(' | ')} |\n`);
  }
}

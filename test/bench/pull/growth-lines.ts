/** What must not grow with the mirror: the time of a small pull, and the memory of the process. */
import { makeIncrement } from './data-files.ts';
import { type Bench, formatCount, type MeasuredOurs, makeFile, measureOurs, tell, toServerNow } from './measure.ts';
import { copyMirror, loadOurs, toLoadRssMb } from './mirrors.ts';
import { type Compared, compare, hold, type Line } from './table.ts';

const smallMemoryRows = 200_000;
const maxRssMb = 150;
/** Flat: the largest load may need this much more than the smallest, MB. */
const maxGrowthMb = 30;

/** The same number of changed rows into a mirror and into one ten times its size. */
export async function measureGrowth(bench: Bench): Promise<readonly Line[]> {
  const large = bench.largeRows ?? bench.rows;
  const small = large / 10;
  const changed = Math.min(10_000, large / 100);
  tell(`${formatCount(changed)} changed rows into ${formatCount(small)} and ${formatCount(large)}`);
  await copyMirror(bench, 'ours', small);
  await copyMirror(bench, 'ours', large);
  const measure = async (of: number, version: number): Promise<MeasuredOurs> => {
    const file = await makeFile(bench, makeIncrement(of, { changed }, version));
    const serverNow = toServerNow(version);
    return measureOurs(bench, { kind: 'pull', database: `ours_run_${of}`, file, window: 'incremental', serverNow });
  };
  const compared: { readonly large: MeasuredOurs; readonly small: MeasuredOurs }[] = [];
  for (let version = 1; version <= bench.pairs + 1; version += 1) {
    const pair = { large: await measure(large, version), small: await measure(small, version) };
    // The first round warms the caches up.
    if (version > 1) compared.push(pair);
  }
  await bench.place.drop(`ours_run_${small}`);
  const toCompared = (pick: (measured: MeasuredOurs) => number): Compared[] =>
    compared.map((pair) => ({ ours: pick(pair.large), theirs: pick(pair.small) }));
  const path = `${formatCount(changed)} changed rows into ${formatCount(large)}, against into ${formatCount(small)}, both ours`;
  return [
    compare(
      `${path}: whole`,
      toCompared(({ seconds }) => seconds),
      { atMost: 1.3 },
    ),
    compare(
      '… the merge alone',
      toCompared(({ alone }) => alone),
    ),
  ];
}

/** The most memory the process of a first load ever had. */
export async function measureMemory(bench: Bench): Promise<readonly Line[]> {
  const sizes = [Math.min(smallMemoryRows, bench.rows), bench.rows, bench.largeRows ?? bench.rows];
  const lines: Line[] = [];
  const peaks: number[] = [];
  for (const rows of new Set(sizes)) {
    tell(`memory of a first load of ${formatCount(rows)}`);
    const peak = toLoadRssMb(rows) ?? (await loadOurs(bench, rows)).peakRssMb;
    peaks.push(peak);
    lines.push(hold(`memory of the Node process, first load of ${formatCount(rows)}`, peak, maxRssMb, 'MB'));
  }
  const growth = Math.max(0, (peaks.at(-1) ?? 0) - (peaks[0] ?? 0));
  return [...lines, hold('… growth from the smallest to the largest', growth, maxGrowthMb, 'MB')];
}

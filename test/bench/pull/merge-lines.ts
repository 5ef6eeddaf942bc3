/** Into the mirror: the first load, changed rows, mostly unchanged rows, nothing changed; against psql, alone or with `on conflict`. */
import { type Download, makeBase, makeIncrement } from './data-files.ts';
import {
  assertSame,
  type Bench,
  describeParts,
  formatCount,
  type Measured,
  type MeasuredOurs,
  makeFile,
  measureOurs,
  measurePairs,
  measureTheirs,
  type OursRun,
  type Pair,
  tell,
  toServerNow,
} from './measure.ts';
import { copyMirror, loadOurs, loadTheirs } from './mirrors.ts';
import { type History, histories } from './ours.ts';
import { readFingerprint } from './place.ts';
import { incrementScript } from './psql.ts';
import { type Compared, compare, hold, type Limit, type Line, note } from './table.ts';

const missing = (path: string): readonly Line[] => [note(path, 'psql is not on the PATH', 'not measured')];

/** An empty mirror, against `\copy` into the same table with its key. */
export async function measureFirstLoad(bench: Bench): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const rows of [bench.rows, ...(bench.largeRows === undefined ? [] : [bench.largeRows])]) {
    const path = `first load of ${formatCount(rows)} into an empty mirror, against psql \\copy into the same table with its key`;
    if (!bench.hasPsql) {
      lines.push(...missing(path));
      continue;
    }
    tell(`first load of ${formatCount(rows)}`);
    const count = rows === bench.rows ? bench.pairs : 1;
    const load = { ours: () => loadOurs(bench, rows), theirs: () => loadTheirs(bench, rows) };
    const pairs = await measurePairs({ warmUps: 0, count }, load.ours, load.theirs);
    await assertSameMirrors(bench, `ours_${rows}`, `theirs_${rows}`);
    lines.push(compare(path, pairs.map(toWhole), { atMost: 1.1 }), toParts(pairs));
  }
  return lines;
}

/** A tenth of the mirror changed or new, with history and without where this pull can do both. */
export async function measureChanged(bench: Bench): Promise<readonly Line[]> {
  const { rows } = bench;
  const increment = makeIncrement(rows, { changed: Math.round(rows * 0.09), added: Math.round(rows * 0.01) });
  const size = `${formatCount(increment.rows)} changed rows into ${formatCount(rows)}`;
  const lines: Line[] = [];
  for (const history of ['kept', 'none'] as const) {
    const path = `${size}, ${history === 'kept' ? 'with' : 'without'} history, against \\copy + on conflict`;
    if (!histories.includes(history)) lines.push(note(path, 'this pull knows no such variant'));
    else if (!bench.hasPsql) lines.push(...missing(path));
    else lines.push(...(await changedLines(bench, increment, history, path)));
  }
  return lines;
}

async function changedLines(
  bench: Bench,
  increment: Download,
  history: History,
  path: string,
): Promise<readonly Line[]> {
  const pairs = await measureIncrement(bench, increment, { window: 'incremental', history });
  return [
    compare(`${path}: whole`, pairs.map(toWhole), { atMost: history === 'kept' ? 2 : 1.25 }),
    compare('… the merge against the statement', pairs.map(toAlone)),
    compare('… WAL', pairs.map(toWal), undefined, 'MB'),
    toParts(pairs),
  ];
}

/** Many rows of which few differ. */
export async function measureMostlyUnchanged(bench: Bench): Promise<readonly Line[]> {
  const { rows } = bench;
  const changed = Math.round(rows * 0.01);
  const increment = makeIncrement(rows, { changed, unchanged: Math.round(rows * 0.11) });
  const path = `${formatCount(increment.rows)} rows of which ${formatCount(changed)} differ, against on conflict`;
  if (!bench.hasPsql) return missing(path);
  const pairs = await measureIncrement(bench, increment, { window: 'incremental' });
  return statementLines(path, pairs, { atMost: 0.5 }, { atMost: 0.3 });
}

/** Everything again, and nothing has changed. */
export async function measureUnchanged(bench: Bench): Promise<readonly Line[]> {
  const path = `full re-pull of ${formatCount(bench.rows)}, nothing changed, against on conflict`;
  if (!bench.hasPsql) return missing(path);
  const pairs = await measureIncrement(bench, makeBase(bench.rows), { window: 'full' });
  const wal = Math.max(...pairs.map(({ ours }) => ours.walMb));
  return [...statementLines(path, pairs, { atMost: 0.6 }), hold('… WAL of ours, most', wal, 5, 'MB')];
}

/** The limits come from statement against statement; the whole is shown beside it, because that is what users wait for. */
function statementLines(path: string, pairs: readonly Pair[], time: Limit, wal?: Limit): readonly Line[] {
  return [
    compare(`${path}: the merge against the statement`, pairs.map(toAlone), time),
    compare('… whole: download, stage, merge against \\copy and statement', pairs.map(toWhole)),
    compare('… WAL of the whole', pairs.map(toWal), wal, 'MB'),
    toParts(pairs),
  ];
}

async function measureIncrement(
  bench: Bench,
  increment: Download,
  variant: Pick<OursRun, 'window' | 'history'>,
): Promise<readonly Pair[]> {
  const { rows } = bench;
  const file = await makeFile(bench, increment);
  const script = incrementScript(file.plain);
  tell(`${increment.name} into ${formatCount(rows)}, history ${variant.history ?? 'none'}`);
  const ours = async (): Promise<MeasuredOurs> => {
    const database = await copyMirror(bench, 'ours', rows);
    return measureOurs(bench, { ...variant, kind: 'pull', database, file, serverNow: toServerNow(1) });
  };
  const theirs = async (): Promise<Measured> => measureTheirs(bench, await copyMirror(bench, 'theirs', rows), script);
  const pairs = await measurePairs({ warmUps: 0, count: bench.pairs }, ours, theirs);
  await assertSameMirrors(bench, `ours_run_${rows}`, `theirs_run_${rows}`);
  return pairs;
}

async function assertSameMirrors(bench: Bench, ours: string, theirs: string): Promise<void> {
  const one = await readFingerprint(bench.place, ours, 'mirror.contacts');
  assertSame('The mirrors', one, await readFingerprint(bench.place, theirs, 'theirs.contacts'));
}

const toParts = (pairs: readonly Pair[]): Line => note('… ours in parts', describeParts(pairs.map(({ ours }) => ours)));
const toWhole = ({ ours, theirs }: Pair): Compared => ({ ours: ours.seconds, theirs: theirs.seconds });
const toAlone = ({ ours, theirs }: Pair): Compared => ({ ours: ours.alone, theirs: theirs.alone });
const toWal = ({ ours, theirs }: Pair): Compared => ({ ours: ours.walMb, theirs: theirs.walMb });

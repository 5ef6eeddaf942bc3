/** Landing: from HTTP to the checked, typed stage, against psql and against what people write instead; and the dialect off the fast path. */
import type { CompetitorJob } from './competitors.ts';
import { type DataFile, makeBase } from './data-files.ts';
import {
  assertSame,
  type Bench,
  describeParts,
  formatCount,
  type MeasuredOurs,
  makeFile,
  measureOurs,
  measurePairs,
  measureTheirs,
  tell,
} from './measure.ts';
import { emptyDatabase, readFingerprint } from './place.ts';
import { landingScript, makeStageSql, runPgloader, stageTable } from './psql.ts';
import { type Compared, compare, type Line, note } from './table.ts';

const dialectRows = 200_000;
const database = 'landing';

/** Landing against `\copy` of the plain file into the same typed table. */
export async function measureLanding(bench: Bench): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const rows of [bench.rows, ...(bench.largeRows === undefined ? [] : [bench.largeRows])]) {
    const path = `landing ${formatCount(rows)}: gzip over HTTP → checked → typed stage, against psql \\copy of the plain file`;
    if (bench.hasPsql) lines.push(...(await againstPsql(bench, rows, path)));
    else lines.push(note(path, 'psql is not on the PATH', 'not measured'));
  }
  return [...lines, ...(await measureSlow(bench))];
}

async function againstPsql(bench: Bench, rows: number, path: string): Promise<readonly Line[]> {
  tell(`landing ${formatCount(rows)} against psql`);
  const file = await makeFile(bench, makeBase(rows));
  const isLarge = rows !== bench.rows;
  const pairs = await measurePairs(
    { warmUps: isLarge ? 0 : 1, count: isLarge ? 1 : bench.pairs },
    () => landOurs(bench, file),
    async () => {
      await bench.place.copy(database, emptyDatabase);
      return measureTheirs(bench, database, landingScript(file.plain));
    },
  );
  const parts = describeParts(pairs.map(({ ours }) => ours));
  return [compare(path, pairs.map(toSeconds), { atMost: 1.15 }), note('… ours in parts', parts)];
}

async function landOurs(bench: Bench, file: DataFile, isStageKept = false): Promise<MeasuredOurs> {
  await bench.place.copy(database, emptyDatabase);
  return measureOurs(bench, { kind: 'landing', database, file, isStageKept });
}

/** Those that are many times slower: one pair of each of the slowest. */
async function measureSlow(bench: Bench): Promise<readonly Line[]> {
  const file = await makeFile(bench, makeBase(bench.rows));
  const size = formatCount(file.rows);
  const measure = async (
    name: string,
    atLeast: number,
    count: number,
    theirs: () => Promise<number>,
  ): Promise<Line> => {
    tell(`landing ${size} against ${name}`);
    const compared: Compared[] = [];
    for (let at = 0; at < count; at += 1) {
      const ours = await landOurs(bench, file);
      await bench.place.copy(database, emptyDatabase);
      await bench.place.query(database, makeStageSql);
      await bench.place.checkpoint();
      compared.push({ ours: ours.seconds, theirs: await theirs() });
      await assertStaged(bench, file);
    }
    return compare(`landing ${size}, against ${name}`, compared, { atLeast });
  };
  const url = bench.place.toUrl(database);
  const run = (kind: CompetitorJob['kind']) => async (): Promise<number> => {
    const job = { kind, databaseUrl: url, file: file.plain, table: stageTable };
    return (await bench.workshop.run<{ rows: number }>(job)).seconds;
  };
  const pgloader = bench.hasPgloader
    ? await measure('pgloader', 15, 1, () => runPgloader(bench.workshop.folder, url, file.plain))
    : note(`landing ${size}, against pgloader`, 'pgloader is not installed', '');
  return [
    pgloader,
    await measure('papaparse → COPY', 2.5, bench.pairs, run('papaparse-copy')),
    await measure('INSERT, 1000 rows of literals each', 15, 1, run('insert-literals')),
    await measure('INSERT, 300 rows of parameters each', 15, 1, run('insert-parameters')),
  ];
}

async function assertStaged(bench: Bench, file: DataFile): Promise<void> {
  const found = await bench.place.query<{ rows: number }>(database, `select count(*)::int as rows from ${stageTable}`);
  if (found[0]?.rows !== file.rows) throw new Error(`The other side loaded ${found[0]?.rows} of ${file.rows} rows.`);
}

/** The same contacts in a dialect that the fast path does not know, against those that it knows. */
export async function measureDialect(bench: Bench): Promise<readonly Line[]> {
  const rows = Math.min(dialectRows, bench.rows);
  tell(`landing ${formatCount(rows)} in a dialect off the fast path`);
  const usual = await makeFile(bench, makeBase(rows));
  const epoch = await makeFile(bench, makeBase(rows, 'epoch'));
  const compared: Compared[] = [];
  for (let at = 0; at < bench.pairs; at += 1) {
    const fast = await landOurs(bench, usual, true);
    const fastPrint = await readFingerprint(bench.place, database, fast.report.stageTable ?? '');
    const slow = await landOurs(bench, epoch, true);
    assertSame('The dialects', fastPrint, await readFingerprint(bench.place, database, slow.report.stageTable ?? ''));
    compared.push({ ours: rows / slow.seconds / 1000, theirs: rows / fast.seconds / 1000 });
  }
  return [compare('epoch dates and Y/N, against the usual dialect, both ours', compared, undefined, 'thousand rows/s')];
}

function toSeconds(pair: { readonly ours: { seconds: number }; readonly theirs: { seconds: number } }): Compared {
  return { ours: pair.ours.seconds, theirs: pair.theirs.seconds };
}

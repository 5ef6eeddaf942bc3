/**
 * The proof of the diff's speed: `npm run bench:diff -- [--rows 1000000] [--large [--large-rows 5000000]] [--pairs 3] [--server URL]`.
 * Both sides of every ratio come from one run, in turn, on one server. Exit code 0: every limit is reached; 1: not every one. The
 * system of record is made up in the process that plans; its landing and the making of the mirror's side are shown and do not count.
 */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { exceptSql, fullJoinSql, toHandMadeSql, toMirrorSql } from './diff/contacts.ts';
import type { DiffJob, DiffReport } from './diff-worker.ts';
import { format, formatCount, tell, toMedian } from './pull/measure.ts';
import { emptyDatabase, openPlace, type Place } from './pull/place.ts';
import { openWorkshop, type Workshop } from './pull/processes.ts';
import { type Compared, compare, hold, type Line, note, printTable } from './pull/table.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    large: { type: 'boolean', default: false },
    'large-rows': { type: 'string', default: '5000000' },
    pairs: { type: 'string', default: '3' },
    server: { type: 'string' },
  },
});
const pairs = Number(values.pairs);
const smallRows = 500_000;
const touchedRows = 10_000;

type Bench = { readonly place: Place; readonly workshop: Workshop };

/** Both sides have the memory for sorts and hashes that a plan gives itself. */
const byHandSettings = `set work_mem = '64MB'; set jit = off;`;

async function fill({ place }: Bench, rows: number): Promise<string> {
  const database = `diff_${rows}`;
  tell(`filling a mirror of ${formatCount(rows)} …`);
  await place.copy(database, emptyDatabase);
  await place.query(database, toMirrorSql(rows));
  await place.query(database, 'vacuum (analyze) mirror.contacts');
  return database;
}

type Asked = Omit<DiffJob, 'databaseUrl' | 'rows'>;

async function work({ place, workshop }: Bench, database: string, rows: number, asked: Asked) {
  await place.checkpoint();
  const job: DiffJob = { ...asked, rows, databaseUrl: place.toUrl(database) };
  const { report } = await workshop.run<DiffReport>(job);
  const parts = report.seconds.map((one) => Object.entries(one).map(([name, value]) => `${name} ${format(value)} s`));
  tell(
    `  ${asked.kind} (${formatCount(report.found)}): ${parts.join('; ')}; peak RSS ${report.peakRssMb.toFixed(0)} MB`,
  );
  return { ...report, last: (name: string): number => report.seconds.at(-1)?.[name] ?? Number.NaN };
}

/** Seconds of a statement that makes `differing`; fails when it finds anything but every hundredth contact. */
async function measureByHand({ place }: Bench, database: string, rows: number, sql: string): Promise<number> {
  await place.checkpoint();
  const client = new pg.Client({ connectionString: place.toUrl(database) });
  await client.connect();
  try {
    await client.query(byHandSettings);
    const startedAt = performance.now();
    await client.query(sql);
    const seconds = (performance.now() - startedAt) / 1000;
    const { rows: counted } = await client.query<{ found: number }>('select count(*)::int as found from differing');
    if (counted[0]?.found === rows / 100) return seconds;
    throw new Error(`By hand ${counted[0]?.found} of ${rows / 100} that differ were found.`);
  } finally {
    await client.end();
  }
}

async function measureFull(bench: Bench, rows: number): Promise<readonly Line[]> {
  const database = await fill(bench, rows);
  const prepared = await work(bench, database, rows, { kind: 'prepare', count: rows, isComplete: true, times: 1 });
  await bench.place.query(database, toHandMadeSql(rows));
  await bench.place.query(database, 'vacuum analyze');
  const joined: Compared[] = [];
  const excepted: Compared[] = [];
  const read: Compared[] = [];
  for (let at = -1; at < pairs; at += 1) {
    const ours = await work(bench, database, rows, { kind: 'compare', count: rows, isComplete: true, times: 2 });
    if (ours.found !== rows / 100) throw new Error(`Ours found ${ours.found} of ${rows / 100} that differ.`);
    const join = await measureByHand(bench, database, rows, fullJoinSql);
    tell(`  FULL JOIN ${format(join)} s`);
    if (at < 0) continue;
    joined.push({ ours: ours.last('compare'), theirs: join });
    read.push({ ours: ours.last('compare') + ours.last('read'), theirs: join });
    const except = await measureByHand(bench, database, rows, exceptSql);
    tell(`  EXCEPT ${format(except)} s`);
    excepted.push({ ours: ours.last('compare'), theirs: except });
  }
  const planned = await work(bench, database, rows, { kind: 'plan', count: rows, isComplete: true, times: 1 });
  const planning = await work(bench, database, rows, { kind: 'planning', count: 200_000, isComplete: true, times: 2 });
  const perSecond = 200_000 / planning.last('planning');
  const count = formatCount(rows);
  return [
    compare(`${count}: column-wise FULL JOIN`, joined, { atMost: 0.5 }),
    compare(`${count}: the same, and both sides of what differs read by the planning process`, read),
    compare(`${count}: EXCEPT both ways`, excepted, { atLeast: 5 }),
    note(`${count}: landing of the system of record`, `${format(prepared.last('landing'))} s`),
    note(`${count}: making of the mirror's side`, `${format(prepared.last('mirrorSide'))} s`),
    note(`${count}: whole plan, landing and patches included`, `${format(planned.last('plan'))} s`),
    hold(`${count}: peak memory of a plan`, planned.peakRssMb, 200, 'MB'),
    {
      ...note('planning function, one core', `${formatCount(Math.round(perSecond))} patches/s`),
      ...{ limit: '≥ 50,000 patches/s', verdict: perSecond >= 50_000 ? 'reached' : 'NOT REACHED' },
    },
  ];
}

type Incremental = { readonly touched: number; readonly partial: number };

/** Warm: the last of several times in one process. */
async function measureIncremental(bench: Bench, database: string, rows: number): Promise<Incremental> {
  const small = { count: touchedRows, isComplete: false } as const;
  const touched = await work(bench, database, rows, { ...small, kind: 'touch', times: 4 });
  const partial = await work(bench, database, rows, { ...small, kind: 'plan', times: 4 });
  const toWarm = (report: DiffReport, name: string): number =>
    toMedian(report.seconds.slice(1).map((one) => one[name] ?? Number.NaN));
  return { touched: toWarm(touched, 'refresh'), partial: toWarm(partial, 'plan') };
}

async function measureGrowth(bench: Bench, rows: number): Promise<readonly Line[]> {
  const small = Math.min(smallRows, rows / 10);
  const smallDatabase = await fill(bench, small);
  await work(bench, smallDatabase, small, { kind: 'prepare', count: 1_000, isComplete: true, times: 1 });
  const at = [
    await measureIncremental(bench, smallDatabase, small),
    await measureIncremental(bench, `diff_${rows}`, rows),
  ] as const;
  const names = { touched: '10,000 touched in the mirror', partial: 'a partial source of 10,000, planned and stored' };
  return (['touched', 'partial'] as const).flatMap((name) => [
    hold(`${formatCount(rows)}: ${names[name]}`, at[1][name], 0.5, 's'),
    compare(
      `${names[name]}: ${formatCount(rows)} : ${formatCount(small)}`,
      [{ ours: at[1][name], theirs: at[0][name] }],
      {
        atMost: 1.3,
      },
    ),
  ]);
}

let workshop: Workshop | undefined;
let place: Place | undefined;
async function close(): Promise<void> {
  workshop?.close();
  workshop = undefined;
  const closing = place;
  place = undefined;
  await closing?.close();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void close().finally(() => process.exit(130)));
}

try {
  workshop = await openWorkshop('diff-worker');
  place = await openPlace(values.server);
  const bench: Bench = { place, workshop };
  const [first] = cpus();
  const machine = `${cpus().length} × ${first?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
  process.stdout.write(`${machine}\n${await place.describe()}\n`);
  const sizes = [Number(values.rows), ...(values.large ? [Number(values['large-rows'])] : [])];
  const lines: Line[] = [];
  for (const rows of sizes) lines.push(...(await measureFull(bench, rows)));
  lines.push(...(await measureGrowth(bench, Math.max(...sizes))));
  printTable(lines);
  if (lines.some(({ verdict }) => verdict === 'NOT REACHED')) process.exitCode = 1;
} finally {
  await close();
}

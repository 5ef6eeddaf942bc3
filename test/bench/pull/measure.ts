/**
 * Measures one run of one side, and pairs of them in turn. A checkpoint comes before each run, so that no run pays for another's pages.
 * Ratios are taken pair by pair, because the machine's speed wanders between pairs.
 */
import { type DataFile, type Download, ensureDataFile } from './data-files.ts';
import type { History, OursJob, OursReport } from './ours.ts';
import type { Place } from './place.ts';
import type { Workshop } from './processes.ts';
import { runPsql } from './psql.ts';

export type Bench = {
  readonly place: Place;
  readonly workshop: Workshop;
  /** Address under which the data files are served. */
  readonly filesUrl: string;
  readonly seed: number;
  /** Contacts of the usual mirror. */
  readonly rows: number;
  /** Contacts of the large mirror; undefined: none is made. */
  readonly largeRows: number | undefined;
  readonly pairs: number;
  readonly hasPsql: boolean;
  readonly hasPgloader: boolean;
};

export type Measured = {
  /** Of the whole process. */
  readonly seconds: number;
  /** Of the merging statement or transaction alone. */
  readonly alone: number;
  readonly walMb: number;
};

export type MeasuredOurs = Measured & { readonly report: OursReport; readonly peakRssMb: number };

export type Pair = { readonly ours: MeasuredOurs; readonly theirs: Measured };

export type OursRun = {
  readonly kind: OursJob['kind'];
  readonly database: string;
  readonly file: DataFile;
  readonly window?: OursJob['window'];
  readonly serverNow?: string;
  readonly history?: History;
  readonly isStageKept?: boolean;
};

export const makeFile = (bench: Bench, download: Download): Promise<DataFile> => ensureDataFile(bench.seed, download);

/** Says on stderr what is being done; the table alone goes to stdout. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

export async function measureOurs(bench: Bench, run: OursRun): Promise<MeasuredOurs> {
  const { place, workshop } = bench;
  await place.checkpoint();
  const walBefore = await place.readWal();
  const { seconds, report } = await workshop.run<OursReport>({
    kind: run.kind,
    databaseUrl: place.toUrl(run.database),
    bodyUrl: `${bench.filesUrl}/${run.file.name}.csv.gz`,
    spoolFolder: workshop.spoolFolder,
    window: run.window ?? 'full',
    serverNow: run.serverNow ?? firstServerNow,
    history: run.history ?? 'none',
    isStageKept: run.isStageKept ?? false,
  });
  const walMb = ((await place.readWal()) - walBefore) / 1e6;
  const { download, copy, merge } = report.seconds;
  const parts = `download ${format(download)}, copy ${format(copy)}, merge ${format(merge)}`;
  const memory = `peak RSS ${report.peakRssMb.toFixed(0)} MB`;
  tell(`  ours   ${format(seconds)} s (${parts}; ${walMb.toFixed(1)} MB WAL; ${memory})`);
  assertRows(report, run.file.rows);
  return { seconds, alone: merge, walMb, report, peakRssMb: report.peakRssMb };
}

export async function measureTheirs(bench: Bench, database: string, script: string): Promise<Measured> {
  const { place, workshop } = bench;
  await place.checkpoint();
  const walBefore = await place.readWal();
  const { seconds, last } = await runPsql(workshop.folder, place.toUrl(database), script);
  const walMb = ((await place.readWal()) - walBefore) / 1e6;
  tell(`  theirs ${format(seconds)} s (last statement ${format(last)}; ${walMb.toFixed(1)} MB WAL)`);
  return { seconds, alone: last, walMb };
}

/** LiveVox's clock at the first load and at a later pull: each version of the contacts is a day younger. */
const firstServerNow = '2026-02-01T12:00:00Z';
export const toServerNow = (version: number): string => `2026-02-${String(4 + version).padStart(2, '0')}T12:00:00Z`;

/** Runs `warmUps` pairs that do not count, then `count` that do; who comes first alternates. */
export async function measurePairs(
  counts: { readonly warmUps: number; readonly count: number },
  ours: () => Promise<MeasuredOurs>,
  theirs: () => Promise<Measured>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let at = -counts.warmUps; at < counts.count; at += 1) {
    const isOursFirst = at % 2 === 0;
    const first = isOursFirst ? await ours() : undefined;
    const other = await theirs();
    const pair = { ours: first ?? (await ours()), theirs: other };
    if (at >= 0) pairs.push(pair);
  }
  return pairs;
}

export function toMedian(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** Where ours spent its time, medians. The download and COPY overlap with what else the process does. */
export function describeParts(runs: readonly MeasuredOurs[]): string {
  const toPart = (name: keyof OursReport['seconds']): string =>
    `${name} ${format(toMedian(runs.map(({ report }) => report.seconds[name])))}`;
  return `${toPart('download')}, ${toPart('copy')} (COPYs side by side added up), ${toPart('merge')} s`;
}

export function format(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A fast run that lost rows is no result. */
function assertRows(report: OursReport, rows: number): void {
  if (report.rows === rows && report.quarantined === 0) return;
  throw new Error(`Ours read ${report.rows} rows of ${rows} and quarantined ${report.quarantined}.`);
}

export function assertSame(what: string, ours: string, theirs: string): void {
  if (ours !== theirs) throw new Error(`${what}: ours has ${ours}, theirs ${theirs}.`);
  tell(`  same contacts on both sides: ${ours}`);
}

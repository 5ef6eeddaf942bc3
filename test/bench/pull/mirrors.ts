/**
 * Loaded mirrors, ours and theirs, kept as templates that each measured run copies. Both are built by the very first load that is
 * measured; a vacuum then settles what a first load leaves behind, so that no later run writes it.
 */
import { makeBase } from './data-files.ts';
import { type Bench, type Measured, type MeasuredOurs, makeFile, measureOurs, measureTheirs, tell } from './measure.ts';
import { emptyDatabase } from './place.ts';
import { firstLoadScript } from './psql.ts';

export type SideName = 'ours' | 'theirs';

const built = new Map<string, number>();

/** Loads an empty mirror of ours and keeps it as the template of its size. */
export async function loadOurs(bench: Bench, rows: number): Promise<MeasuredOurs> {
  const file = await makeFile(bench, makeBase(rows));
  await bench.place.copy('ours_load', emptyDatabase);
  const measured = await measureOurs(bench, { kind: 'pull', database: 'ours_load', file });
  await bench.place.rename('ours_load', toTemplate('ours', rows));
  built.set(toTemplate('ours', rows), measured.peakRssMb);
  return measured;
}

/** The same with psql. */
export async function loadTheirs(bench: Bench, rows: number): Promise<Measured> {
  const file = await makeFile(bench, makeBase(rows));
  await bench.place.copy('theirs_load', emptyDatabase);
  const measured = await measureTheirs(bench, 'theirs_load', firstLoadScript(file.plain));
  await bench.place.rename('theirs_load', toTemplate('theirs', rows));
  built.set(toTemplate('theirs', rows), 0);
  return measured;
}

/** Copies the loaded mirror of a side; loads it first where that was not done. @returns the copy's name */
export async function copyMirror(bench: Bench, side: SideName, rows: number): Promise<string> {
  const template = toTemplate(side, rows);
  if (!built.has(template)) {
    tell(`loading ${template} …`);
    await (side === 'ours' ? loadOurs(bench, rows) : loadTheirs(bench, rows));
  }
  await settle(bench, template);
  const name = `${side}_run_${rows}`;
  await bench.place.copy(name, template);
  return name;
}

/** Peak memory of the process that loaded this mirror of ours; undefined where none was loaded. */
export function toLoadRssMb(rows: number): number | undefined {
  return built.get(toTemplate('ours', rows));
}

function toTemplate(side: SideName, rows: number): string {
  return `${side}_${rows}`;
}

const settled = new Set<string>();

async function settle(bench: Bench, template: string): Promise<void> {
  if (settled.has(template)) return;
  settled.add(template);
  await bench.place.query(template, 'vacuum (freeze, analyze)');
}

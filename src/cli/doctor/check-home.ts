/** LVSYNC_HOME and .env: whether the disk has room for the next download, and whether nobody else can read what lies there. */
import { type Stats, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { selectLargestDownload } from '../../store/index.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import { type Patient, withStore } from './patient.ts';

const mebibyte = 1024 * 1024;
/** Less is too little for any work; and so little that it should be seen to. */
const leastFree = 100 * mebibyte;
const comfortableFree = 1024 * mebibyte;

export async function checkHome(patient: Patient): Promise<readonly Finding[]> {
  const { places, cwd } = patient;
  let largest = 0;
  await withStore(patient, async (store) => {
    largest = await selectLargestDownload(store.pool);
    return [];
  }).catch(() => {});
  const folders = [places.home, path.join(places.home, 'spool')];
  const open = [...folders, path.join(cwd, '.env')].flatMap(judgeMode);
  return [judgeDisk(places.home, readFreeBytes(places.home), largest), ...open];
}

/** A download lies on the disk whole, and its rows are then in the stage and in the mirror: it wants three times its size. */
export function judgeDisk(home: string, free: number, largest: number): Finding {
  const known = largest === 0 ? '' : `; the largest download so far had ${formatBytes(largest)}`;
  const says = `${formatBytes(free)} free at ${home}${known}`;
  const todo = 'Make room, or set LVSYNC_HOME to a larger disk.';
  if (free < Math.max(leastFree, largest)) return fail(`${says}: too little.`, todo);
  if (free < Math.max(comfortableFree, 3 * largest)) return warn(`${says}: scarce.`, todo);
  return ok(says);
}

/** Nothing to say of what is not there, is private, or has no modes of this kind. */
function judgeMode(file: string): readonly Finding[] {
  const stats: Stats | undefined = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || process.platform === 'win32' || (stats.mode & 0o077) === 0) return [];
  const mode = (stats.mode & 0o777).toString(8);
  const right = stats.isDirectory() ? '700' : '600';
  return [warn(`${file} is open to other users (mode ${mode}).`, `chmod ${right} ${file}`)];
}

/** Of the disk that home will be on, where it is not there yet. */
function readFreeBytes(home: string): number {
  const parent = path.dirname(home);
  if (statSync(home, { throwIfNoEntry: false }) === undefined && parent !== home) return readFreeBytes(parent);
  const { bavail, bsize } = statfsSync(home);
  return bavail * bsize;
}

/** `1.5 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

/**
 * Which file a system of record is tonight: the one that is named, or of a folder or pattern the newest complete one.
 * Complete is a file that has stood unchanged for a while, or that has its marker beside it. A marker older than the file is
 * one of the file's former self and does not count. Hidden files, markers and the names that transfers use for files on their
 * way (`.part`, `.tmp`, …) are never chosen.
 */
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RecordFileConfig } from '../config.ts';
import { ConfigError, RetriableError, toMessage } from '../errors.ts';

export type ChosenFile = {
  readonly path: string;
  /** Newer files that were not complete yet. */
  readonly passedOver: number;
};

type Choice = Pick<RecordFileConfig, 'path' | 'newestBy' | 'settleMs' | 'completeWhen'>;
type Candidate = { readonly path: string; readonly modifiedMs: number };

const onTheirWay = /\.(part|partial|filepart|tmp|temp|crdownload|swp)$/i;
const byName = new Intl.Collator('en', { numeric: true });

/**
 * @throws ConfigError when nothing matches or the folder cannot be read; RetriableError when nothing that matches is complete.
 */
export async function chooseFile(choice: Choice, now: Date): Promise<ChosenFile> {
  const { path } = choice;
  const found = await findStats(path);
  if (found?.isDirectory() === true) return chooseNewest(choice, await listFolder(path, '*', choice), now);
  if (found === undefined && /[*?]/.test(path)) return chooseNewest(choice, await listMatches(path, choice), now);
  // A missing file is told by whoever opens it.
  if (found !== undefined && choice.completeWhen !== undefined) {
    if (!(await hasMarker({ path, modifiedMs: found.mtimeMs }, choice.completeWhen))) throw toNotComplete(choice);
  }
  return { path, passedOver: 0 };
}

async function chooseNewest(choice: Choice, paths: readonly string[], now: Date): Promise<ChosenFile> {
  const candidates: Candidate[] = [];
  for (const path of paths) {
    const found = await findStats(path);
    if (found?.isFile() === true) candidates.push({ path, modifiedMs: found.mtimeMs });
  }
  if (candidates.length === 0) {
    throw new ConfigError(
      `The system of record ${choice.path} has no file; check its path and that files arrive there.`,
    );
  }
  candidates.sort((a, b) => (choice.newestBy === 'modified' ? b.modifiedMs - a.modifiedMs : 0) || compareNames(b, a));
  for (const [passedOver, candidate] of candidates.entries()) {
    if (await isComplete(candidate, choice, now)) return { path: candidate.path, passedOver };
  }
  throw toNotComplete(choice);
}

/** By whole path, so that `2026-11-21/contacts.csv` is ordered by its folder. */
function compareNames(a: Candidate, b: Candidate): number {
  return byName.compare(a.path, b.path) || (a.path < b.path ? -1 : 1);
}

function isComplete(candidate: Candidate, choice: Choice, now: Date): Promise<boolean> | boolean {
  if (choice.completeWhen !== undefined) return hasMarker(candidate, choice.completeWhen);
  // Files are stamped more finely than we read the clock: one of just now may seem to come from the future.
  return Math.max(0, now.getTime() - candidate.modifiedMs) >= choice.settleMs;
}

async function hasMarker({ path, modifiedMs }: Candidate, ending: string): Promise<boolean> {
  const marker = await findStats(`${path}${ending}`);
  return marker !== undefined && marker.mtimeMs >= modifiedMs;
}

function toNotComplete({ path, completeWhen, settleMs }: Choice): RetriableError {
  const why =
    completeWhen === undefined
      ? `nothing there has stood unchanged for ${settleMs / 1000} seconds (settleSeconds)`
      : `its marker (completeWhen: "${completeWhen}") is missing or older than the file`;
  return new RetriableError(`The system of record ${path} has no complete file: ${why}. Run again when it is written.`);
}

/** The paths that match a pattern, `*` and `?` in any part of it. */
async function listMatches(path: string, choice: Choice): Promise<readonly string[]> {
  const parent = dirname(path);
  const parents = /[*?]/.test(parent) ? await listMatches(parent, { ...choice, completeWhen: undefined }) : [parent];
  const found = await Promise.all(
    parents.map(async (folder) => {
      const isFolder = (await findStats(folder))?.isDirectory() === true;
      return isFolder ? listFolder(folder, basename(path), choice) : [];
    }),
  );
  return found.flat();
}

async function listFolder(folder: string, pattern: string, { completeWhen }: Choice): Promise<readonly string[]> {
  const escaped = pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&');
  const matcher = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
  const isMarker = (name: string): boolean => completeWhen !== undefined && name.endsWith(completeWhen);
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => !name.startsWith('.') && !onTheirWay.test(name) && !isMarker(name) && matcher.test(name))
      .map((name) => join(folder, name));
  } catch (error) {
    throw new ConfigError(`The folder ${folder} cannot be read: ${toMessage(error)}. Check the path.`, {
      cause: error,
    });
  }
}

/** undefined when there is nothing of that name, or nothing that we may look at. */
async function findStats(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

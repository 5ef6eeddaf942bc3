/**
 * Where the server of a home keeps its files, and as which user it runs. An ordinary user has all of it in
 * `home/postgres`. Root has it under /var/lib/livevox-sync, with a link in home, because the lent user must reach it
 * and home (0700, contacts' files) is not opened for that. The data folder and the run folder belong to the server's
 * user; what root writes itself (settings, binaries) lies beside them, where that user cannot meddle.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { FatalError, toMessage } from '../errors.ts';
import { chooseServerUser, currentUser, isRoot, type ServerUser, toServerUser } from './server-user.ts';

/** Parent of the areas of root. */
const rootAreas = '/var/lib/livevox-sync';

export type Area = {
  /** Real path, without links. */
  readonly folder: string;
  readonly user: ServerUser;
  readonly dataFolder: string;
  /** The server's log, and its socket where the path is short enough. */
  readonly runFolder: string;
  readonly settingsFile: string;
};

/** Makes home (0700) where it is missing and refuses one that belongs to somebody else. @returns its real path */
export function ensureHome(home: string): string {
  try {
    if (!existsSync(home)) {
      mkdirSync(home, { recursive: true, mode: 0o700 });
      chmodSync(home, 0o700);
    }
    assertOwn(home, home);
    return realpathSync(home);
  } catch (error) {
    if (error instanceof FatalError) throw error;
    throw new FatalError(`${home} cannot be used: ${toMessage(error)}. Set LVSYNC_HOME to a folder of your own.`, {
      cause: error,
    });
  }
}

/** The area of a home that has one; undefined before the first start. Needs no lock. */
export function findArea(home: string): Area | undefined {
  const folder = findAreaFolder(home);
  if (folder === undefined) return undefined;
  const area = toArea(folder, chooseUser(home, folder));
  assertOwn(existsSync(area.dataFolder) ? area.dataFolder : folder, home);
  return area;
}

/** The area of a home, made when there is none yet. */
export function ensureArea(home: string): Area {
  const area = findArea(home) ?? makeArea(home);
  ensureFolder(area.runFolder, area.user);
  return area;
}

/** Creates a folder (0700) that belongs to the server's user. */
export function ensureFolder(folder: string, user: ServerUser): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { mode: 0o700 });
  if (isRoot()) lchownSync(folder, user.uid, user.gid);
}

/** Removes a home's area and the link to it. */
export function removeArea(home: string, area: Area): void {
  rmSync(area.folder, { recursive: true, force: true });
  rmSync(join(home, 'postgres'), { recursive: true, force: true });
}

/** A short name for a path: the same path, the same name. */
export function toShortName(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

function findAreaFolder(home: string): string | undefined {
  const entry = join(home, 'postgres');
  if (existsSync(entry)) return realpathSync(entry);
  // A link whose target is gone: forget it and start anew.
  if (lstatSync(entry, { throwIfNoEntry: false }) !== undefined) rmSync(entry);
  return undefined;
}

function makeArea(home: string): Area {
  const entry = join(home, 'postgres');
  const owner = statSync(home).uid;
  if (!isRoot() || owner !== 0) {
    const user = chooseUser(home, home);
    ensureFolder(entry, user);
    return toArea(realpathSync(entry), user);
  }
  const user = chooseServerUser();
  const folder = makeRootArea(home);
  symlinkSync(folder, entry);
  return toArea(folder, user);
}

/** The name has a random part: a home that was deleted and made again must not meet the data of the deleted one. */
function makeRootArea(home: string): string {
  try {
    mkdirSync(rootAreas, { recursive: true, mode: 0o755 });
    const folder = mkdtempSync(join(rootAreas, `${toShortName(home)}-`));
    chmodSync(folder, 0o711);
    return folder;
  } catch (error) {
    throw new FatalError(
      `As root the embedded Postgres lives in ${rootAreas}, which cannot be written: ${toMessage(error)}. Run as an ordinary user or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** Folders that earlier homes of the same path have left behind (their home was deleted, this one is not theirs). */
export function findForgottenAreas(home: string, current: Area): readonly string[] {
  if (!existsSync(rootAreas)) return [];
  const names = readdirSync(rootAreas).filter((name) => name.startsWith(`${toShortName(home)}-`));
  return names.map((name) => join(rootAreas, name)).filter((folder) => folder !== current.folder);
}

function toArea(folder: string, user: ServerUser): Area {
  return {
    folder,
    user,
    dataFolder: join(folder, 'data'),
    runFolder: join(folder, 'run'),
    settingsFile: join(folder, 'postgresql.conf'),
  };
}

function chooseUser(home: string, folder: string): ServerUser {
  if (!isRoot()) return currentUser();
  for (const path of [join(folder, 'data'), join(folder, 'run'), folder, home]) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && stat.uid !== 0) return toServerUser(stat.uid, stat.gid);
  }
  return chooseServerUser();
}

function assertOwn(path: string, home: string): void {
  const owner = statSync(path).uid;
  if (isRoot() || owner === currentUser().uid) return;
  throw new FatalError(
    `${home} belongs to another user (uid ${owner}); set LVSYNC_HOME to a folder of your own, or set DATABASE_URL.`,
    { facts: { ownerUid: owner } },
  );
}

/** Whether a home has a server's files already. Makes nothing. */
export function hasArea(home: string): boolean {
  return existsSync(home) && findArea(realpathSync(home)) !== undefined;
}

/**
 * The settings file of the embedded server, written anew at each start, and the folder of its socket.
 * The server listens on a unix socket in a private folder and on nothing else, so it needs no password and no port.
 * Its log keeps no statement and no detail line: those would hold contacts' data.
 */
import { lchownSync, lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FatalError } from '../errors.ts';
import { type Area, toShortName } from './area.ts';
import { isRoot } from './server-user.ts';

export type ServerSettings = Readonly<Record<string, string>>;

/** Bytes a socket's path may have: 107 on Linux, 103 on macOS. */
const maxSocketPathBytes = 103;
const socketFile = '.s.PGSQL.5432';

const defaults: ServerSettings = {
  listen_addresses: '',
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  min_wal_size: '80MB',
  // A command that was killed must not leave its statement running, holding locks.
  client_connection_check_interval: '2s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  datestyle: 'iso, mdy',
  default_text_search_config: 'pg_catalog.simple',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
};

/** Writes the settings file of the next start. */
export function writeSettings(area: Area, socketFolder: string, extra: ServerSettings): void {
  const settings = { ...defaults, unix_socket_directories: toDirectoryItem(socketFolder), ...extra };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const text = `# Written at each start of the server; changes here are lost.\n${lines.join('\n')}\n`;
  // By way of a new file, so that root never writes through a link that somebody has put there.
  const fresh = `${area.settingsFile}.${process.pid}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { flag: 'wx', mode: 0o644 });
  if (isRoot()) lchownSync(fresh, 0, area.user.gid);
  renameSync(fresh, area.settingsFile);
}

/** The area's run folder, or a private folder with a short name where that path is too long for a socket. */
export function ensureSocketFolder(area: Area): string {
  const folder = toSocketFolder(area);
  if (folder === area.runFolder) return folder;
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (isRoot()) lchownSync(folder, area.user.uid, area.user.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    assertPrivate(folder, area);
  }
  return folder;
}

/** Removes what `ensureSocketFolder` has made outside of the area, once the server has left it. */
export function removeSocketFolder(area: Area): void {
  const folder = toSocketFolder(area);
  if (folder === area.runFolder) return;
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, gone, or not ours: it does no harm there.
  }
}

function toSocketFolder(area: Area): string {
  if (fits(area.runFolder)) return area.runFolder;
  const name = `lvsync-${toShortName(area.folder)}`;
  return [tmpdir(), '/tmp'].map((parent) => join(parent, name)).find(fits) ?? join('/tmp', name);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, socketFile)) <= maxSocketPathBytes;
}

/** In a folder that everybody can write, somebody else may have taken the name first. */
function assertPrivate(folder: string, area: Area): void {
  const stat = lstatSync(folder);
  if (stat.isDirectory() && stat.uid === area.user.uid && (stat.mode & 0o077) === 0) return;
  throw new FatalError(
    `${folder} is not a private folder of this user: remove it, or set LVSYNC_HOME to a shorter path.`,
  );
}

/** The setting is a list; an item in double quotes may hold commas and spaces. */
function toDirectoryItem(folder: string): string {
  return `"${folder.replaceAll('"', '""')}"`;
}

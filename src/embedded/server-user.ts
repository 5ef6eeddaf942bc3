/**
 * Which user of the system runs the server. PostgreSQL refuses to run as root, so root lends it an ordinary user: the
 * owner of what is there already, else `postgres`, else `nobody`. It must have an entry in /etc/passwd, because initdb
 * looks its own name up. Everybody else runs the server as themselves.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { FatalError } from '../errors.ts';

export type ServerUser = { readonly uid: number; readonly gid: number };

export type CommandResult = { readonly code: number | null; readonly output: string };

const candidates = ['postgres', '_postgres', 'nobody'];

/** The user this process is. */
export function currentUser(): ServerUser {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The unprivileged user root runs the server as, where nothing is there yet. */
export function chooseServerUser(): ServerUser {
  const entries = readPasswd();
  for (const name of candidates) {
    const entry = entries.find((one) => one.name === name);
    if (entry !== undefined) return entry;
  }
  throw new FatalError(
    'PostgreSQL does not run as root and this system has neither a user postgres nor nobody; run as an ordinary user or set DATABASE_URL.',
  );
}

/** The user of that id with its own group where /etc/passwd names one, else with `gid`. */
export function toServerUser(uid: number, gid: number): ServerUser {
  return { uid, gid: readPasswd().find((entry) => entry.uid === uid)?.gid ?? gid };
}

/**
 * Runs a program as that user and waits for its end. It gets a session of its own, so that Ctrl-C at the terminal does
 * not cut it short, and nothing of our environment, so that no PG* variable leads it astray.
 */
export function runAs(
  user: ServerUser,
  file: string,
  args: readonly string[],
  options: { readonly folder: string; readonly dataFolder?: string },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const identity = isRoot() ? { uid: user.uid, gid: user.gid } : {};
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', PGDATA: options.dataFolder };
    const child = spawn(file, args, {
      ...identity,
      env,
      cwd: options.folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function readPasswd(): readonly (ServerUser & { readonly name: string })[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined || name.startsWith('#')) return [];
    return [{ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }];
  });
}

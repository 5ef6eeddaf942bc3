/**
 * What the tests of the embedded Postgres share: homes that are removed with their server after the test, processes
 * that hold a server (holder.ts), and a look at the server's process. As root some of them run as an ordinary user.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { removeEmbedded } from '../../src/embedded/index.ts';
import { chooseServerUser, isRoot, type ServerUser } from '../../src/embedded/server-user.ts';
import { silentLog } from '../../src/log.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
const holderScript = relative(projectFolder, fileURLToPath(new URL('holder.ts', import.meta.url)));

export type Holder = {
  readonly process: ChildProcess;
  readonly url: string;
  /** The sentence it failed with; empty when it holds a server. */
  readonly error: string;
  /** Lets it leave and waits for its end. */
  readonly leave: () => Promise<void>;
  /** kill -9, and waits for its end. */
  readonly kill: () => Promise<void>;
};

/** A home that does not exist yet, below a folder of the test's own that goes with the test. */
export function makeHome(name = 'home', owner?: ServerUser): string {
  const parent = mkdtempSync(join(tmpdir(), 'lvsync-embedded-'));
  if (owner !== undefined) chownSync(parent, owner.uid, owner.gid);
  const home = join(parent, name);
  onTestFinished(async () => {
    if (existsSync(home)) await removeEmbedded({ home, log: silentLog });
    rmSync(parent, { recursive: true, force: true });
  });
  return home;
}

/** Starts a process that holds the server of `home`, in the project's folder or a copy of it, as that user. */
export async function startHolder(home: string, as?: ServerUser, folder = projectFolder): Promise<Holder> {
  // The bundle is for the user of the tests alone, and of their folder.
  const args =
    as === undefined && folder === projectFolder
      ? [`${inject('program')}/test/embedded/holder.js`, home]
      : ['--import', 'tsx', join(folder, holderScript), home];
  const child = spawn(process.execPath, args, {
    ...(as ?? {}),
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const answer = JSON.parse(line) as { url?: string; error?: string };
  const end = (how: () => unknown) => async (): Promise<void> => {
    how();
    await ended;
  };
  return {
    process: child,
    url: answer.url ?? '',
    error: answer.error ?? '',
    leave: end(() => child.stdin.end()),
    kill: end(() => child.kill('SIGKILL')),
  };
}

/** Process id of the server by its own pid file; undefined when it has stopped. */
export function findServerPid(home: string): number | undefined {
  const file = join(realpathSync(join(home, 'postgres')), 'data', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

export async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Somebody who is not root: undefined (ourselves) when the suite is not run by root. */
export function chooseOrdinaryUser(): ServerUser | undefined {
  return isRoot() ? chooseServerUser() : undefined;
}

/** The project's folder where `user` can read it, else a copy of it that goes with the test. */
export function toReadableProject(user: ServerUser | undefined): string {
  if (user === undefined) return projectFolder;
  const script = join(projectFolder, holderScript);
  if (spawnSync('test', ['-r', script], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0) return projectFolder;
  const copy = mkdtempSync(join(tmpdir(), 'lvsync-project-'));
  chmodSync(copy, 0o755);
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const entry of ['src', 'test', 'migrations', 'node_modules', 'package.json', 'tsconfig.json']) {
    execFileSync('cp', ['-a', join(projectFolder, entry), copy]);
  }
  return copy;
}

/**
 * The servers the suite starts for itself: an embedded Postgres in a private home and, where they are installed, a private
 * Redis and a private MariaDB on loopback. Each is watched over by the reaper (reaper.ts), a process of its own that ends them when this
 * process closes the pipe to it or dies, by Ctrl-C or kill -9 alike.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbedded } from '../../src/embedded/index.ts';
import { silentLog } from '../../src/log.ts';

export type StartedServer = { readonly url: string; readonly stop: () => Promise<void> };

/**
 * Starts a Postgres that forgets on a power cut, which is what makes it fast; the tests kill processes, not machines.
 * `extra` are settings that go before those.
 */
export async function startPostgres(extra: Readonly<Record<string, string>> = {}): Promise<StartedServer> {
  const home = mkdtempSync(join(tmpdir(), 'lvsync-suite-'));
  const isKept = process.env['LVSYNC_TEST_KEEP'] === '1';
  const reaper = isKept ? undefined : startReaper(['postgres', home]);
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
  const embedded = await openEmbedded({
    home,
    log: silentLog,
    settings: { ...settings, shared_buffers: '64MB', ...extra },
  });
  if (isKept) process.stderr.write(`The suite's Postgres stays: ${embedded.url} (home ${home})\n`);
  return { url: embedded.url, stop: async () => reaper && stopReaper(reaper) };
}

/** Starts a Redis without persistence; undefined when neither redis-server nor valkey-server is on PATH. */
export async function startRedis(): Promise<StartedServer | undefined> {
  const program = ['redis-server', 'valkey-server'].map(findOnPath).find((path) => path !== undefined);
  if (program === undefined) return undefined;
  const port = await findFreePort();
  const reaper = startReaper(['redis', program, String(port)]);
  await waitForServer('Redis', reaper, () => answers(port, 'PING\r\n', /^\+PONG/));
  return { url: `redis://127.0.0.1:${port}`, stop: () => stopReaper(reaper) };
}

export type StartedMariaDb = StartedServer & {
  /** PEM of the authority that signed its certificate, for `localhost`; undefined: it has none, for want of openssl. */
  readonly authority: string | undefined;
};

/**
 * Starts a MariaDB whose own zone, character set and strictness are not those that a client wishes for, with a user `root`
 * without a password; undefined when it is not installed.
 */
export async function startMariaDb(): Promise<StartedMariaDb | undefined> {
  const program = ['mariadbd', 'mysqld'].map(findServer).find((path) => path !== undefined);
  const installer = ['mariadb-install-db', 'mysql_install_db'].map(findOnPath).find((path) => path !== undefined);
  if (program === undefined || installer === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'lvsync-mariadb-'));
  const port = await findFreePort();
  const reaper = startReaper(['mariadb', program, installer, folder, String(port)]);
  await waitForServer('MariaDB', reaper, () => answers(port, undefined, /MariaDB/));
  const authority = join(folder, 'certificate.pem');
  return {
    url: `mysql://root@127.0.0.1:${port}/`,
    authority: existsSync(authority) ? authority : undefined,
    stop: () => stopReaper(reaper),
  };
}

/** As `findOnPath`; servers also stand where only root looks. */
function findServer(name: string): string | undefined {
  return findOnPath(name) ?? [`/usr/sbin/${name}`].find(isExecutable);
}

/** The program's path; undefined when no folder of PATH has it. */
function findOnPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** In a session of its own: Ctrl-C at the terminal must not end the one who cleans up. */
function startReaper(args: readonly string[]): ChildProcess {
  const script = fileURLToPath(new URL('reaper.ts', import.meta.url));
  const reaper = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  reaper.stdin?.on('error', () => {});
  return reaper;
}

async function stopReaper(reaper: ChildProcess): Promise<void> {
  if (reaper.exitCode !== null) return;
  const ended = once(reaper, 'exit');
  reaper.stdin?.end();
  await ended;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function waitForServer(name: string, reaper: ChildProcess, answersNow: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await answersNow())) {
    if (reaper.exitCode !== null || Date.now() > giveUpAt) throw new Error(`the private ${name} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Whether a server says what is expected: to a question, or by itself. */
function answers(port: number, question: string | undefined, expected: RegExp): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => question === undefined || socket.write(question));
    socket.once('data', (chunk) => resolve(expected.test(chunk.toString('latin1'))));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.setTimeout(1_000, () => socket.destroy());
    socket.once('data', () => socket.destroy());
  });
}

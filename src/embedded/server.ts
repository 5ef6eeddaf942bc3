/**
 * The server itself: created with initdb, started and stopped with pg_ctl, found by its postmaster.pid. It is not a
 * child of this process, so it outlives a command that is killed, and the next command finds it running.
 * What would surprise: after kill -9 of the server its pid file stays, names a process that is a zombie for a while or
 * another process's number for ever, and PostgreSQL itself then refuses to start; so the file is checked here first.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { FatalError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Area, ensureFolder } from './area.ts';
import { prepareBinaries } from './binaries.ts';
import { findProcess } from './processes.ts';
import { type CommandResult, runAs } from './server-user.ts';
import { ensureSocketFolder, removeSocketFolder, type ServerSettings, writeSettings } from './settings.ts';

/** PostgreSQL's major version in the npm packages. */
const majorVersion = '18';
/** The superuser of the cluster; whoever may enter the socket's folder may be it. */
export const serverUserName = 'lvsync';
/** How long the remains of a killed server are waited for: its last processes leave within seconds. */
const recoveryPatienceMs = 10_000;
const maxLogBytes = 1_000_000;

export type RunningServer = { readonly pid: number; readonly socketFolder: string };

/** The running server of an area; undefined when none runs. Removes a pid file that no longer names one. */
export function findServer(area: Area): RunningServer | undefined {
  const file = join(area.dataFolder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const running = findProcess(Number(lines[0]));
  const isOurs =
    running !== undefined && (running.folder === area.dataFolder || running.command.includes(area.settingsFile));
  // Safe to remove: PostgreSQL also holds a lock in shared memory that ends with the last process of the old server.
  if (!isOurs) rmSync(file, { force: true });
  return isOurs ? { pid: running.pid, socketFolder: lines[4] || area.runFolder } : undefined;
}

/** Starts the server, creating the cluster when there is none. Returns once it accepts connections. */
export async function startServer(area: Area, settings: ServerSettings, log: Log): Promise<void> {
  const programs = await prepareBinaries(area);
  assertPath(area);
  await ensureCluster(area, programs, log);
  writeSettings(area, ensureSocketFolder(area), settings);
  const giveUpAt = systemClock.now().getTime() + recoveryPatienceMs;
  for (;;) {
    const { code, output } = await runStart(area, programs);
    if (code === 0) return;
    const isOccupied = /lock file .* already exists|still in use|starting up|is being used/.test(output);
    if (!isOccupied || systemClock.now().getTime() > giveUpAt) throw toFailure('start', area, output);
    // The killed server's last processes are still leaving.
    await systemClock.sleep(100);
    findServer(area);
  }
}

/** Stops the server, cutting what is still connected to it. */
export async function stopServer(area: Area): Promise<void> {
  const programs = await prepareBinaries(area);
  const options = { folder: area.folder, dataFolder: area.dataFolder };
  const args = ['stop', '-m', 'fast', '-w', '-t', '60'];
  const { code, output } = await runAs(area.user, join(programs, 'pg_ctl'), args, options);
  if (code !== 0 && findServer(area) !== undefined) throw toFailure('stop', area, output);
  removeSocketFolder(area);
}

async function ensureCluster(area: Area, programs: string, log: Log): Promise<void> {
  const versionFile = join(area.dataFolder, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === majorVersion) return;
    throw new FatalError(
      `${area.dataFolder} was made by PostgreSQL ${version}, and this is ${majorVersion}: move it away, or set LVSYNC_HOME to a new folder.`,
      { facts: { version } },
    );
  }
  // Made aside and renamed when complete: a cluster that exists is a whole one.
  const unfinished = join(area.folder, 'data.new');
  rmSync(unfinished, { recursive: true, force: true });
  ensureFolder(unfinished, area.user);
  const args = [
    ...['-D', unfinished, '-U', serverUserName, '-E', 'UTF8', '--auth-local=trust', '--auth-host=reject'],
    ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ];
  const { code, output } = await runAs(area.user, join(programs, 'initdb'), args, { folder: '/' });
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw toFailure('create', area, output);
  }
  renameSync(unfinished, area.dataFolder);
  log.debug('embedded.created', { folder: area.folder });
}

/** One try. The log is named relative to the working folder, which spares it the shell's quoting. */
async function runStart(area: Area, programs: string): Promise<CommandResult> {
  const logFile = join(area.runFolder, 'server.log');
  const sizeBefore = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBefore > maxLogBytes) rmSync(logFile);
  const settings = `-c config_file='${area.settingsFile.replaceAll("'", "'\\''")}'`;
  const args = ['start', '-w', '-t', '60', '-l', 'server.log', '-o', settings];
  const options = { folder: area.runFolder, dataFolder: area.dataFolder };
  const { code, output } = await runAs(area.user, join(programs, 'pg_ctl'), args, options);
  if (code === 0 || !existsSync(logFile)) return { code, output };
  const written = readFileSync(logFile).subarray(sizeBefore > maxLogBytes ? 0 : sizeBefore);
  return { code, output: `${output}\n${written.toString()}` };
}

function toFailure(action: 'create' | 'start' | 'stop', area: Area, output: string): FatalError {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /error:|FATAL:|PANIC:|No space left|could not/i.test(line));
  const raw = telling.at(-1) ?? lines.filter((line) => line !== '').at(-1) ?? 'no reason given';
  const reason = raw.replace(/^.*?(?:error|FATAL|PANIC):\s*/i, '').replace(/\.$/, '');
  const remedy = /No space left|Disk quota/i.test(output)
    ? 'Free some space'
    : `See ${join(area.runFolder, 'server.log')}`;
  return new FatalError(
    `The embedded Postgres in ${area.folder} could not ${action}: ${reason}. ${remedy}, or set DATABASE_URL to another server.`,
    { facts: { action, folder: area.folder } },
  );
}

function assertPath(area: Area): void {
  if (!/[\n]/.test(area.folder)) return;
  throw new FatalError('The path of LVSYNC_HOME holds a line break: set it to another folder.');
}

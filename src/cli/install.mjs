/**
 * In a clone, installs the dependencies when they are missing or older than package-lock.json, so that one command is
 * enough after `git clone`. Plain JavaScript without dependencies, because it runs before there are any. Never in an
 * installed package. Of two processes at once, one installs and the other waits for it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pollMs = 200;

/** True in a clone of the project, false in an installed package. */
export function isClone() {
  return existsSync(join(root, 'src', 'cli', 'main.ts')) && !root.split(sep).includes('node_modules');
}

/** Installs what package-lock.json names unless that is there already. Ends the process with 1 when npm fails. */
export function ensureInstalled() {
  if (!isClone() || isInstalled()) return;
  const lock = join(tmpdir(), `lvsync-install-${process.getuid?.() ?? 0}-${toShortName(root)}`);
  while (!takeLock(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pollMs);
  try {
    if (!isInstalled()) install();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** npm writes node_modules/.package-lock.json when it has finished, so an interrupted installation does not count. */
function isInstalled() {
  const installed = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
  const wanted = statSync(join(root, 'package-lock.json'), { throwIfNoEntry: false });
  return installed !== undefined && (wanted === undefined || installed.mtimeMs >= wanted.mtimeMs);
}

function install() {
  process.stderr.write('Installing the dependencies with npm ci (once) …\n');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  const reason = error === undefined ? 'its messages above say why' : error.message;
  process.stderr.write(`The dependencies could not be installed: ${reason}. Mend that and run the command again.\n`);
  process.exitCode = 1;
  throw new InstallError();
}

/** Thrown after the reason has been printed: the lock is let go and the caller ends. */
export class InstallError extends Error {}

/** A lock whose holder is dead, or that has been empty for long, is taken over. */
function takeLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isAbandoned(file)) rmSync(file, { force: true });
    return false;
  }
}

function isAbandoned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (pid === 0) return Date.now() - statSync(file).mtimeMs > 5_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function toShortName(path) {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}

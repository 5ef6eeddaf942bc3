/**
 * One process at a time starts, joins or stops the server of a home. A lock file names its holder by process id and
 * start time, so that a holder that was killed does not lock anybody out, even when its id was given away again.
 * What would surprise: taking over a dead holder's lock is guarded by a second file, because two processes that both
 * saw the dead one could otherwise remove each other's fresh lock.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { FatalError } from '../errors.ts';
import { findProcess } from './processes.ts';

const pollMs = 25;
/** Longer than the slowest start (creating the cluster, recovering after a crash). */
const patienceMs = 180_000;
/** A lock file without a readable holder, or a take-over, older than this belongs to a process that died over it. */
const abandonedMs = 5_000;

/** Runs `work` while this process holds the lock of `home`. */
export async function withHomeLock<T>(home: string, work: () => Promise<T>): Promise<T> {
  const file = join(home, 'postgres.lock');
  const giveUpAt = systemClock.now().getTime() + patienceMs;
  while (!takeLock(file)) {
    if (systemClock.now().getTime() > giveUpAt) throw makeTimeout(file);
    await systemClock.sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file: string): boolean {
  if (createExclusively(file)) return true;
  if (!isAbandoned(file)) return false;
  const takeOver = `${file}.takeover`;
  if (!createExclusively(takeOver)) {
    if (isOlderThan(takeOver, abandonedMs)) rmSync(takeOver, { force: true });
    return false;
  }
  try {
    if (isAbandoned(file)) rmSync(file, { force: true });
    return createExclusively(file);
  } finally {
    rmSync(takeOver, { force: true });
  }
}

function createExclusively(file: string): boolean {
  try {
    const holder = { pid: process.pid, startedAt: findProcess(process.pid)?.startedAt };
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx', mode: 0o644 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(file: string): boolean {
  const holder = readHolder(file);
  if (holder === undefined) return isOlderThan(file, abandonedMs);
  return findProcess(holder.pid)?.startedAt !== holder.startedAt;
}

function readHolder(file: string): { pid: number; startedAt: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const holder = parsed as { pid?: unknown; startedAt?: unknown };
    if (typeof holder.pid !== 'number' || typeof holder.startedAt !== 'string') return undefined;
    return { pid: holder.pid, startedAt: holder.startedAt };
  } catch {
    return undefined;
  }
}

function isOlderThan(file: string, ageMs: number): boolean {
  try {
    return systemClock.now().getTime() - statSync(file).mtimeMs > ageMs;
  } catch {
    return false;
  }
}

function makeTimeout(file: string): FatalError {
  const pid = readHolder(file)?.pid;
  return new FatalError(
    `Process ${pid ?? '(unknown)'} has been busy with the embedded Postgres for ${patienceMs / 60_000} minutes; wait for it or end it, then try again.`,
    { facts: { holderPid: pid } },
  );
}

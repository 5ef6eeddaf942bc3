/**
 * What can be known of another process from its id: whether it lives, which one it is, where it works.
 * A zombie (state Z) counts as dead: it holds nothing any more, but answers `kill(pid, 0)` until its parent reaps it,
 * which in a container without an init is never. Linux is read from /proc; elsewhere `ps` is asked.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

export type LivingProcess = {
  readonly pid: number;
  /** Tells two processes apart that had the same id one after the other. */
  readonly startedAt: string;
  readonly command: string;
  /** Its working folder; undefined where that cannot be read. */
  readonly folder: string | undefined;
};

/** The process of that id; undefined when there is none or only a zombie is left. */
export function findProcess(pid: number): LivingProcess | undefined {
  return process.platform === 'linux' ? findInProc(pid) : findWithPs(pid);
}

function findInProc(pid: number): LivingProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; state is the first field behind it, the start time the twentieth.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, startedAt: fields[19] ?? '', command, folder: readFolder(pid) };
  } catch {
    return undefined;
  }
}

function readFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function findWithPs(pid: number): LivingProcess | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const match = /^(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/s.exec(line);
    if (match === null || match[1]?.startsWith('Z')) return undefined;
    return { pid, startedAt: match[2] ?? '', command: match[3] ?? '', folder: undefined };
  } catch {
    return undefined;
  }
}

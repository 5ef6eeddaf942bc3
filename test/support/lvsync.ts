/**
 * Runs `lvsync` as a user's shell would, in this process or as one of its own, against a sandbox and a database that a test gives it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject, onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { runLvsync } from './run-lvsync.ts';

const program = fileURLToPath(new URL('program.mjs', import.meta.url));
/** What a user starts in a clone: runs the sources. */
export const bin = fileURLToPath(new URL('../../src/cli/bin.mjs', import.meta.url));

type Finished = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = { readonly child: ChildProcess; readonly finished: Promise<Finished> };

type Surroundings = { readonly cwd: string; readonly env: Readonly<Record<string, string>> };

export type Workplace = {
  /** Working folder, with the config file; removed after the test. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** As a process of its own, which can be killed. */
  readonly start: (...args: string[]) => Running;
  /** In this process, which spares some seconds each time. */
  readonly run: (...args: string[]) => Promise<Finished>;
  /** Runs with --json and parses the answer; throws with stderr when there is none. */
  readonly json: <T>(...args: string[]) => Promise<{ readonly code: number | null; readonly answer: T }>;
  /** Writes a file into the folder. */
  readonly write: (name: string, text: string) => Promise<string>;
};

export type WorkplaceSetup = {
  readonly sandbox: Sandbox;
  readonly databaseUrl: string;
  /** Content of `tenants.main` in the config file. */
  readonly tenant: Record<string, unknown>;
  readonly env?: Readonly<Record<string, string>>;
};

/** A folder with a config for one tenant, `main`. */
export async function setupWorkplace(setup: WorkplaceSetup): Promise<Workplace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lvsync-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { credentials, url } = setup.sandbox;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LIVEVOX_BASE_URL: url,
    LIVEVOX_CLIENT_NAME: credentials.clientName,
    LIVEVOX_USERNAME: credentials.userName,
    LIVEVOX_PASSWORD: credentials.password,
    LIVEVOX_ACCESS_TOKEN: credentials.accessToken,
    DATABASE_URL: setup.databaseUrl,
    ...setup.env,
  };
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(folder, name), text);
    return path.join(folder, name);
  };
  await write('lvsync.config.json', JSON.stringify({ tenants: { main: setup.tenant } }));
  const start = (...args: string[]): Running => startLvsync(args, { cwd: folder, env });
  const run = (...args: string[]): Promise<Finished> => runInside(args, { cwd: folder, env });
  return {
    folder,
    env,
    start,
    run,
    write,
    json: async (...args) => {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (stdout === '') throw new Error(`lvsync ${args.join(' ')} answered nothing (${code}): ${stderr}`);
      return { code, answer: JSON.parse(stdout) };
    },
  };
}

async function runInside(args: readonly string[], surroundings: Surroundings): Promise<Finished> {
  const { code, stdout, stderr } = await runLvsync(args, surroundings);
  return { code, signal: null, stdout, stderr: stderr.map((line) => `${line}\n`).join('') };
}

/** Starts `lvsync` from the bundled sources; the process is killed when the test ends, if it still runs. */
export function startLvsync(args: readonly string[], surroundings: Surroundings): Running {
  return startNode([program, inject('program'), 'lvsync', ...args], surroundings);
}

/** Starts a worker process with shorter waits than those of `lvsync worker`; see program.mjs. */
export function startQuickWorker(
  surroundings: Surroundings,
  { lockMs, graceMs }: { readonly lockMs: number; readonly graceMs: number },
): Running {
  return startNode([program, inject('program'), 'worker', String(lockMs), String(graceMs)], surroundings);
}

/** Starts Node; the process is killed when the test ends, if it still runs. */
export function startNode(args: readonly string[], surroundings: Surroundings): Running {
  const child = spawn(process.execPath, args, { ...surroundings, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, finished };
}

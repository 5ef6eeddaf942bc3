/**
 * Runs the processes that are measured. Ours are compiled first, to what users run: plain JavaScript, without a compiler in the
 * process. Time is that of the whole process, from its start to its end. Whatever still runs is killed with the bench.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a worker is to do; the rest of it is the worker's. */
type Job = { readonly kind: string; readonly [setting: string]: unknown };

export type Ended = { readonly seconds: number; readonly output: string };

export type Workshop = {
  readonly folder: string;
  readonly spoolFolder: string;
  /** Runs a job in a process of its own; its output is JSON. */
  readonly run: <T>(
    job: Job,
  ) => Promise<{ readonly seconds: number; readonly report: T & { readonly peakRssMb: number } }>;
  /** Runs a job that is a server, until the workshop is closed. @returns the address it says on its first line */
  readonly serve: (job: Job) => Promise<string>;
  /** Ends what runs and removes the folder; synchronous, so that a signal can do it. */
  readonly close: () => void;
};

const root = fileURLToPath(new URL('../../..', import.meta.url));
const running = new Set<ChildProcess>();

/** `workerName`: a file beside the benches, without its ending. */
export async function openWorkshop(workerName = 'pull-worker'): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), 'lvsync-bench-'));
  const close = (): void => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await compile(folder, workerName);
  } catch (error) {
    close();
    throw error;
  }
  const worker = join(folder, `test/bench/${workerName}.js`);
  return {
    folder,
    spoolFolder: join(folder, 'spool'),
    close,
    run: async (job) => {
      const { seconds, output } = await runProcess(process.execPath, [worker, JSON.stringify(job)]);
      return { seconds, report: JSON.parse(output) };
    },
    serve: async (job) => {
      const child = start(process.execPath, [worker, JSON.stringify(job)], {});
      child.stderr?.pipe(process.stderr);
      const [url] = await once(createInterface({ input: child.stdout! }), 'line');
      return String(url);
    },
  };
}

async function compile(folder: string, workerName: string): Promise<void> {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const compilerOptions = {
    noEmit: false,
    outDir: folder,
    rootDir: root,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions,
    include: [join(root, `test/bench/${workerName}.ts`)],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await runProcess(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
}

/** Runs a program to its end. @throws when it fails, with the end of what it said */
export async function runProcess(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const startedAt = performance.now();
  const child = start(program, args, env);
  const said: string[] = [];
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - startedAt) / 1000;
  if (code === 0) return { seconds, output };
  throw new Error(`${program} ended with ${code}: ${`${output}${said.join('')}`.slice(-2000)}`);
}

function start(program: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/**
 * The proof of the limiter: `node --import tsx test/bench/limiter.ts`. Real processes send real requests to a server on loopback that
 * notes when each arrives; printed are the most starts in any window and the share used of what is permitted. The pattern is the one
 * that breaks fixed windows: one start, then full load from 0.93 of a window on. Takes about a minute and a half.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { closeStore, migrate, openStore } from '../../src/store/index.ts';
import { startPostgres, startRedis } from '../support/servers.ts';

const windowMs = 3_000;
const windows = 5;
const loadFromMs = 0.93 * windowMs;
const startsPerWindow = [5, 60];
const processCounts = [2, 4];

type Row = { place: string; processes: number; starts: number; most: number; used: number; requests: number };

function start(script: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return String(line);
}

async function measure(place: string, url: string, serverUrl: string, processes: number): Promise<Row[]> {
  const run = randomUUID();
  const workers = Array.from({ length: processes }, () =>
    start('limiter-worker.ts', [url, serverUrl, run, String(windowMs), startsPerWindow.join()]),
  );
  await Promise.all(workers.map(firstLine));
  const startAt = Date.now() + 200;
  const endAt = startAt + loadFromMs + windows * windowMs;
  const ended = workers.map((worker) => once(worker, 'exit'));
  workers.forEach((worker, i) => {
    worker.stdin?.end(`${JSON.stringify({ startAt, loadAt: startAt + loadFromMs, endAt, isFirst: i === 0 })}\n`);
  });
  await Promise.all(ended);
  return Promise.all(
    startsPerWindow.map(async (starts) => {
      const answer = await fetch(`${serverUrl}/arrivals/${run}-${starts}`);
      const arrivals = ((await answer.json()) as number[]).sort((a, b) => a - b);
      const most = countMost(arrivals);
      return { place, processes, starts, most, used: toShareUsed(arrivals, starts), requests: arrivals.length };
    }),
  );
}

/** The most arrivals in any half-open stretch of a window's length. */
function countMost(arrivals: readonly number[]): number {
  let most = 0;
  let first = 0;
  arrivals.forEach((at, i) => {
    while (at - (arrivals[first] ?? at) >= windowMs) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}

/** Over whole windows' worth of starts, from one window after the load began: how long they took, against how long they had to. */
function toShareUsed(arrivals: readonly number[], starts: number): number {
  const [startedAt = 0] = arrivals;
  const from = arrivals.findIndex((at) => at > startedAt + loadFromMs + windowMs / 2);
  const rounds = Math.floor((arrivals.length - 1 - from) / starts);
  const tookMs = (arrivals[from + rounds * starts] ?? Number.NaN) - (arrivals[from] ?? Number.NaN);
  return (rounds * windowMs) / tookMs;
}

function print(rows: readonly Row[]): boolean {
  process.stdout.write('| slots in | processes | limit per 3 s | most in any 3 s | share used | requests | |\n');
  process.stdout.write('| --- | --- | --- | --- | --- | --- | --- |\n');
  let isKept = true;
  for (const { place, processes, starts, most, used, requests } of rows) {
    const isRight = most <= starts && used >= 0.98;
    isKept &&= isRight;
    const cells = [
      place,
      processes,
      starts,
      most,
      `${(used * 100).toFixed(1)} %`,
      requests,
      isRight ? 'kept' : 'NOT KEPT',
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
  return isKept;
}

const server = start('limiter-server.ts', []);
const postgres = await startPostgres();
const redis = await startRedis();
try {
  const store = await openStore(postgres.url);
  await migrate(store);
  await closeStore(store);
  const serverUrl = await firstLine(server);
  const rows: Row[] = [];
  for (const processes of processCounts) {
    rows.push(...(await measure('Postgres', postgres.url, serverUrl, processes)));
    if (redis !== undefined) rows.push(...(await measure('Redis', redis.url, serverUrl, processes)));
  }
  if (redis === undefined) process.stderr.write('No redis-server on PATH: Redis was left out.\n');
  process.exitCode = print(rows) ? 0 : 1;
} finally {
  server.kill();
  await redis?.stop();
  await postgres.stop();
}

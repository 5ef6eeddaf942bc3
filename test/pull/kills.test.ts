/**
 * A pull of several windows from a real HTTP server, killed at random points until it is through. `KILLS` says how many kills there are
 * (default 8, spread over two databases); `KILL_SEED` repeats one run's points.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openRun, type Store, selectCoverage } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type CsvContact, toCsv } from './download-source.ts';

const kills = Number(process.env['KILLS'] ?? 8);
const seed = process.env['KILL_SEED'] ?? String(process.pid);
const killsPerPull = 5;

/** Three thousand contacts, changed evenly over the years, so that a pull of all is halved evenly; some rows are malformed. */
const contacts: readonly CsvContact[] = Array.from({ length: 3000 }, (_, index) => ({
  account: `A${index}`,
  firstName: `N${index * 7919}`,
  ...(index % 500 === 7 ? { active: 'maybe' } : {}),
  modifyDate: new Date(Date.UTC(2000, 0) + index * 76 * 3_600_000).toISOString(),
}));
const maxBytes = Buffer.byteLength(toCsv(contacts.slice(0, 800)));

/** Serves the contacts of a window, and remembers which windows it was asked for. */
async function serve(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  let clock = Date.UTC(2026, 2, 2, 12);
  const server = createServer((request, response) => {
    if (request.url === '/now') {
      // Each pull finds it later, so no window of new time is like another.
      clock += 10_000;
      return void response.end(new Date(clock).toISOString());
    }
    const bounds = new URL(request.url ?? '', 'http://localhost').searchParams;
    asked.push(`${bounds.get('from')}…${bounds.get('until')}`);
    const from = Number(bounds.get('from') || 0);
    const until = Number(bounds.get('until') || Number.POSITIVE_INFINITY);
    const inside = contacts.filter(({ modifyDate = '' }) => {
      const changedAt = Date.parse(modifyDate);
      return changedAt >= from && changedAt <= until;
    });
    response.writeHead(200, { 'content-type': 'text/csv' });
    response.end(toCsv(inside));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

function startPull(args: readonly string[]): ChildProcess {
  const script = `${inject('program')}/test/pull/pull-process.js`;
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Where everything is: what the mirror shows, what was quarantined, what is covered. */
async function selectState(store: Store): Promise<unknown> {
  const mirror = await store.pool.query(
    `select count(*)::int as contacts, md5(string_agg(account || ' ' || first_name || ' ' || modify_date, ',' order by account)) as hash
       from mirror.contacts`,
  );
  const quarantined = await store.pool.query(`select distinct account, reason from sync.quarantine order by 1`);
  const { gaps, intervals } = await selectCoverage(store.pool, 'acme');
  return {
    mirror: mirror.rows,
    quarantined: quarantined.rows,
    gaps,
    startsAt: intervals.map(({ startsAt }) => startsAt),
  };
}

async function selectLeftovers(store: Store, spool: string): Promise<string[]> {
  const tables = await store.pool.query<{ relname: string }>(
    `select relname from pg_class where relname like 'stage\\_%' order by 1`,
  );
  return [...tables.rows.map(({ relname }) => relname), ...(await readdir(spool).catch(() => []))];
}

/** Windows whose bytes lie whole in the spool folder and are not merged yet, as the server names them. */
async function selectWhole(store: Store, spool: string): Promise<string[]> {
  const files = (await readdir(spool).catch(() => [])).filter((name) => name.endsWith('.download'));
  const ids = files.map((name) => name.slice(37, -'.download'.length));
  const found = await store.pool.query<{ starts: string | null; ends: string | null }>(
    `select (extract(epoch from starts_at) * 1000)::bigint::text as starts, (extract(epoch from ends_at) * 1000)::bigint::text as ends
       from sync.downloads where id = any($1::bigint[]) and state in ('asked', 'landed')`,
    [ids],
  );
  return found.rows.map(({ starts, ends }) => `${starts ?? ''}…${ends ?? ''}`);
}

type Ended = { readonly isThrough: boolean; readonly tookMs: number };

/** Runs a pull; kills it after `killAfterMs` from its beginning, if it lives so long. */
async function runPull(
  { store, url }: { readonly store: Store; readonly url: string },
  spool: string,
  source: string,
  killAfterMs?: number,
): Promise<Ended> {
  const runId = await openRun(store, { tenant: 'acme', kind: 'pull', startedFrom: 'command' });
  const child = startPull([url, runId, spool, source, 'nowhere', String(maxBytes)]);
  const gone = once(child, 'exit');
  await Promise.race([once(child.stdout ?? child, 'data'), gone]);
  const begunAt = performance.now();
  if (killAfterMs !== undefined) {
    await Promise.race([wait(killAfterMs), gone]);
    child.kill('SIGKILL');
  }
  const [code] = await gone;
  return { isThrough: code === 0, tookMs: performance.now() - begunAt };
}

/** A number from 0 to 1 that a name decides. */
function roll(name: string): number {
  return createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE() / 2 ** 32;
}

describe('a pull of several windows, killed again and again', () => {
  it(`ends like one that nobody disturbed, and asks for nothing again that had landed whole (${kills} kills, seed ${seed})`, async () => {
    const server = await serve();
    const undisturbed = await setupDatabase();
    const calm = await runPull(undisturbed, join(await setupFolder(), 'spool'), server.url);
    expect(calm.isThrough).toBe(true);
    expect(server.asked.length).toBeGreaterThan(6);
    const wanted = await selectState(undisturbed.store);

    let killed = 0;
    let found = 0;
    for (let round = 0; killed < kills; round += 1) {
      const database = await setupDatabase();
      const spool = join(await setupFolder(), 'spool');
      for (let turn = 0; turn < killsPerPull && killed < kills; turn += 1) {
        const whole = await selectWhole(database.store, spool);
        found += whole.length;
        server.asked.length = 0;
        const { isThrough } = await runPull(database, spool, server.url, roll(`${round} ${turn}`) * calm.tookMs);
        expect(server.asked.filter((window) => whole.includes(window))).toEqual([]);
        if (isThrough) break;
        killed += 1;
      }
      const whole = await selectWhole(database.store, spool);
      server.asked.length = 0;
      expect(await runPull(database, spool, server.url)).toMatchObject({ isThrough: true });
      expect(server.asked.filter((window) => whole.includes(window))).toEqual([]);
      expect(await selectState(database.store)).toEqual(wanted);
      expect(await selectLeftovers(database.store, spool)).toEqual([]);
    }
    // With a few kills none may have hit the time between the landing and the merge.
    if (kills >= 100) expect(found).toBeGreaterThan(kills / 20);
  }, 3_600_000);
});

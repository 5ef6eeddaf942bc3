import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { pull } from '../../src/pull/pull.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { makeFakeLiveVox, setupPull, toCsv } from './download-source.ts';

const before = toCsv([{ account: 'A1', firstName: 'Ann' }, { account: 'A2' }]);
const after = toCsv([
  { account: 'A1', firstName: 'Anne' },
  { account: 'A2' },
  { account: 'A3' },
  { account: 'B', active: 'maybe' },
]);

/** Everything a pull writes, without what differs between two runs of the same. */
async function selectState(store: Store): Promise<unknown> {
  const contacts = await store.pool.query(`select account, first_name from mirror.contacts order by account`);
  const coverage = await store.pool.query(
    `select count(*)::int as merges, count(distinct sha256)::int as downloads from sync.coverage`,
  );
  const quarantine = await store.pool.query(`select account, reason from sync.quarantine`);
  return { contacts: contacts.rows, coverage: coverage.rows, quarantine: quarantine.rows };
}

async function selectLeftovers(store: Store, spool: string): Promise<string[]> {
  const tables = await store.pool.query<{ relname: string }>(
    `select relname from pg_class where relname like 'stage\\_%' order by 1`,
  );
  return [...tables.rows.map((row) => row.relname), ...(await readdir(spool))];
}

function startPull(args: readonly string[]): ChildProcess {
  const script = `${inject('program')}/test/pull/pull-process.js`;
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function waitForMergeToWait(store: Store): Promise<void> {
  for (;;) {
    const waiting = await store.pool.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into sync.coverage%'`,
    );
    if (waiting.rowCount === 1) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Until the server has noticed that the killed process is gone: what it was about to make comes into being before that. */
async function waitUntilAlone({ pool }: Store): Promise<void> {
  const sql = `select count(*)::int as sessions from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`;
  await expect
    .poll(async () => (await pool.query<{ sessions: number }>(sql)).rows[0]?.sessions, { timeout: 20_000 })
    .toBe(pool.totalCount);
}

describe('pull, killed', () => {
  it.each(['bytes landed', 'rows staged', 'merging', 'pull.merged'])(
    'at "%s": the mirror is as before or after, and the next pull ends in the same state with nothing left over',
    async (stopAt) => {
      const { store, url } = await setupDatabase();
      const folder = await setupFolder({ 'after.csv': after });
      const spool = join(folder, 'spool');
      const first = await setupPull(store, makeFakeLiveVox([before]), spool);
      await pull(first.deps, first.input);
      const stateBefore = await selectState(store);

      const killed = await setupPull(store, makeFakeLiveVox([]), spool);
      const child = startPull([url, killed.input.runId, spool, join(folder, 'after.csv'), stopAt]);
      if (stopAt === 'merging') {
        const holder = await store.pool.connect();
        await holder.query('begin');
        await holder.query('lock table sync.coverage in share mode');
        await waitForMergeToWait(store);
        await kill(child);
        await holder.query('rollback');
        holder.release();
      } else {
        await once(child.stdout ?? child, 'data');
        await kill(child);
        await waitUntilAlone(store);
      }
      if (stopAt !== 'pull.merged') expect(await selectState(store)).toEqual(stateBefore);
      expect(await selectLeftovers(store, spool)).not.toEqual([]);
      const whole = (await readdir(spool)).filter((name) => name.endsWith('.download')).length;
      if (stopAt !== 'rows staged') expect(whole).toBe(stopAt === 'merging' ? 1 : 0);

      const again = await setupPull(store, makeFakeLiveVox([after]), spool);
      expect(await pull(again.deps, { ...again.input, window: { kind: 'full' } })).toMatchObject({
        windows: 1 + whole,
        rows: 4 * (1 + whole),
        quarantined: 1 + whole,
      });
      expect(await selectState(store)).toMatchObject({
        contacts: [
          { account: 'A1', first_name: 'Anne' },
          { account: 'A2', first_name: null },
          { account: 'A3', first_name: null },
        ],
        coverage: [{ merges: (stopAt === 'pull.merged' ? 3 : 2) + whole, downloads: 2 }],
      });
      expect(await selectLeftovers(store, spool)).toEqual([]);
    },
  );
});

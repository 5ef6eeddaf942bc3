/** `lvsync sweep` against the sandbox, in processes of its own. */
import { describe, expect, it } from 'vitest';
import type { Dialect, Sandbox } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import {
  addFaults,
  clearFaults,
  fetchAllContacts,
  putContact,
  setupSandbox,
  waitForRequest,
} from '../support/sandbox-admin.ts';

type Answer = {
  readonly state: string;
  readonly message: string;
  readonly steps: readonly { step: string; state: string; counts: Record<string, number> }[];
  readonly error?: { problems: string[] };
};

type House = { readonly sandbox: Sandbox; readonly store: Store; readonly place: Workplace };

async function setup(options: { dialect?: Partial<Dialect>; sweep?: Record<string, unknown> } = {}): Promise<House> {
  const sandbox = await setupSandbox({ contacts: 60, dialect: options.dialect });
  const { url, store } = await setupDatabase();
  const sweep = { independentAfterMinutes: 0, chunkRows: 20, ...options.sweep };
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { sweep, pull: { overlapMinutes: 0, windows: options.dialect?.bounds === 'days' ? 'days' : 'instants' } },
  });
  return { sandbox, store, place };
}

async function sweep(place: Workplace, ...args: string[]): Promise<Record<string, number>> {
  const { code, answer } = await place.json<Answer>('sweep', ...args);
  expect([code, answer.error]).toEqual([0, undefined]);
  return answer.steps.find(({ step }) => step === 'sweep')?.counts ?? {};
}

async function selectAccounts(store: Store, sql: string): Promise<string[]> {
  return (await store.pool.query<{ account: string }>(sql)).rows.map(({ account }) => account);
}

async function purge(sandbox: Sandbox, account: string): Promise<void> {
  const answer = await fetch(`${sandbox.url}/sandbox/contacts/${encodeURIComponent(account)}`, { method: 'DELETE' });
  expect(answer.status).toBe(204);
}

const tombstones = `select account from mirror.contacts where tombstoned_at is not null`;

describe('lvsync sweep', () => {
  it.each<Partial<Dialect>>([{}, { modifyDate: 'epoch', lineEnd: 'crlf' }, { modifyDate: 'day', bounds: 'days' }])(
    'marks what two sweeps miss and restores what comes back, in dialect %j',
    async (dialect) => {
      const { sandbox, store, place } = await setup({ dialect });
      expect(await sweep(place)).toMatchObject({ mirrorRows: 60, present: 60, absent: 0, drifted: 0 });
      const [account = ''] = await fetchAllContacts(sandbox).then((all) => all.keys());
      await purge(sandbox, account);
      expect(await sweep(place)).toMatchObject({ present: 59, absent: 1, tombstoned: 0, vanished: 1, drifted: 1 });
      expect(await sweep(place)).toMatchObject({ present: 59, absent: 1, tombstoned: 1, drifted: 0 });
      expect(await selectAccounts(store, tombstones)).toEqual([account]);
      await putContact(sandbox, account, { firstName: 'Nora' });
      expect(await sweep(place)).toMatchObject({ mirrorRows: 60, present: 60, absent: 0, drifted: 0 });
      expect(await selectAccounts(store, tombstones)).toEqual([]);
    },
  );

  it('a purge in the middle of a sweep marks at most what is gone', async () => {
    const { sandbox, store, place } = await setup();
    await sweep(place);
    // The first download of a run is the pull's.
    await addFaults(sandbox, { route: 'bulk-download', kind: 'purge', contacts: 3, nth: 3 });
    await sweep(place);
    await clearFaults(sandbox);
    await sweep(place);
    const left = await fetchAllContacts(sandbox);
    expect(left.size).toBe(57);
    expect((await selectAccounts(store, tombstones)).filter((account) => left.has(account))).toEqual([]);
  });

  it('a late commit is found, told with its cause, and repaired in the same run', async () => {
    const { sandbox, store, place } = await setup();
    await sweep(place);
    // Changed a moment before the pull looked, seen only afterwards.
    await putContact(sandbox, 'LATE', { firstName: 'Nora', modifyDate: '2020-02-02T10:00:00Z' });
    const { code, answer } = await place.json<Answer>('sweep');
    expect([code, answer.message]).toEqual([
      0,
      'proven: 60 contacts compared, 0 not found, 0 marked as gone; drift 166.67 per 10,000',
    ]);
    expect(answer.steps.at(-1)?.counts).toMatchObject({ lateCommit: 1, drifted: 1, repaired: 1 });
    expect(await selectAccounts(store, `select account from mirror.contacts where first_name = 'Nora'`)).toContain(
      'LATE',
    );
    expect(await sweep(place)).toMatchObject({ mirrorRows: 61, present: 61, drifted: 0 });
  });

  it('a rolling sweep finds values that moved without their modifyDate, and repairs them', async () => {
    const { sandbox, store, place } = await setup({ sweep: { slices: 2 } });
    await sweep(place);
    const [row] = (
      await store.pool.query<{ account: string; at: Date }>(
        `select account, modify_date as at from mirror.contacts order by modify_date limit 1`,
      )
    ).rows;
    await putContact(sandbox, row?.account ?? '', { city: 'Silentville', modifyDate: row?.at.toISOString() ?? '' });
    const { code, answer } = await place.json<Answer>('sweep', '--slice', '0');
    expect(code).toBe(0);
    expect(answer.steps.at(-1)?.counts).toMatchObject({ silentChange: 1, drifted: 1, repaired: 1, absent: 0 });
    expect(await selectAccounts(store, `select account from mirror.contacts where city = 'Silentville'`)).toEqual([
      row?.account,
    ]);
    expect(await sweep(place, '--rolling')).toMatchObject({ drifted: 0 });
    const { code: wrong, stderr } = await place.run('sweep', '--slice', '2');
    expect([wrong, stderr.trim()]).toEqual([
      2,
      'lvsync: --slice 2 is too high: there are 2 slices (sweep.slices), numbered from 0.',
    ]);
  });

  it('too many missing: exit 3, nothing marked, and --max-vanished-percent lets it through', async () => {
    const { sandbox, store, place } = await setup();
    await sweep(place);
    for (const account of [...(await fetchAllContacts(sandbox)).keys()].slice(0, 6)) await purge(sandbox, account);
    const held = await place.run('sweep');
    expect([held.code, held.stderr.trim().split('\n').at(-1)]).toEqual([
      3,
      'lvsync: 6 of 60 contacts are missing in LiveVox (10.00 %, more than 1 %), so nothing was marked: if they were really deleted, run lvsync sweep --max-vanished-percent 10.',
    ]);
    expect(await selectAccounts(store, `select account from sync.absences`)).toEqual([]);
    const runs = await store.pool.query(`select state from sync.runs order by started_at desc limit 1`);
    expect(runs.rows).toEqual([{ state: 'held' }]);
    expect(await sweep(place, '--max-vanished-percent', '10')).toMatchObject({ absent: 6 });
  });

  it('answers that are cut, refused or not whole are asked for again', async () => {
    const { sandbox, place } = await setup();
    await sweep(place);
    await addFaults(
      sandbox,
      { route: 'bulk-download', kind: 'truncate', look: 'complete', afterBytes: 100, nth: 2 },
      { route: 'bulk-download', kind: 'truncate', look: 'cut', afterBytes: 100, nth: 4 },
      { route: 'bulk-download', kind: 'status', status: 500, nth: 6 },
    );
    expect(await sweep(place)).toMatchObject({ present: 60, absent: 0, drifted: 0 });
  });

  it('killed in the middle, the next sweep works and leaves nothing behind', async () => {
    const { sandbox, store, place } = await setup();
    await sweep(place);
    await addFaults(sandbox, { route: 'bulk-download', kind: 'hang', nth: 3 });
    const killed = place.start('sweep');
    await waitForRequest(sandbox, 'bulk-download', ({ faults = [] }) => faults.includes('hang'));
    killed.child.kill('SIGKILL');
    await killed.finished;
    await clearFaults(sandbox);
    expect(await selectAccounts(store, tables)).not.toEqual([]);
    expect(await sweep(place)).toMatchObject({ present: 60, absent: 0 });
    expect(await selectAccounts(store, tables)).toEqual([]);
    const sweeps = await store.pool.query<{ state: string }>(`select state from sync.sweeps order by id`);
    expect(sweeps.rows.map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
  });
});

const tables = `select relname as account from pg_class where relname like 'sweep\\_%'`;

/** `lvsync reconcile`, as a process. */
import { expect, test } from 'vitest';
import { type NightlyPlace, setupNightly } from '../jobs/nightly-setup.ts';
import { startLvsync } from '../support/lvsync.ts';

function run({ folder, env }: NightlyPlace, ...args: string[]) {
  const surroundings = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env } };
  return startLvsync(['reconcile', ...args], surroundings).finished;
}

test('it can be left to a worker, and wrong usage is one sentence', async () => {
  const place = await setupNightly('postgres', [{ name: 'acme' }], { contacts: 12 });
  const queued = await run(place, '--accounts', 'A-1,A-2', '--queue', '--json');
  expect([queued.code, JSON.parse(queued.stdout)]).toEqual([0, { job: expect.stringMatching(/^reconcile-acme-/) }]);
  const { rows } = await place.database.store.pool.query('select tenant, accounts, apply from sync.reconciles');
  expect(rows).toEqual([{ tenant: 'acme', accounts: ['A-1', 'A-2'], apply: false }]);
  const both = await run(place, '--accounts', 'A-1', '--where', 'active');
  expect([both.code, both.stderr.trim()]).toEqual([
    2,
    'lvsync: --accounts and --where exclude one another; give one of them.',
  ]);
  const none = await run(place, '--where', 'active');
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('--where holds for no contact of the mirror')]);
});

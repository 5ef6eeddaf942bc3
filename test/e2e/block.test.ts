/** Somebody says stop: blocked at once, whatever else goes on, and proven. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { block } from '../../src/diff/diff.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { openRun, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import {
  addFaults,
  clearFaults,
  fetchAllContacts,
  fetchLog,
  putContact,
  setupSandbox,
  waitForRequest,
} from '../support/sandbox-admin.ts';

type Answer = {
  readonly state: string;
  readonly message: string;
  readonly steps: readonly { counts: Record<string, number> }[];
};
type Bundle = { readonly sandbox: Sandbox; readonly store: Store; readonly place: Workplace };

const said = ['--by', 'Ann Lee', '--reason', 'said stop'] as const;

async function setup(settings: Record<string, unknown> = {}): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 0 });
  await putContact(sandbox, 'A1', { phone1: '2015550101', phone2: '2015550102' });
  await putContact(sandbox, 'A2', { phone3: '2015550101', lastName: 'Old' });
  await putContact(sandbox, 'A3', { phone1: '2015550103', phone1Block: 'true' });
  const { url, store } = await setupDatabase();
  const mapping = { account: 'id', lastName: 'last' };
  const systemsOfRecord = { crm: { kind: 'csv', path: 'record.csv', mapping } };
  const place = await setupWorkplace({ sandbox, databaseUrl: url, tenant: { systemsOfRecord, ...settings } });
  expect((await place.run('pull')).code).toBe(0);
  return { sandbox, store, place };
}

describe('lvsync block', () => {
  it('blocks accounts, and numbers wherever they are, and says who asked for it', async () => {
    const { sandbox, store, place } = await setup();
    await place.write('stops.txt', '(201) 555-0101\n\n2015550103\n');
    const { code, answer } = await place.json<Answer>(
      'block',
      '--account',
      'A2',
      '--numbers-file',
      'stops.txt',
      ...said,
    );
    expect([code, answer.message]).toEqual([
      0,
      'proven: 2 of 3 contacts had to be blocked, 1 blocked before and again',
    ]);
    const contacts = await fetchAllContacts(sandbox);
    expect(contacts.get('A1')).toMatchObject({ phone1Block: 'true', accountBlock: 'false' });
    expect(contacts.get('A1')?.['phone2Block']).not.toBe('true');
    expect(contacts.get('A2')).toMatchObject({ phone3Block: 'true', accountBlock: 'true', lastName: 'Old' });
    const audit = await store.pool.query(`select actor, action, detail from sync.audit order by id`);
    expect(audit.rows[0]).toEqual({ actor: 'Ann Lee', action: 'blocked', detail: '3 contacts: said stop' });
    expect((await place.json<Answer>('block', '--account', 'A2', ...said)).answer.message).toBe(
      'proven: 0 of 1 contact had to be blocked, 1 blocked before and again',
    );
  });

  it('names in numbers who is not there, and blocks the others', async () => {
    const { sandbox, place } = await setup();
    const blocked = await place.json<Answer>('block', '--account', 'A1', 'A9', '--number', '2015550199', ...said);
    expect([blocked.code, blocked.answer.message]).toEqual([
      4,
      'not proven: 1 of 1 contact had to be blocked; 1 account that LiveVox does not show; 1 number that no contact carries',
    ]);
    expect((await fetchAllContacts(sandbox)).get('A1')).toMatchObject({ accountBlock: 'true' });
  });

  it('blocks again whom only the mirror shows blocked, and keeps on record who asked for nobody', async () => {
    const { sandbox, store, place } = await setup();
    await putContact(sandbox, 'A3', { phone1: '2015550103', phone1Block: 'false' });
    const { code, answer } = await place.json<Answer>('block', '--number', '2015550103', ...said);
    expect((await fetchAllContacts(sandbox)).get('A3')).toMatchObject({ phone1Block: 'true' });
    expect([code, answer.message]).toEqual([0, 'proven: 0 of 1 contact had to be blocked, 1 blocked before and again']);
    expect((await place.run('block', '--account', 'A9', ...said)).code).toBe(4);
    const audit = await store.pool.query(`select detail from sync.audit where action = 'blocked' order by id`);
    expect(audit.rows.map(({ detail }) => detail)).toEqual(['1 contacts: said stop', '0 contacts: said stop']);
  });

  it('does not wait for the run under way', async () => {
    const { sandbox, store, place } = await setup();
    await place.write('record.csv', 'id,last\nA1,New\nA2,New\nA3,New\n');
    await addFaults(sandbox, { route: 'bulk-update', kind: 'latency', ms: 10_000 });
    const sync = place.start('sync');
    await waitForRequest(sandbox, 'bulk-update', (entry) => entry.status === null);
    const block = await place.json<Answer>('block', '--account', 'A3', ...said);
    expect([block.code, block.answer.state]).toEqual([0, 'proven']);
    expect((await sync.finished).code).toBe(0);
    const runs = await store.pool.query(`select kind, state from sync.runs where kind <> 'pull' order by started_at`);
    expect(runs.rows).toEqual([
      { kind: 'sync', state: 'proven' },
      { kind: 'block', state: 'proven' },
    ]);
    const log = await fetchLog(sandbox);
    const update = log.find(({ route }) => route === 'bulk-update')!;
    const dnd = log.find(({ route }) => route === 'multi-dnd')!;
    expect(dnd.at).toBeLessThan(update.at + update.durationMs!);
    expect((await fetchAllContacts(sandbox)).get('A3')).toMatchObject({ accountBlock: 'true', lastName: 'New' });
  });

  it('finds a number where a plan has moved it, or brought it, though the mirror does not show it yet', async () => {
    const { sandbox, store, place } = await setup();
    await place.write('record.csv', 'id,last,p1,p2\nA1,One,2015550102,2015550101\nA4,Four,2015550101,\n');
    const mapping = { account: 'id', lastName: 'last', phone1: 'p1', phone2: 'p2' };
    const guards = { hazards: { shifts_ordinals: 9 } };
    const systemsOfRecord = { crm: { kind: 'csv', path: 'record.csv', mapping } };
    await place.write('lvsync.config.json', JSON.stringify({ tenants: { main: { systemsOfRecord, guards } } }));
    await addFaults(sandbox, { route: 'bulk-download', kind: 'status', status: 400 });
    // A process reads its configuration once.
    const run = (...args: string[]) => place.start(...args).finished;
    expect((await run('plan')).code).toBe(0);
    const [plan] = (await store.pool.query(`select id from sync.change_sets`)).rows;
    expect((await run('apply', plan.id)).code).not.toBe(0);
    expect((await fetchAllContacts(sandbox)).get('A1')).toMatchObject({ phone2: '2015550101' });
    await clearFaults(sandbox);
    await run('block', '--number', '2015550101', ...said);
    const contacts = await fetchAllContacts(sandbox);
    expect(contacts.get('A1')).toMatchObject({ phone2: '2015550101', phone2Block: 'true' });
    expect(contacts.get('A4')).toMatchObject({ phone1: '2015550101', phone1Block: 'true' });
  }, 60_000);

  it('does not wait for the pull of the run under way', async () => {
    const { sandbox, store, place } = await setup();
    await place.write('record.csv', 'id,last\nA1,New\n');
    await addFaults(sandbox, { route: 'bulk-download', kind: 'latency', ms: 12_000, nth: 1 });
    const sync = place.start('sync');
    await waitForRequest(sandbox, 'bulk-download', (entry) => entry.status === null);
    const block = place.start('block', '--account', 'A3', ...said);
    await waitForRequest(sandbox, 'multi-dnd', (entry) => entry.status === 200);
    const steps = await store.pool.query(
      `select step, state from sync.run_steps where state = 'running' order by step`,
    );
    expect(steps.rows).toContainEqual({ step: 'pull', state: 'running' });
    expect((await block.finished).code).toBe(0);
    expect((await sync.finished).code).toBe(0);
    expect((await fetchAllContacts(sandbox)).get('A3')).toMatchObject({ accountBlock: 'true' });
  }, 60_000);

  it('is delivered by the next run, however long it waited and whatever holds the plan of that run', async () => {
    const { sandbox, store, place } = await setup({ guards: { maxUpdates: 0 } });
    const runId = await openRun(store, { tenant: 'main', kind: 'block', startedFrom: 'command' });
    const wanted = { accounts: ['A1'], numbers: [], by: 'Ann Lee', reason: 'said stop' };
    await block({ store, clock: systemClock }, { tenant: 'main', runId, timeZone: 'America/New_York', wanted });
    await store.pool.query(`update sync.change_sets set created_at = created_at - interval '40 days'`);
    await place.write('record.csv', 'id,last\nA2,New\n');
    expect((await place.run('sync')).code).toBe(3);
    const contacts = await fetchAllContacts(sandbox);
    expect(contacts.get('A1')).toMatchObject({ accountBlock: 'true' });
    expect(contacts.get('A2')).toMatchObject({ lastName: 'Old' });
    const plans = await store.pool.query(`select urgent, state from sync.change_sets order by urgent`);
    expect(plans.rows).toEqual([
      { urgent: false, state: 'held' },
      { urgent: true, state: 'proven' },
    ]);
  });

  it('wrong usage exits 2 with one sentence, and starts nothing', async () => {
    const { place } = await setup();
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [said, 'Nobody is named; give --account, --number, --accounts-file or --numbers-file.'],
      [['--number', '555', ...said], 'The 1. number is none that can be dialled; correct it, nobody was blocked.'],
      [['--account', 'A1', '--by', 'Ann', '--reason', ' '], '--by and --reason must say who blocks, and why.'],
      [['--accounts-file', 'none.txt', ...said], expect.stringMatching(/^The file cannot be read: .*none\.txt/)],
    ];
    for (const [words, sentence] of wrong) {
      const { code, stderr } = await place.run('block', ...words);
      expect([code, stderr.trim().replace('lvsync: ', '')]).toEqual([2, sentence]);
    }
  });
});

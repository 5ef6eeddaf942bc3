/** What a run says, and exits with, when something is not as it should be: held, not proven, failed, wrong configuration. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace, type WorkplaceSetup } from '../support/lvsync.ts';
import {
  addFaults,
  clearFaults,
  fetchAllContacts,
  fetchLog,
  putContact,
  setupSandbox,
} from '../support/sandbox-admin.ts';

type Bundle = { readonly sandbox: Sandbox; readonly store: Store; readonly place: Workplace };

type Answer = {
  readonly state: string;
  readonly message: string;
  readonly changeSetId: string;
  readonly differencesLeft: number;
  readonly tally: Record<string, number>;
  readonly steps: readonly { step: string; state: string; counts: Record<string, number> }[];
  readonly unproven: readonly Record<string, unknown>[];
  readonly quarantined: { rows: number; first: { line: string; account: string | null; reason: string }[] };
};

const mapping = {
  account: 'id',
  firstName: 'first',
  balance: 'balance',
  phone1: 'phone',
  phone1Block: 'stop',
  accountBlock: 'dnc',
};

async function setup(
  options: { sandbox?: SandboxOptions; tenant?: Record<string, unknown>; env?: WorkplaceSetup['env'] } = {},
): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 50, ...options.sandbox });
  const { url, store } = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: {
      systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping } },
      push: { settleSeconds: 0.2 },
      ...options.tenant,
    },
    env: options.env,
  });
  return { sandbox, store, place };
}

/** A record of rows `id,first,balance,phone,stop,dnc`. */
function record(place: Workplace, ...rows: string[]): Promise<string> {
  return place.write('record.csv', `id,first,balance,phone,stop,dnc\n${rows.join('\n')}\n`);
}

/** Blank cells for phone, stop and dnc would clear the phone; these rows speak for a name alone. */
const names = { account: 'id', firstName: 'first' };
const namesTenant = { systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping: names } } };

describe('lvsync sync', () => {
  it('exits 0 and says proven when every change was read back', async () => {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', { firstName: 'Old', phone1: '2025550101', active: 'true' });
    await record(place, 'X1,New,10.50,2025550101,yes,', 'N1,Ann,1,2025550102,,yes');
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.state, answer.message]).toEqual([0, 'proven', 'proven: 0 differences left']);
    const contacts = await fetchAllContacts(sandbox);
    expect(contacts.get('X1')).toMatchObject({
      firstName: 'New',
      balance: '10.5',
      phone1Block: 'true',
      active: 'true',
    });
    expect(contacts.get('N1')).toMatchObject({
      firstName: 'Ann',
      phone1: '2025550102',
      accountBlock: 'true',
      active: 'true',
    });
  });

  it('exits 0 with nothing sent when nothing differs, and the second run sends nothing', async () => {
    const { sandbox, place } = await setup({ tenant: namesTenant });
    await putContact(sandbox, 'X1', { firstName: 'Ann' });
    await place.write('record.csv', 'id,first\nX1,Ann\n');
    expect((await place.json<Answer>('sync')).answer.message).toBe('proven: 0 differences left');
    expect((await place.json<Answer>('sync')).answer.message).toBe('proven: 0 differences left');
    const writes = (await fetchLog(sandbox)).filter((entry) =>
      /bulk-create|bulk-update|multi-dnd/.test(entry.route ?? ''),
    );
    expect(writes).toEqual([]);
  });

  it('exits 4 and names the row when LiveVox says it took all and dropped one', async () => {
    const { sandbox, place } = await setup({ tenant: namesTenant });
    for (const account of ['X1', 'X2']) await putContact(sandbox, account, { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\nX2,New\n');
    await addFaults(sandbox, { route: 'bulk-update', kind: 'drop-rows', every: 2 });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.state, answer.message]).toEqual([
      4,
      'not_proven',
      `not proven: 1 difference left (1 sent but not taken); lvsync show ${answer.changeSetId} --state not_taken lists them`,
    ]);
    const shown = await place.run('show', answer.changeSetId, '--state', 'not_taken');
    expect(shown.stdout).toMatch(/^X2 +update +not_taken +.*firstName/m);
    expect(shown.stdout).not.toMatch(/^X1 /m);
    expect(answer.unproven).toEqual([
      {
        account: 'X2',
        operation: 'update',
        fields: ['firstName'],
        state: 'not_taken',
        because: 'sent, but LiveVox shows what was there before',
      },
    ]);
    await clearFaults(sandbox);
    expect((await place.json<Answer>('sync')).code).toBe(0);
  });

  it('never lifts one block of a person when the other one, sent before, was not confirmed', async () => {
    const { sandbox, place } = await setup({
      tenant: {
        systemsOfRecord: {
          crm: {
            kind: 'csv',
            path: 'record.csv',
            mapping: { account: 'id', accountBlock: 'dnc', accountBlockDaily: { column: 'today', owner: 'record' } },
          },
        },
      },
    });
    await putContact(sandbox, 'X1', { accountBlockDaily: true });
    await place.write('record.csv', 'id,dnc,today\nX1,yes,no\n');
    await addFaults(sandbox, { route: 'multi-dnd', kind: 'drop-rows', every: 1 });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.tally['leftOut'], answer.tally['notTaken']]).toEqual([4, 1, 1]);
    expect((await fetchLog(sandbox, 'multi-dnd')).length).toBe(1);
    await clearFaults(sandbox);
    expect((await place.json<Answer>('sync')).code).toBe(0);
    expect((await fetchAllContacts(sandbox)).get('X1')).toMatchObject({
      accountBlock: 'true',
      accountBlockDaily: 'false',
    });
  });

  it('exits 4 when an answer was lost, the change is not there and may not be repeated; the next sync mends it', async () => {
    const { sandbox, place } = await setup({ tenant: { ...namesTenant, push: { repeats: 0, settleSeconds: 0.2 } } });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    await addFaults(sandbox, { route: 'bulk-update', kind: 'reset-before', nth: 1 });
    expect((await place.json<Answer>('sync')).answer).toMatchObject({ state: 'not_proven', tally: { notTaken: 1 } });
    expect((await place.json<Answer>('sync')).answer).toMatchObject({ state: 'proven', differencesLeft: 0 });
  });

  it('exits 0 when an answer was lost and the read-back shows the change', async () => {
    const { sandbox, place } = await setup({ tenant: namesTenant });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\nN1,Ann\n');
    await addFaults(
      sandbox,
      { route: 'bulk-update', kind: 'reset-after', nth: 1 },
      { route: 'bulk-create', kind: 'reset-after', nth: 1 },
    );
    expect(await place.json<Answer>('sync')).toMatchObject({
      code: 0,
      answer: { state: 'proven', differencesLeft: 0 },
    });
  });

  it('is proven when a change was refused and has the vendor’s words on record', async () => {
    const { sandbox, place, store } = await setup({ tenant: { ...namesTenant, push: { singleContact: 'never' } } });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    await addFaults(sandbox, {
      route: 'bulk-update',
      kind: 'status',
      status: 400,
      body: { code: 202, message: 'Missing required field' },
    });
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.message]).toEqual([0, 'proven: 1 difference left (1 refused: lvsync dead list)']);
    const letters = await store.pool.query(`select account, message from sync.dead_letters`);
    expect(letters.rows).toEqual([{ account: 'X1', message: expect.stringContaining('Missing required field') }]);
    const chunks = await store.pool.query(`select state, message from sync.chunks`);
    expect(chunks.rows).toEqual([{ state: 'refused', message: expect.stringContaining('Missing required field') }]);
  });

  it('sends nothing more once one of several requests in flight has failed, and knows what became of the others', async () => {
    const { sandbox, place, store } = await setup({
      tenant: { ...namesTenant, inFlight: { 'Bulk Create Contact': 2 }, push: { chunkRows: 1 } },
    });
    await place.write('record.csv', 'id,first\nN1,A\nN2,B\nN3,C\nN4,D\nN5,E\n');
    await addFaults(
      sandbox,
      { route: 'bulk-create', kind: 'status', status: 403, nth: 1 },
      { route: 'bulk-create', kind: 'latency', ms: 1_000, nth: 2 },
    );
    expect((await place.run('sync')).code).toBe(1);
    const chunks = await store.pool.query<{ state: string }>(`select state from sync.chunks`);
    expect(chunks.rows.map(({ state }) => state).toSorted()).toEqual([
      'accepted',
      'planned',
      'planned',
      'planned',
      'planned',
    ]);
    expect(await fetchLog(sandbox, 'bulk-create')).toHaveLength(2);
    await clearFaults(sandbox);
    expect((await place.json<Answer>('sync')).answer).toMatchObject({ state: 'proven', differencesLeft: 0 });
  });

  it('exits 3 and sends nothing when a guard holds the plan; apply says why', async () => {
    const lifting = { ...mapping, accountBlock: { column: mapping.accountBlock, owner: 'record' } };
    const crm = { kind: 'csv', path: 'record.csv', mapping: lifting };
    const { sandbox, place } = await setup({ tenant: { guards: { maxMoreDiallable: 0 }, systemsOfRecord: { crm } } });
    await putContact(sandbox, 'X1', { firstName: 'Ann', balance: '1', phone1: '2025550101', accountBlock: true });
    await record(place, 'X1,Ann,1,2025550101,,no');
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.state]).toEqual([3, 'held']);
    expect(answer.message).toContain('guards.maxMoreDiallable allows 0');
    const apply = await place.run('apply', answer.changeSetId);
    expect([apply.code, apply.stdout]).toEqual([3, expect.stringContaining('guards.maxMoreDiallable allows 0')]);
    expect(await fetchLog(sandbox, 'multi-dnd')).toEqual([]);
  });

  it('exits 3 when the system of record has no usable row', async () => {
    const { place } = await setup({ tenant: namesTenant });
    await place.write('record.csv', 'id,first\n');
    expect((await place.json<Answer>('sync')).code).toBe(3);
  });

  it('stops after the plan with --dry-run', async () => {
    const { sandbox, place } = await setup({ tenant: namesTenant });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    const { code, answer } = await place.json<Answer>('sync', '--dry-run');
    expect([code, answer.message]).toEqual([0, 'planned: 1 difference; nothing was sent']);
    expect(await fetchLog(sandbox, 'bulk-update')).toEqual([]);
    expect(await place.json<Answer>('apply', answer.changeSetId)).toMatchObject({
      code: 0,
      answer: { state: 'proven' },
    });
  });
});

describe('bad rows of the system of record', () => {
  it('are quarantined with line, reason and raw text, the rest goes on, and the counts add up', async () => {
    const { sandbox, place, store } = await setup();
    for (const account of ['X1', 'X2', 'X3'])
      await putContact(sandbox, account, { firstName: 'Old', phone1: '2025550101' });
    await record(
      place,
      'X1,New,1,2025550101,,',
      'X2,New,much,2025550101,yes,',
      ',Nobody,1,,,',
      'X3,A,1,2025550101,,',
      'X3,B,1,2025550101,yes,',
      'X4,short',
    );
    const { answer } = await place.json<Answer>('sync');
    expect(answer.steps.find(({ step }) => step === 'diff')?.counts).toMatchObject({
      read: 6,
      accepted: 1,
      quarantined: 5,
      updates: 1,
      creates: 0,
    });
    const rows = await store.pool.query(
      `select file, line::int, account, reason, raw from sync.quarantine where origin = 'system_of_record' order by line`,
    );
    expect(rows.rows).toEqual([
      {
        file: 'record.csv',
        line: 3,
        account: 'X2',
        reason: expect.stringContaining('balance'),
        raw: 'X2,New,much,2025550101,yes,',
      },
      { file: 'record.csv', line: 4, account: null, reason: 'account is empty', raw: ',Nobody,1,,,' },
      {
        file: 'record.csv',
        line: 5,
        account: 'X3',
        reason: 'the account appears more than once',
        raw: 'X3,A,1,2025550101,,',
      },
      {
        file: 'record.csv',
        line: 6,
        account: 'X3',
        reason: 'the account appears more than once',
        raw: 'X3,B,1,2025550101,yes,',
      },
      { file: 'record.csv', line: 7, account: null, reason: expect.stringContaining('columns'), raw: 'X4,short' },
    ]);
  });

  it('still block whom they say is to be blocked, and change nothing else', async () => {
    const { sandbox, place } = await setup();
    for (const account of ['X2', 'X3']) await putContact(sandbox, account, { firstName: 'Old', phone1: '2025550101' });
    await record(
      place,
      'X2,New,much,2025550101,yes,',
      'X3,A,1,2025550101,,',
      'X3,B,1,2025550101,yes,',
      'X5,New,much,2025550101,yes,',
      'N1,Ann,1,2025550102,,',
    );
    expect((await place.json<Answer>('sync')).code).toBe(0);
    const contacts = await fetchAllContacts(sandbox);
    expect(contacts.get('X2')).toMatchObject({ firstName: 'Old', phone1Block: 'true' });
    expect(contacts.get('X3')).toMatchObject({ firstName: 'Old', phone1Block: 'true' });
    expect(contacts.has('X5')).toBe(false);
  });
});

describe('a difference that LiveVox cannot express', () => {
  it('is reported and counted, and does not make the run unproven', async () => {
    const { sandbox, place } = await setup();
    await putContact(sandbox, 'X1', { firstName: 'Ann', balance: '5', phone1: '2025550101' });
    await record(place, 'X1,Ann,,2025550101,,');
    const { code, answer } = await place.json<Answer>('sync');
    expect([code, answer.message]).toEqual([0, 'proven: 1 difference left (1 that LiveVox cannot express)']);
  });
});

describe('lvsync apply', () => {
  it('leaves out a contact that has changed in LiveVox since the plan', async () => {
    const { sandbox, place } = await setup({ tenant: namesTenant });
    for (const account of ['X1', 'X2']) await putContact(sandbox, account, { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\nX2,New\n');
    await place.run('pull');
    const plan = await place.json<Answer>('plan');
    await putContact(sandbox, 'X2', { firstName: 'Else' });
    await place.run('pull');
    const { code, answer } = await place.json<Answer>('apply', plan.answer.changeSetId);
    expect([code, answer.tally['leftOut'], answer.tally['confirmed']]).toEqual([4, 1, 1]);
    expect((await fetchAllContacts(sandbox)).get('X2')).toMatchObject({ firstName: 'Else' });
  });

  it('refuses a plan that a newer one replaced', async () => {
    const { sandbox, place } = await setup({ tenant: namesTenant });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\n');
    await place.run('pull');
    const first = await place.json<Answer>('plan');
    await place.json<Answer>('plan');
    const apply = await place.run('apply', first.answer.changeSetId);
    expect(apply.code).not.toBe(0);
    expect(apply.stderr).toContain('replaced by a newer');
    expect(await fetchLog(sandbox, 'bulk-update')).toEqual([]);
  });
});

describe('lvsync pull', () => {
  it('exits 1 on a truncated download, leaves the mirror untouched and nothing in the spool', async () => {
    const { sandbox, place, store } = await setup({ tenant: { pull: { attempts: 2 } } });
    await addFaults(sandbox, { route: 'bulk-download', kind: 'truncate' });
    const { code, stderr } = await place.run('pull');
    expect([code, stderr.trim().split('\n').length]).toEqual([1, expect.any(Number)]);
    expect((await store.pool.query('select count(*)::int as n from mirror.contacts')).rows).toEqual([{ n: 0 }]);
    expect((await store.pool.query('select count(*)::int as n from sync.coverage')).rows).toEqual([{ n: 0 }]);
    const spool = await readdir(path.join(place.folder, '.lvsync', 'spool'), { recursive: true }).catch(() => []);
    expect(spool.filter((name) => name.includes('download'))).toEqual([]);
    await clearFaults(sandbox);
    expect((await place.run('pull')).code).toBe(0);
    expect((await store.pool.query('select count(*)::int as n from mirror.contacts')).rows).toEqual([{ n: 50 }]);
  });

  it('exits 1 with one sentence when LiveVox refuses the credentials, 2 when they are missing', async () => {
    const { place } = await setup({ env: { LIVEVOX_PASSWORD: 'wrong' } });
    const refused = await place.start('pull').finished;
    expect([refused.code, refused.stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(refused.stderr).toContain('refused');
    expect(refused.stderr).not.toContain('wrong');
    const missing = await setup({ env: { LIVEVOX_PASSWORD: '' } });
    const answer = await missing.place.start('pull').finished;
    expect([answer.code, answer.stderr]).toEqual([2, expect.stringContaining('LIVEVOX_PASSWORD')]);
  });

  it('exits 1 with one sentence naming an API or a database that cannot be reached', async () => {
    const noApi = await setup({ env: { LIVEVOX_BASE_URL: 'http://127.0.0.1:9' } });
    const api = await noApi.place.start('pull').finished;
    expect([api.code, api.stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(api.stderr).toContain('127.0.0.1:9');
    const noDatabase = await setup({ env: { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:9/db' } });
    const database = await noDatabase.place.start('pull').finished;
    expect([database.code, database.stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(database.stderr).toContain('127.0.0.1:9');
    expect(database.stderr).not.toContain('secret');
  });
});

describe('two runs of one tenant', () => {
  it('never overlap: the second waits, and both end well', async () => {
    const { sandbox, place, store } = await setup({ tenant: namesTenant });
    await putContact(sandbox, 'X1', { firstName: 'Old' });
    await place.write('record.csv', 'id,first\nX1,New\nN1,Ann\n');
    const runs = await Promise.all([place.start('sync').finished, place.start('sync').finished]);
    expect(runs.map((run) => run.code)).toEqual([0, 0]);
    const overlap = await store.pool.query(
      `select count(*)::int as n from sync.runs a join sync.runs b on a.id < b.id and a.started_at < b.ended_at and b.started_at < a.ended_at`,
    );
    expect(overlap.rows).toEqual([{ n: 0 }]);
    expect((await fetchLog(sandbox, 'bulk-create')).length).toBe(1);
  });
});

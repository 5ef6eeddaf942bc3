/** `lvsync why`: every reason for which a contact is or is not changed, from stored facts alone. */
import { describe, expect, test } from 'vitest';
import type { Patch } from '../../src/contact/index.ts';
import { insertQuarantined, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { storePlan } from '../support/stored-plan.ts';

type Answer = {
  readonly code: string;
  readonly answer: string;
  readonly mirror: object | null;
  readonly reading: { readonly contact: object | null } | null;
  readonly fields: readonly { readonly field: string; readonly reason: string; readonly because: string }[];
};

type Setup = {
  readonly store: Store;
  readonly text: (...options: string[]) => Promise<string>;
  readonly why: (...options: string[]) => Promise<Answer>;
};

const account = 'A1';

async function setup(): Promise<Setup> {
  const { store, url } = await setupDatabase();
  const systemsOfRecord = { crm: { kind: 'csv', path: 'crm.csv', mapping: { account: 'acct' } } };
  const cwd = await setupFolder({ 'lvsync.config.json': JSON.stringify({ tenants: { acme: { systemsOfRecord } } }) });
  const run = (...argv: string[]) => runLvsync(['why', account, ...argv], { cwd, env: { DATABASE_URL: url } });
  return {
    store,
    text: async (...options) => (await run(...options)).stdout,
    why: async (...options) => JSON.parse((await run(...options, '--json')).stdout) as Answer,
  };
}

/** Puts a contact into the mirror. */
async function putMirror(store: Store, columns: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const row = { lv_account_id: 17, modify_date: '2026-05-01T00:00:00Z', ...columns };
  const names = Object.keys(row);
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by, ${names.join(', ')})
     values ('acme', $1, now(), now(), gen_random_uuid(), ${names.map((_, index) => `$${index + 2}`).join(', ')})`,
    [account, ...Object.values(row)],
  );
}

type Desired = {
  readonly fields: Readonly<Record<string, string | null>>;
  readonly restrictsOnly?: boolean;
  readonly changedAt?: string;
  readonly account?: string;
};

/** Keeps a reading of crm, as a plan does. */
async function putReading(store: Store, runId: string, desired?: Desired): Promise<void> {
  await store.pool.query(
    `create unlogged table if not exists sync.desired_1 (account text, line bigint, hash bigint, bits bigint, said bigint, filled bigint,
       restricts_only boolean, changed_at timestamptz, causes jsonb, fields jsonb)`,
  );
  await store.pool.query(
    `insert into sync.comparisons (tenant, system_of_record, key, touched_seq, rows, built_at, desired_run_id, desired_label, desired_rows, desired_at)
     values ('acme', 'crm', 'k', 0, 1, now(), $1, 'crm.csv', 1, '2026-06-01T00:00:00Z')`,
    [runId],
  );
  const { fields, restrictsOnly = false, changedAt } = desired ?? { fields: {} };
  await store.pool.query(
    `insert into sync.desired_1 (account, line, restricts_only, changed_at, fields) values ($1, 7, $2, $3, $4)`,
    [desired === undefined ? 'another' : account, restrictsOnly, changedAt ?? null, fields],
  );
}

/** A plan without a word on the contact, with its policy. */
async function putPlan(store: Store, owners: Readonly<Record<string, string>> = {}, patches: readonly Patch[] = []) {
  const plan = await storePlan(store, { tenant: 'acme', patches });
  await store.pool.query('update sync.change_sets set policy = $2 where id = $1', [plan.changeSetId, { owners }]);
  return plan;
}

describe('lvsync why', () => {
  test('an account that nobody knows, before and after a reading', async () => {
    const { store, why, text } = await setup();
    expect(await why()).toMatchObject({ code: 'no_reading', mirror: null, reading: null, fields: [], plans: [] });
    expect(await text()).toContain('no reading is kept');
    const { runId } = await putPlan(store);
    await putReading(store, runId);
    expect(await why()).toMatchObject({ code: 'unknown', reading: { runId, label: 'crm.csv', contact: null } });
  });

  test('a reading that a crash of the database has taken counts as none, and so does one whose table is gone', async () => {
    const { store, why } = await setup();
    await putReading(store, (await putPlan(store)).runId);
    await store.pool.query('truncate sync.desired_1');
    expect(await why()).toMatchObject({ code: 'no_reading', reading: null });
    await store.pool.query('drop table sync.desired_1');
    expect(await why()).toMatchObject({ code: 'no_reading', reading: null });
  });

  test('the system of record does not have it; LiveVox does, or did', async () => {
    const { store, why, text } = await setup();
    await putMirror(store);
    await putReading(store, (await putPlan(store)).runId);
    expect(await why()).toMatchObject({ code: 'absent', mirror: { lvAccountId: '17', tombstonedAt: null } });
    expect(await text()).toMatch(/^crm {6}does not have it \(crm\.csv, 1 rows, read 2026-06-01T00:00:00Z\)$/m);
    await store.pool.query("update mirror.contacts set tombstoned_at = '2026-07-01T00:00:00Z'");
    expect(await text()).toContain('no longer shows it: marked as gone 2026-07-01T00:00:00Z');
  });

  test('its row could not be used: the reason, and never the row', async () => {
    const { store, why, text } = await setup();
    await putMirror(store);
    const { runId } = await putPlan(store);
    await putReading(store, runId, { fields: { accountBlock: 'true' }, restrictsOnly: true });
    const row = { line: 7, account, reason: 'balance: not a plain decimal number', raw: 'A1,secret' };
    await insertQuarantined(store.pool, { tenant: 'acme', runId, origin: 'system_of_record', file: 'crm.csv' }, [row]);
    expect(await why()).toMatchObject({
      code: 'quarantined',
      answer: 'It is not changed: its row could not be used: balance: not a plain decimal number.',
      quarantined: [{ origin: 'system_of_record', file: 'crm.csv', line: '7', reason: row.reason }],
      reading: { contact: { restrictsOnly: true } },
    });
    expect(await text()).toContain('row 7, of which only blocks and withdrawn consents count');
    expect(await text()).not.toContain('secret');
  });

  test('a row of an earlier run that could not be used is told, and is not the reason', async () => {
    const { store, why } = await setup();
    await putMirror(store);
    const old = await putPlan(store);
    const row = { line: 7, account, reason: 'account is empty', raw: '' };
    await insertQuarantined(
      store.pool,
      { tenant: 'acme', runId: old.runId, origin: 'system_of_record', file: 'crm.csv' },
      [row],
    );
    await putReading(store, (await putPlan(store)).runId);
    expect(await why()).toMatchObject({ code: 'absent', quarantined: [{ reason: 'account is empty' }] });
  });

  test('both sides are the same, an empty switch being one that is off', async () => {
    const { store, why } = await setup();
    await putMirror(store, { balance: '12.50', phone1: '(201) 555-0123' });
    const fields = { balance: '12.5', phone1: '2015550123', accountBlock: 'false', lastName: null };
    await putReading(store, (await putPlan(store)).runId, { fields });
    const answer = await why();
    expect(answer.code).toBe('same');
    expect(answer.fields.map(({ field, reason }) => [field, reason])).toEqual([
      ['accountBlock', 'equal'],
      ['lastName', 'equal'],
      ['balance', 'equal'],
      ['phone1', 'equal'],
    ]);
  });

  test('the owners let the two differ, each for its own reason', async () => {
    const { store, why, text } = await setup();
    await putMirror(store, { first_name: 'Ann', last_name: 'Lee', balance: 1, account_block: true, active: true });
    const owners = { firstName: 'livevox', lastName: 'only-if-empty', balance: 'newest' };
    const fields = { firstName: 'Anne', lastName: 'Li', balance: '2', accountBlock: 'false', active: null };
    const changedAt = '2026-04-30T23:59:59Z';
    await putReading(store, (await putPlan(store, owners)).runId, { fields, changedAt });
    const answer = await why();
    expect(answer.code).toBe('owners');
    expect(answer.fields.map(({ field, reason }) => [field, reason])).toEqual([
      ['active', 'says_nothing'],
      ['accountBlock', 'most-restrictive'],
      ['firstName', 'livevox'],
      ['lastName', 'only-if-empty'],
      ['balance', 'newest'],
    ]);
    expect(await text()).toMatch(
      /firstName {5}livevox {11}A••• {5}A••• \(changed\) {4}LiveVox owns it: it is never touched/,
    );
  });

  test('what the owners do not explain is not explained away', async () => {
    const { store, why } = await setup();
    await putMirror(store, { first_name: null, balance: 1, account_block: false, phone1: '2015550123' });
    const owners = { firstName: 'only-if-empty', balance: 'newest' };
    const fields = { firstName: 'Anne', balance: '2', accountBlock: 'true', phone1: '2015550124' };
    const changedAt = '2026-05-01T00:00:00Z';
    await putReading(store, (await putPlan(store, owners)).runId, { fields, changedAt });
    const answer = await why();
    expect([answer.code, answer.answer]).toEqual([
      'not_planned',
      '4 of its fields differ and are not in the last plan: plan again.',
    ]);
    expect(answer.fields.map(({ reason }) => reason)).toEqual(Array(4).fill('not_planned'));
  });

  test('LiveVox does not have it: nobody is created for a block alone', async () => {
    const { store, why } = await setup();
    await putReading(store, (await putPlan(store)).runId, { fields: { accountBlock: 'true' }, restrictsOnly: true });
    expect(await why()).toMatchObject({ code: 'owners', answer: expect.stringContaining('nobody is created') });
    await store.pool.query('update sync.desired_1 set restricts_only = false');
    expect(await why()).toMatchObject({ code: 'not_planned' });
  });

  test('it is in the last plan: each field with its step, how far it came, and why', async () => {
    const { store, why, text } = await setup();
    await putMirror(store, { last_name: 'Lee', phone1: '2015550123' });
    const patches: readonly Patch[] = [
      {
        account,
        lvAccountId: '17',
        operation: 'block',
        endpoint: 'multi_dnd',
        changes: { phone1Block: ['false', 'true'] },
        sends: {},
      },
      {
        account,
        lvAccountId: '17',
        operation: 'update',
        endpoint: 'bulk_update',
        changes: { lastName: ['Lee', 'Li'] },
        sends: {},
      },
    ];
    const { changeSetId, runId } = await putPlan(store, {}, patches);
    const left = 'the contact has changed in LiveVox since the plan';
    await store.pool.query(
      `update sync.patches set left_out_because = case operation when 'update' then $1 end, hazards = array['clears_field'], risk = 30,
         causes = '{"phone1Block": {"kind": "fan_out", "account": "B2", "field": "phone3Block"}}'`,
      [left],
    );
    await putReading(store, runId, { fields: { lastName: 'Li', phone1Block: 'true' } });
    expect(await why()).toMatchObject({
      code: 'in_plan',
      answer: `It is in the last plan, ${changeSetId} (planned): block planned, update left_out.`,
      fields: [
        { field: 'lastName', reason: 'left_out', because: `in the last plan: update left_out: ${left}` },
        {
          field: 'phone1Block',
          owner: 'most-restrictive',
          reason: 'planned',
          because: 'in the last plan: block planned, because of phone3Block of B2',
        },
      ],
      plans: [
        {
          id: changeSetId,
          patches: [
            { operation: 'block', state: 'planned', risk: 30, hazards: ['clears_field'] },
            { operation: 'update', state: 'left_out', changes: { lastName: ['L•••', 'L••• (changed)'] } },
          ],
        },
      ],
    });
    expect(await text()).toContain('block planned, risk 30 (clears_field): phone1Block');
  });

  test('personal data is shown whole only on request, which is recorded without the account', async () => {
    const { store, why, text } = await setup();
    await putMirror(store, { last_name: 'Lee' });
    await putReading(store, (await putPlan(store, { lastName: 'livevox' })).runId, { fields: { lastName: 'Li' } });
    expect(JSON.stringify(await why())).not.toContain('Lee');
    expect(await text('--unmask', '--by', 'Ann')).toMatch(/Lee +Li /);
    const audit = await store.pool.query('select actor, action, detail from sync.audit');
    expect(audit.rows).toEqual([{ actor: 'Ann', action: 'unmasked', detail: 'why ACCOUNT --unmask' }]);
  });

  test('of the last plans each one is told, those that leave it alone as well', async () => {
    const { store, text } = await setup();
    const change = { account, operation: 'not_expressible', changes: { dueDate: ['2026-01-01', null] } } as const;
    const first = await putPlan(store, {}, [change]);
    const second = await putPlan(store);
    const lines = (await text())
      .split('\n')
      .slice(-3, -1)
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines.map((cells) => cells.slice(1))).toEqual([
      [second.changeSetId, 'planned', 'changes nothing on it'],
      [first.changeSetId, 'superseded', 'not_expressible not_expressible, risk 0: dueDate'],
    ]);
  });
});

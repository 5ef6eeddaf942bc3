import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { markTenant, mergeTenantView, type Store, selectReferenceState, toTenantView } from '../../src/store/index.ts';
import { type LabelledField, toColumnNames } from '../../src/store/tenant-view.ts';
import { setupDatabase } from '../support/database.ts';

const text = (field: string, label: string, dataType = 'STRING'): LabelledField => ({ field, label, dataType });

const score = text('COL3', 'Score', 'NUMBER');
const paid = text('COL8', 'Last Payment Date', 'DATE');

async function setup(tenant = 'acme'): Promise<Store> {
  const { store } = await setupDatabase();
  await markTenant(store.pool, tenant, 'America/New_York');
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_name, account_block_daily, col1, col3, col5, col8, first_seen_at, merged_at, merged_by)
     values ($1, 'A1', 'Ann', true, 'x', '12.5', 'yes', '02/27/2026', now(), now() - interval '3 days', $2),
            ($1, 'A2', 'Bob', true, null, 'many', 'perhaps', '02/30/2026', now(), now(), $2),
            ('other', 'A3', 'Eve', null, null, null, null, null, now(), now(), $2)`,
    [tenant, randomUUID()],
  );
  return store;
}

const make = (store: Store, fields: readonly LabelledField[], tenant = 'acme') =>
  mergeTenantView(store, tenant, toTenantView(tenant, fields));

async function select(store: Store, sql: string): Promise<Record<string, unknown>[]> {
  return (await store.pool.query<Record<string, unknown>>(sql)).rows;
}

async function selectColumns(store: Store, view = 'acme_contacts'): Promise<string[]> {
  const found = await select(
    store,
    `select attname as name from pg_attribute where attrelid = 'mirror.${view}'::regclass order by attnum`,
  );
  return found.map(({ name }) => String(name));
}

describe('toColumnNames', () => {
  test.each<[string, LabelledField[], string[]]>([
    ['a label is the column', [text('COL1', 'Last Payment Date')], ['Last Payment Date']],
    [
      'labels that repeat are told apart by their fields, in any case',
      [text('COL1', 'Score'), text('COL2', 'SCORE')],
      ['Score COL1', 'SCORE COL2'],
    ],
    [
      'a label that is a core column has its field behind it',
      [text('COL10', 'Account'), text('COL2', 'first_name')],
      ['Account COL10', 'first_name COL2'],
    ],
    ['an empty label gives way to the field', [text('COL7', ' \n'), text('COL8', '')], ['COL7', 'COL8']],
    [
      'a label that looks like another one with its field is told apart as well',
      [text('COL1', 'A'), text('COL2', 'A'), text('COL3', 'A COL1')],
      ['A COL1', 'A COL2', 'A COL1 COL3'],
    ],
    ['a label that is the name of another field', [text('COL1', ''), text('COL2', 'col1')], ['COL1 COL1', 'col1 COL2']],
    [
      'control characters and broken characters do not get through',
      [text('COL1', 'a\u0000b\ud800\tc')],
      ['a b\ufffd c'],
    ],
    ['quotes stay', [text('COL1', `Note "internal"; drop view x; --'`)], [`Note "internal"; drop view x; --'`]],
  ])('%s', (_, fields, names) => {
    expect(toColumnNames(fields)).toEqual(names);
  });

  test('long labels are cut to 63 bytes between characters, and stay apart', () => {
    const fields = [text('COL1', 'ü'.repeat(40)), text('COL100', 'ü'.repeat(50)), text('COL3', '美'.repeat(40))];
    const names = toColumnNames(fields);
    expect(names).toEqual([`${'ü'.repeat(29)} COL1`, `${'ü'.repeat(28)} COL100`, '美'.repeat(21)]);
    expect(new Set(names).size).toBe(3);
  });
});

describe('mirror.<tenant>_contacts', () => {
  test('shows the tenant’s contacts, custom fields under their labels in their types, what does not fit as null', async () => {
    const store = await setup();
    expect(await make(store, [score, text('COL5', 'VIP', 'BOOLEAN'), paid, text('COL1', 'Company')])).toEqual({
      kind: 'made',
    });
    expect(
      await select(
        store,
        `select account, first_name, account_block_daily, "Company", "Score" + 1 as score, "VIP", "Last Payment Date"::text as paid
           from mirror.acme_contacts order by account`,
      ),
    ).toEqual([
      {
        account: 'A1',
        first_name: 'Ann',
        account_block_daily: false,
        Company: 'x',
        score: '13.5',
        VIP: true,
        paid: '2026-02-27',
      },
      {
        account: 'A2',
        first_name: 'Bob',
        account_block_daily: true,
        Company: null,
        score: null,
        VIP: null,
        paid: null,
      },
    ]);
    expect((await selectColumns(store)).slice(-4)).toEqual(['Company', 'Score', 'VIP', 'Last Payment Date']);
  });

  test('has a comment on itself and on every column', async () => {
    const store = await setup('north-west');
    await make(store, [score, text('COL10', 'Account')], 'north-west');
    const bare = await select(
      store,
      `select attname from pg_attribute where attrelid = 'mirror.north_west_contacts'::regclass and attnum > 0
          and col_description(attrelid, attnum) is null`,
    );
    expect(bare).toEqual([]);
    const [about] = await select(
      store,
      `select obj_description('mirror.north_west_contacts'::regclass) as view,
              col_description(c.oid, (select attnum from pg_attribute where attrelid = c.oid and attname = 'Account COL10')) as label,
              col_description(c.oid, (select attnum from pg_attribute where attrelid = c.oid and attname = 'due_date')) as core
         from pg_class c where oid = 'mirror.north_west_contacts'::regclass`,
    );
    expect(about).toEqual({
      view: expect.stringContaining('The contacts of north-west'),
      label: 'Custom field COL10, labelled "Account", of type STRING.',
      core: 'Payment due date.',
    });
  });

  test('follows labels and types, and who could read it still can', async () => {
    const store = await setup();
    await make(store, [score, paid]);
    // Roles belong to the whole server.
    const role = `lvt_analyst_${randomUUID().slice(0, 8)}`;
    await store.pool.query(`create role ${role}`);
    await store.pool.query(`grant select on mirror.acme_contacts to ${role}`);
    expect(await make(store, [{ ...score, label: 'Risk', dataType: 'STRING' }, paid])).toEqual({ kind: 'made' });
    expect(await select(store, `select "Risk" from mirror.acme_contacts order by account`)).toEqual([
      { Risk: '12.5' },
      { Risk: 'many' },
    ]);
    const found = await select(store, `select has_table_privilege('${role}', 'mirror.acme_contacts', 'select') as may`);
    await store.pool.query(`drop owned by ${role}`);
    await store.pool.query(`drop role ${role}`);
    expect(found).toEqual([{ may: true }]);
  });

  test('stays as it was while another view stands on it, and says which; a new field at the end is added under it', async () => {
    const store = await setup();
    await make(store, [score]);
    await store.pool.query(`create view public.report as select account, "Score" from mirror.acme_contacts`);
    expect(await make(store, [{ ...score, label: 'Risk' }])).toEqual({ kind: 'depended_on', by: ['report'] });
    expect(await select(store, `select count(*)::int as n from public.report`)).toEqual([{ n: 2 }]);
    expect(await make(store, [score, paid])).toEqual({ kind: 'made' });
    expect((await selectColumns(store)).slice(-2)).toEqual(['Score', 'Last Payment Date']);
  });

  test('stays as it was while somebody reads it, and is made the next time', async () => {
    const store = await setup();
    await make(store, [score]);
    const reader = await store.pool.connect();
    await reader.query('begin');
    await reader.query('select count(*) from mirror.acme_contacts');
    expect(await make(store, [{ ...score, label: 'Risk' }])).toEqual({ kind: 'locked' });
    await reader.query('commit');
    reader.release();
    expect(await make(store, [{ ...score, label: 'Risk' }])).toEqual({ kind: 'made' });
  });

  test('takes nobody’s place', async () => {
    const store = await setup();
    await store.pool.query(`create table mirror.acme_contacts (mine text)`);
    expect(await make(store, [score])).toEqual({ kind: 'taken' });
    expect(await selectColumns(store)).toContain('mine');
  });

  test('its fingerprint is known while it is there, and forgotten when somebody drops it', async () => {
    const store = await setup();
    const view = toTenantView('acme', [score]);
    await mergeTenantView(store, 'acme', view);
    expect((await selectReferenceState(store.pool, 'acme')).viewSha256).toBe(view.sha256);
    await store.pool.query('drop view mirror.acme_contacts');
    expect((await selectReferenceState(store.pool, 'acme')).viewSha256).toBeNull();
  });
});

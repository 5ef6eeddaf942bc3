/** The history on two time axes, against a simple model of it; partitions and retention. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contactFields } from '../../src/contact/index.ts';
import { pruneHistory, type Store } from '../../src/store/index.ts';
import { setupMerge } from './merge-setup.ts';

type Version = {
  readonly name: string;
  readonly modifiedAt: number | undefined;
  readonly knownFrom: number;
};

const minute = 60_000;
const start = Date.UTC(2026, 2, 31, 23, 40);

/** 03/31/2026 23:40:00, UTC. */
function toUs(at: number): string {
  const [date, time] = new Date(at).toISOString().slice(0, 19).split('T');
  const [year, month, day] = (date ?? '').split('-');
  return `${month}/${day}/${year} ${time}`;
}

/** What the mirror must say of one account. */
function askModel(versions: readonly Version[], validAt: number, knownAt: number): string | undefined {
  const fitting = versions.filter((one) => one.knownFrom <= knownAt && (one.modifiedAt ?? one.knownFrom) <= validAt);
  return fitting.at(-1)?.name;
}

type Pair = readonly [validAt: number, knownAt: number];

/** The answers to all pairs, in their order. */
async function askMirror(store: Store, pairs: readonly Pair[]): Promise<(string | undefined)[]> {
  const found = await store.pool.query<{ pair: string; account: string; first_name: string }>(
    `select p.pair, a.account, h.first_name
       from unnest($1::timestamptz[], $2::timestamptz[]) with ordinality as p (valid_at, known_at, pair)
      cross join unnest(array['A1', 'A2']) as a (account)
      cross join lateral mirror.contact_as_of(a.account, p.valid_at, p.known_at, 'acme') h`,
    [pairs.map(([validAt]) => new Date(validAt)), pairs.map(([, knownAt]) => new Date(knownAt))],
  );
  const answers = new Map(found.rows.map((row) => [`${row.pair} ${row.account}`, row.first_name]));
  return pairs.flatMap((_, index) => ['A1', 'A2'].map((account) => answers.get(`${index + 1} ${account}`)));
}

async function selectChanges(store: Store): Promise<Record<string, unknown>[]> {
  const found = await store.pool.query<Record<string, unknown>>(
    `select account, field, old_value, new_value, changed_by from mirror.contact_changes order by known_at, account, field`,
  );
  return found.rows;
}

describe('mirror.contact_as_of', () => {
  const step = fc.record({
    account: fc.constantFrom('A1', 'A2'),
    name: fc.constantFrom('Ann', 'Bob', 'Cleo'),
    modified: fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
    isRepair: fc.boolean(),
  });

  it('answers every pair of valid and known time as a simple model does, over a month’s end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 7 }), async (steps) => {
        const { store, merge } = await setupMerge('UTC');
        const held = new Map<string, Version[]>();
        for (const [index, { account, name, modified, isRepair }] of steps.entries()) {
          const knownFrom = start + (index + 1) * 5 * minute;
          const modifiedAt = modified === undefined ? undefined : start + modified * minute;
          const modifyDate = modifiedAt === undefined ? '' : toUs(modifiedAt);
          await merge([{ account, firstName: name, modifyDate }], { isRepair, now: new Date(knownFrom) });
          const versions = held.get(account) ?? [];
          const last = versions.at(-1);
          const isSame = last?.name === name && last.modifiedAt === modifiedAt;
          const isOlder = !isRepair && (modifiedAt ?? Infinity) < (last?.modifiedAt ?? -Infinity);
          if (!isSame && !isOlder) held.set(account, [...versions, { name, modifiedAt, knownFrom }]);
        }
        const times = [...held.values()].flat().flatMap((one) => [one.knownFrom, one.modifiedAt ?? one.knownFrom]);
        const asked = [...new Set(times.flatMap((at) => [at - 1, at]))];
        const pairs = asked.flatMap((validAt) => asked.map((knownAt): Pair => [validAt, knownAt]));
        const wanted = pairs.flatMap(([validAt, knownAt]) =>
          ['A1', 'A2'].map((account) => askModel(held.get(account) ?? [], validAt, knownAt)),
        );
        expect(await askMirror(store, pairs)).toEqual(wanted);
        await store.pool.end();
      }),
      { numRuns: 12 },
    );
  });

  it('shows a tombstone only to those who ask for later, and one row for each tenant that has the account', async () => {
    const { store, merge } = await setupMerge('UTC');
    await merge([{ account: 'A1', firstName: 'Ann' }], { now: new Date(start) });
    await store.pool.query(`update mirror.contacts set tombstoned_at = $1`, [new Date(start + minute)]);
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_name, first_seen_at, merged_at, merged_by)
       values ('other', 'A1', 'Olga', $1, $1, $2), ('third', 'A2', 'Tom', $1, $1, $2)`,
      [new Date(start), randomUUID()],
    );
    const ask = async (at: number): Promise<unknown> =>
      (
        await store.pool.query(
          `select tenant, first_name, tombstoned_at is not null as gone from mirror.contact_as_of('A1', $1, $1) order by 1`,
          [new Date(at)],
        )
      ).rows;
    expect(await ask(start)).toEqual([
      { tenant: 'acme', first_name: 'Ann', gone: false },
      { tenant: 'other', first_name: 'Olga', gone: false },
    ]);
    expect(await ask(start + minute)).toMatchObject([{ gone: true }, { gone: false }]);
    expect(await ask(start - 1)).toEqual([]);
  });

  it('finds an account among many by index', async () => {
    const { store, merge } = await setupMerge('UTC');
    await merge([{ account: 'A1' }]);
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
         select 'acme', 'B' || n, now(), now(), $1 from generate_series(1, 20000) n`,
      [randomUUID()],
    );
    await store.pool.query(
      `insert into mirror.contact_versions (tenant, account, first_seen_at, merged_at, merged_by, known_until, replaced_by, changed_by)
         select 'acme', 'B' || n, now(), '2026-03-01', $1, '2026-03-02', $1, 'pull' from generate_series(1, 20000) n`,
      [randomUUID()],
    );
    await store.pool.query('analyze mirror.contacts (tenant, account), mirror.contact_versions (tenant, account)');
    for (const query of [
      `select * from mirror.contact_as_of('B777', now(), now(), 'acme')`,
      `select * from mirror.contact_as_of('B777')`,
      `select * from mirror.contact_changes where tenant = 'acme' and account = 'B777'`,
    ]) {
      const plan = await store.pool.query<{ 'QUERY PLAN': string }>(`explain ${query}`);
      const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain('Index');
      // Partitions without a page are read as they are.
      expect(text).not.toMatch(/Seq Scan on (contacts|contact_versions_2026_03) /);
    }
  });
});

describe('mirror.contact_changes', () => {
  it('tells which fields changed, from what to what; equal numbers in another spelling are no change', async () => {
    const { store, merge } = await setupMerge('UTC');
    await merge([{ account: 'A1', firstName: 'Ann', balance: '10.5', modifyDate: '01/01/2026 10:00:00' }]);
    await merge([{ account: 'A1', firstName: 'Anne', balance: '10.50', modifyDate: '01/02/2026 10:00:00' }]);
    await merge([{ account: 'A1', firstName: 'Anne', city: 'Rome', modifyDate: '01/02/2026 10:00:00' }]);
    expect(await selectChanges(store)).toMatchObject([
      { field: 'first_name', old_value: 'Ann', new_value: 'Anne', changed_by: 'pull' },
      { field: 'modify_date', changed_by: 'pull' },
      { field: 'balance', old_value: '10.50', new_value: null, changed_by: 'unknown' },
      { field: 'city', old_value: null, new_value: 'Rome', changed_by: 'unknown' },
    ]);
  });

  it('what shows our own push is told apart field by field', async () => {
    const { store, runId, merge } = await setupMerge('UTC');
    const before = { account: 'A1', firstName: 'Ann', city: 'Rome', balance: '10', modifyDate: '01/01/2026 10:00:00' };
    await merge([before, { ...before, account: 'A2' }, { ...before, account: 'A3' }]);
    const sent = {
      firstName: ['Ann', 'Anne'],
      balance: ['10', '12.5'],
      phone1: [null, '4155550100'],
      accountBlock: ['false', 'true'],
      dueDate: [null, '2026-04-01'],
      lastName: [null, 'Oh'],
    };
    await storePatches(store, runId, { A1: sent, A3: sent });
    const later = { modifyDate: '01/02/2026 10:00:00', firstName: 'Anne', city: 'Bonn' };
    await merge([
      {
        ...before,
        ...later,
        balance: '12.50',
        phone1: '(415) 555-0100',
        accountBlock: 'true',
        dueDate: '04/01/2026',
        lastName: 'No',
      },
      { ...before, ...later, account: 'A2' },
    ]);
    const changes = await selectChanges(store);
    const byWhom = (account: string): unknown =>
      Object.fromEntries(
        changes.filter((one) => one['account'] === account).map((one) => [one['field'], one['changed_by']]),
      );
    expect(byWhom('A1')).toEqual({
      first_name: 'push',
      balance: 'push',
      phone1: 'push',
      account_block: 'push',
      due_date: 'push',
      last_name: 'pull',
      city: 'pull',
      modify_date: 'push',
    });
    expect(byWhom('A2')).toEqual({ first_name: 'pull', city: 'pull', modify_date: 'pull' });
    const versions = await store.pool.query(
      `select account, changed_by, pushed_fields from mirror.contact_versions order by 1`,
    );
    expect(versions.rows).toEqual([
      {
        account: 'A1',
        changed_by: 'push',
        pushed_fields: expect.arrayContaining(['firstName', 'balance', 'phone1', 'accountBlock', 'dueDate']),
      },
      { account: 'A2', changed_by: 'pull', pushed_fields: null },
    ]);
  });

  it('the names of columns and of the vendor’s fields differ in case and underscores only', () => {
    const unlike = contactFields.filter((field) => field.name.toLowerCase() !== field.column.replaceAll('_', ''));
    expect(unlike).toEqual([]);
  });
});

describe('the months of the history', () => {
  it('versions lie in the partition of their month, which is made ahead', async () => {
    const { store, merge } = await setupMerge('UTC');
    await merge([{ account: 'A1' }], { now: new Date('2026-03-02') });
    await merge([{ account: 'A1', firstName: 'Ann' }], { now: new Date('2026-03-31T23:59:59Z') });
    await merge([{ account: 'A1', firstName: 'Bob' }], { now: new Date('2026-04-01') });
    const found = await store.pool.query(
      `select tableoid::regclass::text as month, first_name from mirror.contact_versions order by known_until`,
    );
    expect(found.rows).toEqual([
      { month: 'mirror_history.contact_versions_2026_03', first_name: null },
      { month: 'mirror_history.contact_versions_2026_04', first_name: 'Ann' },
    ]);
    expect(await selectMonths(store)).toEqual(['2026_03', '2026_04', '2026_05']);
  });

  it('the retention drops whole months of this tenant alone, deletes from shared ones, and keeps for ever with 0', async () => {
    const { store, merge } = await setupMerge('UTC');
    for (const [index, month] of ['01', '02', '03', '04'].entries()) {
      await merge([{ account: 'A1', city: String(index) }], { now: new Date(`2026-${month}-10`) });
    }
    await store.pool.query(
      `insert into mirror.contact_versions (tenant, account, first_seen_at, merged_at, merged_by, known_until, replaced_by, changed_by)
       values ('other', 'A1', now(), '2026-01-01', $1, '2026-02-20', $1, 'pull')`,
      [randomUUID()],
    );
    const now = new Date('2026-05-31');
    expect(await pruneHistory(store, { tenant: 'acme', keepMonths: 0, now })).toEqual({ months: 0, versions: 0 });
    expect(await pruneHistory(store, { tenant: 'acme', keepMonths: 2, now })).toEqual({ months: 1, versions: 1 });
    expect(await selectMonths(store)).toEqual(['2026_02', '2026_03', '2026_04', '2026_05']);
    const left = await store.pool.query(`select tenant, city from mirror.contact_versions order by known_until`);
    expect(left.rows).toEqual([
      { tenant: 'other', city: null },
      { tenant: 'acme', city: '1' },
      { tenant: 'acme', city: '2' },
    ]);
    expect(await pruneHistory(store, { tenant: 'other', keepMonths: 2, now })).toEqual({ months: 1, versions: 0 });
  });

  it('a reader in the way of a new month does not fail the merge; versions wait in the default partition', async () => {
    const { store, merge } = await setupMerge('UTC');
    const reader = await store.pool.connect();
    await reader.query('begin');
    await reader.query('select from mirror_history.contact_versions_default');
    await merge([{ account: 'A1' }]);
    await merge([{ account: 'A1', city: 'Rome' }]);
    await reader.query('rollback');
    reader.release();
    const found = await store.pool.query(`select tableoid::regclass::text as month from mirror.contact_versions`);
    expect(found.rows).toEqual([{ month: 'mirror_history.contact_versions_default' }]);
    expect(await merge([{ account: 'A1', city: 'Bonn' }])).toMatchObject({ changed: 1 });
    expect(await selectMonths(store)).toEqual(['2026_04']);
  });
});

async function selectMonths(store: Store): Promise<string[]> {
  const found = await store.pool.query<{ month: string }>(
    `select right(relname, 7) as month from pg_class
      where relnamespace = 'mirror_history'::regnamespace and relkind = 'r' and relname ~ '[0-9]$' order by 1`,
  );
  return found.rows.map((row) => row.month);
}

/** One accepted chunk with a patch for each account. */
async function storePatches(store: Store, runId: string, patches: Record<string, unknown>): Promise<void> {
  const id = randomUUID();
  await store.pool.query(
    `insert into sync.change_sets (id, tenant, run_id, system_of_record, state, created_at) values ($1, 'acme', $2, 'crm', 'pushed', now())`,
    [id, runId],
  );
  await store.pool.query(
    `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at) values ($1, 1, 'update', 'bulk_update', 1, 'accepted', now())`,
    [id],
  );
  await store.pool.query(
    `insert into sync.patches (change_set_id, seq, account, operation, endpoint, changes, sends, chunk_seq)
     select $1, row_number() over (), p.key, 'update', 'bulk_update', p.value, '{}', 1 from jsonb_each($2::jsonb) p`,
    [id, JSON.stringify(patches)],
  );
}

/**
 * The comparison: finds every contact that differs, whether its mirror's side was made anew or brought up to date, and only what the owners
 * let count. The mirror is written by real merges and sweeps.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CanonicalValue, contactFields, type Owner } from '../../src/contact/index.ts';
import {
  compareSweep,
  copyMirrorBefore,
  copySweepRows,
  dropSweepTables,
  insertSweep,
  loadFirst,
  makeStage,
  makeSweepTables,
  openRun,
  type Store,
  settleSweep,
} from '../../src/store/index.ts';
import { compareWith } from './comparison-setup.ts';
import { type Contact, landDownload, setupMerge } from './merge-setup.ts';

const record: Readonly<Record<string, Owner>> = { firstName: 'record', balance: 'record', accountBlock: 'record' };
const modifyDate = '2026-03-01T10:00:00Z';
const ann: Contact = { account: 'A', firstName: 'Ann', balance: '10.50', accountBlock: 'true', modifyDate };

/** A whole sweep that shows these accounts, in a run of its own. */
async function sweep(store: Store, accounts: readonly string[]): Promise<void> {
  const tenant = 'acme';
  const runId = await openRun(store, { tenant, kind: 'sweep', startedFrom: 'command' });
  const serverNow = new Date('2026-03-02T12:00:00Z');
  const sweepId = await insertSweep(store.pool, { tenant, runId, startsAt: undefined, endsAt: undefined, serverNow });
  const tables = await makeSweepTables(store.pool, runId);
  await copyMirrorBefore(store.pool, tables, tenant);
  const rows = async function* () {
    yield accounts.map((account) => ({ account, modifyDate }));
  };
  await copySweepRows(store, { tables, timeZone: 'UTC', rows: rows() });
  const scope = { startsAt: undefined, endsAt: undefined, withUndated: true };
  const compared = await compareSweep(store.pool, tables, scope);
  const counts = { ...compared, serverNow, requests: 1, rows: accounts.length, unreadable: 0, tombstones: 0 };
  const rest = { isWhole: true, scope, timeZone: 'UTC', settledUntil: serverNow, independentAfterMs: 0, counts };
  await settleSweep(store, { sweepId, tenant, tables, ...rest });
  await dropSweepTables(store.pool, tables);
  await store.pool.query(`update sync.runs set state = 'proven', ended_at = now() where id = $1`, [runId]);
}

describe('what differs', () => {
  const found = async (
    mirror: Contact,
    fields: Record<string, CanonicalValue>,
    owners: Record<string, Owner>,
    now?: Date,
  ): Promise<boolean> => {
    const { store, merge } = await setupMerge();
    await merge([mirror]);
    const { candidates } = await compareWith(store, [{ account: 'A', fields }], { owners, now });
    return candidates.length === 1;
  };

  test('nothing, when both sides mean the same in other spellings', async () => {
    expect(await found(ann, { firstName: 'Ann', balance: '10.5', accountBlock: 'true' }, record)).toBe(false);
  });

  test('a value, an empty value, and a row that does not speak of every field', async () => {
    const { store, merge } = await setupMerge();
    await merge(['A', 'B', 'C', 'D'].map((account) => ({ ...ann, account })));
    const same = { firstName: 'Ann', balance: '10.5' };
    const { candidates } = await compareWith(
      store,
      [
        { account: 'D', fields: { firstName: 'Ann' } },
        { account: 'A', fields: { ...same, firstName: 'Eve' } },
        { account: 'B', fields: same },
        { account: 'C', fields: { ...same, balance: null } },
      ],
      { owners: record },
    );
    expect(candidates).toEqual(['A', 'C', 'D']);
  });

  test.each<[Owner, string, CanonicalValue, boolean]>([
    ['record', 'true', 'false', true],
    ['newest', 'true', 'false', true],
    ['most-restrictive', 'true', 'false', false],
    ['most-restrictive', '', 'true', true],
    ['only-if-empty', '', 'true', true],
    ['livevox', 'true', 'false', false],
    ['record', '', 'false', false],
  ])('a block owned by %s: LiveVox "%s", desired %s: %s', async (owner, held, wanted, expected) => {
    expect(await found({ ...ann, accountBlock: held }, { accountBlock: wanted }, { accountBlock: owner })).toBe(
      expected,
    );
  });

  test.each<[Owner, string, CanonicalValue, boolean]>([
    ['most-restrictive', 'true', 'false', true],
    ['most-restrictive', 'false', 'true', false],
    ['record', 'false', 'true', true],
    ['record', '', 'true', true],
  ])('a consent owned by %s: LiveVox "%s", desired %s: %s', async (owner, held, wanted, expected) => {
    const owners = { primaryEmailConsent: owner } as const;
    expect(await found({ ...ann, primaryEmailConsent: held }, { primaryEmailConsent: wanted }, owners)).toBe(expected);
  });

  test.each<[Owner, string, CanonicalValue, boolean]>([
    ['only-if-empty', '', 'x@y.example', true],
    ['only-if-empty', 'a@b.example', 'x@y.example', false],
    ['only-if-empty', '', null, false],
    ['livevox', '', 'x@y.example', false],
  ])('a text owned by %s: LiveVox "%s", desired %s: %s', async (owner, held, wanted, expected) => {
    expect(await found({ ...ann, email: held }, { email: wanted }, { email: owner })).toBe(expected);
  });

  test('a daily block counts on the day the row was read, in the zone of the client, and not on the next', async () => {
    const mirror = { ...ann, accountBlockDaily: 'true' };
    const owners = { accountBlockDaily: 'record' } as const;
    // Merged at 12:00:05Z on March 2, which is 07:00 in New York.
    const sameDay = new Date('2026-03-03T04:59:00Z');
    const nextDay = new Date('2026-03-03T05:01:00Z');
    expect(await found(mirror, { accountBlockDaily: 'true' }, owners, sameDay)).toBe(false);
    expect(await found(mirror, { accountBlockDaily: 'true' }, owners, nextDay)).toBe(true);
    expect(await found(mirror, { accountBlockDaily: 'false' }, owners, nextDay)).toBe(false);
  });

  test('of a row that only restricts, its switches alone, and never a contact that LiveVox lacks', async () => {
    const { store, merge } = await setupMerge();
    await merge([ann, { ...ann, account: 'B', accountBlock: '' }]);
    const restrictsOnly = true;
    const fields = { accountBlock: 'true' };
    const wanted = ['A', 'B', 'C'].map((account) => ({ account, fields, restrictsOnly }));
    expect((await compareWith(store, wanted, { owners: record })).candidates).toEqual(['B']);
  });

  test('what a complete reading lacks; a contact that it only names is there', async () => {
    const { store, merge } = await setupMerge();
    await merge(['A', 'B', 'C', 'D'].map((account) => ({ ...ann, account })));
    const same = { firstName: 'Ann', balance: '10.5', accountBlock: 'true' };
    const wanted = [
      { account: 'A', fields: same },
      { account: 'B', fields: {}, restrictsOnly: true },
      { account: 'E', fields: same },
    ];
    const complete = await compareWith(store, wanted, { owners: record, isComplete: true });
    expect(complete).toMatchObject({ candidates: ['E'], absent: ['C', 'D'] });
    const partial = await compareWith(store, wanted, { owners: record });
    expect(partial).toMatchObject({ candidates: ['E'], absent: [] });
  });

  test('a row whose digest was taken away, as a policy does that changes it', async () => {
    const { store, merge } = await setupMerge();
    await merge([ann, { ...ann, account: 'B' }]);
    const fields = { firstName: 'Ann', balance: '10.5', accountBlock: 'true' };
    const { candidates } = await compareWith(store, [{ account: 'A', fields }], {
      owners: record,
      before: async (table) => {
        await store.pool.query(`update ${table} set hash = null, bits = null, said = null`);
        await store.pool.query(
          `insert into ${table} (account, line, restricts_only, fields) values ('B', 0, true, '{"accountBlock": "true"}'), ('Z', 0, true, '{}')`,
        );
      },
    });
    expect(candidates).toEqual(['A', 'B']);
  });
});

describe('the mirror’s side', () => {
  test('is read once, then only where the mirror was written', async () => {
    const { store, merge } = await setupMerge();
    const compare = () => compareWith(store, [], { owners: record });
    await merge(['A', 'B', 'C'].map((account) => ({ ...ann, account })));
    expect((await compare()).refreshed).toMatchObject({ isNew: true, rows: 3, digested: 3 });
    expect((await compare()).refreshed).toMatchObject({ isNew: false, rows: 3, digested: 0 });
    await merge([
      { ...ann, account: 'B', firstName: 'Bea' },
      { ...ann, account: 'D' },
    ]);
    expect((await compare()).refreshed).toMatchObject({ isNew: false, rows: 4, digested: 2 });
    expect((await store.pool.query('select from sync.touched_contacts')).rowCount).toBe(0);
  });

  test('is made anew when other fields are compared, and after a crash of the database', async () => {
    const { store, merge } = await setupMerge();
    await merge([ann]);
    const compare = async (owners: Record<string, Owner>) => (await compareWith(store, [], { owners })).refreshed.isNew;
    expect(await compare(record)).toBe(true);
    expect(await compare({ ...record, city: 'record' })).toBe(true);
    expect(await compare({ ...record, city: 'record' })).toBe(false);
    const { rows } = await store.pool.query<{ id: string }>('select id from sync.comparisons');
    // What a crash does to an unlogged table.
    await store.pool.query(`truncate sync.compared_${rows[0]!.id}`);
    expect(await compare({ ...record, city: 'record' })).toBe(true);
  });

  test('nothing is noted for a tenant without a comparison, and no longer when nobody has planned for two weeks', async () => {
    const { store, merge } = await setupMerge();
    const touched = async () => (await store.pool.query('select from sync.touched_contacts')).rowCount;
    await merge([ann]);
    expect(await touched()).toBe(0);
    await compareWith(store, [], { owners: record });
    await merge([{ ...ann, firstName: 'Bea' }]);
    expect(await touched()).toBe(1);
    await store.pool.query(`update sync.comparisons set built_at = built_at - interval '15 days', desired_at = null`);
    await merge([{ ...ann, firstName: 'Cleo' }]);
    expect(await touched()).toBe(0);
    expect((await compareWith(store, [], { owners: record })).refreshed.isNew).toBe(true);
  });

  test('is made anew after a first load, which notes no contact by itself', async () => {
    const { store, runId } = await setupMerge();
    expect((await compareWith(store, [], { owners: record })).refreshed).toMatchObject({ isNew: true, rows: 0 });
    const stage = await makeStage(store.pool, runId);
    const { bytes, sha256, rows: _rows, ...download } = await landDownload(store, runId, 1);
    const line = `${contactFields.map((field) => ann[field.name] ?? '').join(',')}\n`;
    const rows = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(line);
    };
    const serverNow = new Date('2026-03-02T12:00:00Z');
    const loaded = await loadFirst(store, {
      ...{ tenant: 'acme', stage, timeZone: 'UTC', now: serverNow, isRepair: false, covers: undefined, serverNow },
      ...{ overlapMs: 0, customFields: [], download, landed: Promise.resolve({ bytes, sha256 }) },
      ...{ rows: rows(), toLine: (at: number) => at, countRows: () => ({ passed: 1, rejected: 0 }) },
    });
    expect(loaded?.added).toBe(1);
    expect((await store.pool.query('select from sync.touched_contacts')).rowCount).toBe(0);
    expect((await compareWith(store, [], { owners: record })).refreshed).toMatchObject({ isNew: true, rows: 1 });
  });

  test('a mirror that is written while a plan is computed ends the plan', async () => {
    const { store, merge } = await setupMerge();
    await merge([ann]);
    await compareWith(store, [], { owners: record });
    const before = async (): Promise<void> => void (await merge([{ ...ann, firstName: 'Bea' }]));
    await expect(compareWith(store, [], { owners: record, before })).rejects.toThrow('plan again');
  });

  test('is the same, and finds the same, brought up to date through any pulls and sweeps as made anew', async () => {
    const owners: Record<string, Owner> = {
      firstName: 'record',
      email: 'only-if-empty',
      phone1: 'livevox',
      phone1Block: 'most-restrictive',
      phone1BlockDaily: 'record',
      active: 'record',
    };
    const accounts = ['A', 'B', 'Ç', 'd', 'E\\t'];
    const contact = fc.record({
      account: fc.constantFrom(...accounts),
      firstName: fc.constantFrom('', 'Ann', '\\N', 'a\\b'),
      email: fc.constantFrom('', 'a@b.example'),
      phone1: fc.constantFrom('', '2025550101'),
      phone1Block: fc.constantFrom('', 'true'),
      phone1BlockDaily: fc.constantFrom('', 'true'),
      active: fc.constantFrom('true', 'false'),
    });
    const contacts = fc.uniqueArray(contact, { selector: ({ account }) => account });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('pull' as const), contacts }),
      fc.record({ kind: fc.constant('sweep' as const), shown: fc.subarray(accounts) }),
      fc.record({ kind: fc.constant('plan' as const), contacts, isComplete: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        const { store, merge } = await setupMerge();
        let day = 2;
        for (const one of [...steps, { kind: 'plan' as const, contacts: [], isComplete: true }]) {
          day += 1;
          const now = new Date(Date.UTC(2026, 2, day, 12));
          if (one.kind === 'pull')
            await merge(
              one.contacts.map((row) => ({ ...row, modifyDate })),
              { now },
            );
          else if (one.kind === 'sweep') await sweep(store, one.shown);
          else {
            const wanted = one.contacts.map(({ account, ...values }) => {
              const said = Object.entries(values).filter(([name, value]) => value !== '' || name === 'email');
              return { account, fields: Object.fromEntries(said.map(([name, value]) => [name, value || null])) };
            });
            const { isComplete } = one;
            const kept = await compareWith(store, wanted, { owners, isComplete, now, name: 'kept' });
            await store.pool.query(`update sync.comparisons set key = '' where system_of_record = 'anew'`);
            const anew = await compareWith(store, wanted, { owners, isComplete, now, name: 'anew' });
            expect(anew.refreshed.isNew).toBe(true);
            const { refreshed, ...rest } = kept;
            expect({ ...rest, rows: refreshed.rows }).toEqual({
              candidates: anew.candidates,
              absent: anew.absent,
              mirrorSide: anew.mirrorSide,
              rows: anew.refreshed.rows,
            });
          }
        }
        await store.pool.end();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 120_000);
});

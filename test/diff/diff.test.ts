/** A plan from its system of record to the sealed change set, over a mirror that real merges wrote. */

import { describe, expect, test } from 'vitest';
import { fileSchema } from '../../src/config/file-schema.ts';
import { type Owner, Seal, type SealedRow, toRestrictions } from '../../src/contact/index.ts';
import { type DiffInput, type DiffResult, diff } from '../../src/diff/diff.ts';
import { silentLog } from '../../src/log.ts';
import { silentProgress } from '../../src/progress.ts';
import { openRun, type Store } from '../../src/store/index.ts';
import type { RecordRow, SystemOfRecord } from '../../src/system-of-record/index.ts';
import { setupMerge } from '../store/merge-setup.ts';

const owners: Readonly<Record<string, Owner>> = { firstName: 'record', balance: 'record', accountBlock: 'record' };
const { guards } = fileSchema.parse({ tenants: { acme: {} } }).tenants['acme']!;
const waiting = {
  plans: { approveAll: false, expiresMs: 86_400_000 },
  fanOut: undefined,
  expiresAt: new Date('2026-03-03T13:00:00Z'),
};
const held = { firstName: 'Ann', balance: '10.50', accountBlock: '', active: 'true', lvAccountId: '7' };
const wanted = { firstName: 'Ann', balance: '10.5' };

type Fields = Readonly<Record<string, string | null>>;

function row(account: string, fields: Fields, line: number): RecordRow {
  return { kind: 'desired', account, line, fields, raw: `${account},raw ${line}` };
}

function unusable(account: string | undefined, fields: Fields, line: number): RecordRow {
  return {
    kind: 'unusable',
    account,
    line,
    reason: 'balance: no number',
    restrictions: toRestrictions(fields),
    raw: 'x',
  };
}

function sourceOf(
  rows: readonly RecordRow[],
  isComplete = true,
  onAbsence: SystemOfRecord['onAbsence'] = 'nothing',
): SystemOfRecord {
  return {
    label: 'crm.csv',
    isComplete,
    onAbsence,
    filesPassedOver: 0,
    owners,
    rows: async function* () {
      yield* rows;
    },
  };
}

async function setup(accounts: readonly string[]) {
  const { store, merge } = await setupMerge();
  await merge(accounts.map((account) => ({ ...held, account })));
  const plan = async (source: SystemOfRecord, over: Partial<DiffInput> = {}): Promise<DiffResult> => {
    const runId = await openRun(store, { tenant: 'acme', kind: 'plan', startedFrom: 'command' });
    const clock = { now: () => new Date('2026-03-02T13:00:00Z'), sleep: async () => {} };
    const input = { tenant: 'acme', runId, timeZone: 'America/New_York', sourceName: 'crm', source };
    const result = await diff(
      { store, clock, log: silentLog, progress: silentProgress },
      { ...input, ...waiting, createActive: true, guards, ...over },
    );
    await store.pool.query(`update sync.runs set state = 'proven', ended_at = now() where id = $1`, [runId]);
    return result;
  };
  return { store, merge, plan };
}

async function readPlan(store: Store, changeSetId: string) {
  const patches = await store.pool.query<SealedRow>(
    `select seq::int as seq, account, lv_account_id::text as "lvAccountId", operation, endpoint, changes, sends,
            to_char(base_merged_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as base
       from sync.patches where change_set_id = $1 order by seq`,
    [changeSetId],
  );
  const sets = await store.pool.query<{ seal: string; policy: unknown; state: string; holds: unknown }>(
    `select seal, policy, state, holds from sync.change_sets where id = $1`,
    [changeSetId],
  );
  return { patches: patches.rows, set: sets.rows[0]! };
}

describe('diff', () => {
  test('plans what differs, in the order of accounts, and every row is accounted for', async () => {
    const { store, plan } = await setup(['A', 'B', 'C', 'D']);
    const { changeSetId, counts } = await plan(
      sourceOf([
        row('New', wanted, 2),
        row('C', { ...wanted, firstName: 'Eve' }, 3),
        row('A', wanted, 4),
        unusable('B', { accountBlock: 'true' }, 5),
        unusable('N2', { accountBlock: 'true' }, 6),
      ]),
    );
    expect(counts).toMatchObject({ read: 5, accepted: 3, quarantined: 2, restrictsOnly: 2, unnamed: 0 });
    expect(counts).toMatchObject({ candidates: 3, same: 2, absent: 1, mirrorContacts: 4 });
    expect(counts).toMatchObject({ blocks: 1, creates: 1, updates: 1, lifts: 0, deactivations: 0 });
    const { patches } = await readPlan(store, changeSetId);
    expect(patches.map(({ account, operation }) => `${account} ${operation}`)).toEqual([
      'B block',
      'C update',
      'New create',
    ]);
  });

  test('of the same rows is the same plan with the same seal, in whatever order they come; of no difference it is empty', async () => {
    const { store, plan } = await setup(['A', 'B']);
    const rows = [row('A', wanted, 1), row('B', { ...wanted, firstName: 'Eve' }, 2), row('C', wanted, 3)];
    const one = await plan(sourceOf(rows));
    const other = await plan(sourceOf([...rows].reverse()));
    const [first, second] = [await readPlan(store, one.changeSetId), await readPlan(store, other.changeSetId)];
    expect(first.patches).toEqual(second.patches);
    expect(first.set.seal).toBe(second.set.seal);
    const empty = await plan(sourceOf([row('A', wanted, 1), row('B', wanted, 2)]));
    expect(empty.counts).toMatchObject({ candidates: 0, same: 2 });
    expect((await readPlan(store, empty.changeSetId)).patches).toEqual([]);
  });

  test('the seal is that of the stored rows and policy', async () => {
    const { store, plan } = await setup(['A', 'B']);
    const { changeSetId } = await plan(
      sourceOf([row('A', { ...wanted, balance: null, accountBlock: 'true' }, 1), row('Z', wanted, 2)]),
    );
    const { patches, set } = await readPlan(store, changeSetId);
    expect(patches.map(({ base }) => base)).toEqual(['2026-03-02T12:00:05.000000', '2026-03-02T12:00:05.000000', null]);
    const seal = new Seal();
    for (const patch of patches) seal.add(patch);
    expect(set).toMatchObject({ state: 'planned', seal: seal.finish(set.policy, []), holds: [] });
  });

  test('rows of an account that repeats are set aside with line and text; their blocks remain', async () => {
    const { store, plan } = await setup(['A', 'B']);
    const { counts, changeSetId } = await plan(
      sourceOf([
        row('A', { ...wanted, firstName: 'Eve' }, 2),
        row('B', wanted, 3),
        row('A', { ...wanted, accountBlock: 'true' }, 4),
      ]),
    );
    expect(counts).toMatchObject({ read: 3, accepted: 1, quarantined: 2, restrictsOnly: 1, same: 1, absent: 0 });
    const quarantined = await store.pool.query(
      'select line::int, account, reason, raw from sync.quarantine order by line',
    );
    const reason = 'the account appears more than once';
    expect(quarantined.rows).toEqual([
      { line: 2, account: 'A', reason, raw: 'A,raw 2' },
      { line: 4, account: 'A', reason, raw: 'A,raw 4' },
    ]);
    const { patches } = await readPlan(store, changeSetId);
    expect(patches.map(({ account, operation, changes }) => [account, operation, changes])).toEqual([
      ['A', 'block', { accountBlock: ['false', 'true'] }],
    ]);
  });

  test('whom a complete system of record lacks is deactivated where that is wanted, but not whom it only names', async () => {
    const { store, plan } = await setup(['A', 'B', 'C', 'D']);
    const rows = [row('A', wanted, 2), unusable('B', {}, 3), row('C', wanted, 4), row('C', wanted, 5)];
    const acted = await plan(sourceOf(rows, true, 'deactivate'));
    expect(acted.counts).toMatchObject({ deactivations: 1, absent: 1, same: 1 });
    const { patches } = await readPlan(store, acted.changeSetId);
    expect(patches.map(({ account, operation }) => [account, operation])).toEqual([['D', 'deactivate']]);
    expect((await plan(sourceOf(rows))).counts).toMatchObject({ deactivations: 0, absent: 1 });
    const partial = await plan(sourceOf(rows, false, 'deactivate'));
    expect(partial.counts).toMatchObject({ deactivations: 0, absent: 0 });
  });

  test('nobody is taken for gone while a row’s account cannot be read', async () => {
    const { plan } = await setup(['A', 'D']);
    const rows = [row('A', wanted, 2), unusable(undefined, {}, 3)];
    const { counts } = await plan(sourceOf(rows, true, 'deactivate'));
    expect(counts).toMatchObject({ deactivations: 0, absent: 1, unnamed: 1 });
  });

  test('a source that breaks off stores no plan', async () => {
    const { store, plan } = await setup(['A']);
    const rows = async function* (): AsyncGenerator<RecordRow> {
      yield row('A', { ...wanted, firstName: 'Eve' }, 2);
      throw new Error('the file ends in the middle of a row');
    };
    await expect(plan({ ...sourceOf([]), rows })).rejects.toThrow('the file ends');
    expect((await store.pool.query('select from sync.change_sets')).rowCount).toBe(0);
    expect((await plan(sourceOf([row('A', wanted, 2)]))).counts).toMatchObject({ same: 1, candidates: 0 });
  });

  test('finds in the next plan what a pull has changed', async () => {
    const { merge, plan } = await setup(['A', 'B']);
    const rows = [row('A', wanted, 1), row('B', wanted, 2)];
    expect((await plan(sourceOf(rows))).counts).toMatchObject({ candidates: 0, same: 2 });
    await merge([{ ...held, account: 'B', firstName: 'Bea' }]);
    expect((await plan(sourceOf(rows))).counts).toMatchObject({ candidates: 1, same: 1, updates: 1 });
  });

  test('a guard holds it with its word and what it takes to let it through', async () => {
    const { store, plan } = await setup(['A']);
    const source = sourceOf([row('B', wanted, 1), row('C', wanted, 2)]);
    const { changeSetId, heldBecause } = await plan(source, { guards: { ...guards, maxCreates: 1 } });
    expect(heldBecause).toHaveLength(1);
    const { set } = await readPlan(store, changeSetId);
    expect(set).toMatchObject({
      state: 'held',
      holds: [{ guard: 'maxCreates', approvers: 1, sentence: heldBecause[0] }],
    });
  });
});

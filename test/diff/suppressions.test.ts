/** The clock of a stop begins with the first plan that holds it, and ends when it was seen, or when it is sure that nobody asks for it. */
import { describe, expect, test } from 'vitest';
import { fileSchema } from '../../src/config/file-schema.ts';
import { type Owner, toRestrictions } from '../../src/contact/index.ts';
import { type DiffInput, diff } from '../../src/diff/diff.ts';
import { silentLog } from '../../src/log.ts';
import { silentProgress } from '../../src/progress.ts';
import { insertSuppressions, markSuppressions, openRun, type Store, withTransaction } from '../../src/store/index.ts';
import type { RecordRow, SystemOfRecord } from '../../src/system-of-record/index.ts';
import { setupMerge } from '../store/merge-setup.ts';
import { storePlan } from '../support/stored-plan.ts';

const owners: Readonly<Record<string, Owner>> = {
  firstName: 'record',
  phone1: 'record',
  accountBlock: 'most-restrictive',
  accountBlockDaily: 'most-restrictive',
  phone1Block: 'most-restrictive',
  phone1CellConsent: 'most-restrictive',
  primaryEmailConsent: 'most-restrictive',
  active: 'record',
};
const { guards } = fileSchema.parse({ tenants: { acme: {} } }).tenants['acme']!;
const number = '2124567890';
const shown = {
  firstName: 'Ann',
  phone1: number,
  phone1CellConsent: 'true',
  primaryEmailConsent: 'true',
  active: 'true',
  lvAccountId: '7',
};
const same = { firstName: 'Ann', phone1: number, active: 'true' };
const blocked = { ...same, accountBlock: 'true' };

type Fields = Readonly<Record<string, string | null>>;

function row(account: string, fields: Fields, changedAt?: string): RecordRow {
  return { kind: 'desired', account, line: 1, fields, raw: account, ...(changedAt === undefined ? {} : { changedAt }) };
}

function unusable(account: string | undefined, fields: Fields): RecordRow {
  return { kind: 'unusable', account, line: 9, reason: 'x', restrictions: toRestrictions(fields), raw: 'x' };
}

type PlanOptions = { readonly isComplete?: boolean; readonly over?: Partial<DiffInput> };

async function setup(accounts: readonly string[] = ['A']) {
  const { store, merge } = await setupMerge();
  await merge(accounts.map((account) => ({ ...shown, account })));
  const plan = async (rows: readonly RecordRow[], { isComplete = true, over = {} }: PlanOptions = {}) => {
    const runId = await openRun(store, { tenant: 'acme', kind: 'plan', startedFrom: 'command' });
    const source: SystemOfRecord = {
      label: 'crm.csv',
      isComplete,
      onAbsence: 'nothing',
      filesPassedOver: 0,
      owners,
      rows: async function* () {
        yield* rows.map((one, index) => ({ ...one, line: index + 2 }));
      },
    };
    const clock = { now: () => new Date('2026-03-02T13:00:00Z'), sleep: async () => {} };
    const { changeSetId } = await diff(
      { store, clock, log: silentLog, progress: silentProgress },
      {
        tenant: 'acme',
        runId,
        timeZone: 'America/New_York',
        sourceName: 'crm',
        source,
        createActive: true,
        guards,
        plans: { approveAll: false, expiresMs: 86_400_000 },
        fanOut: undefined,
        expiresAt: new Date(Date.now() + 3_600_000),
        ...over,
      },
    );
    await store.pool.query(`update sync.runs set state = 'proven', ended_at = now() where id = $1`, [runId]);
    return changeSetId;
  };
  return { store, merge, plan };
}

async function readStops(store: Store) {
  const found = await store.pool.query<{
    account: string;
    field: string;
    kind: string;
    asked: Date;
    from: string;
    planned: Date;
    sent: Date | null;
    verified: Date | null;
    because: string | null;
    plan: string;
  }>(
    `select account, field, kind, asked_at as asked, asked_from as "from", planned_at as planned, sent_at as sent, verified_at as verified,
            ended_because as because, change_set_id as plan
       from sync.suppressions order by account, field, id`,
  );
  return found.rows;
}

/** `A accountBlock open`, one line per stop. */
async function tellStops(store: Store): Promise<readonly string[]> {
  const stops = await readStops(store);
  return stops.map(({ account, field, verified, because }) => {
    const state = verified !== null ? 'seen' : (because ?? 'open');
    return `${account} ${field} ${state}`;
  });
}

/** As if the plan's blocks had left in one chunk. */
async function send(store: Store, changeSetId: string): Promise<void> {
  await store.pool.query(
    `with chunk as (
       insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at, answered_at)
       values ($1, 1, 'block', 'multi_dnd', 1, 'accepted', clock_timestamp(), clock_timestamp())
     )
     update sync.patches set chunk_seq = 1 where change_set_id = $1 and operation = 'block'`,
    [changeSetId],
  );
}

async function confirm(store: Store, changeSetId: string): Promise<void> {
  await store.pool.query(
    `update sync.patches set verdict = 'confirmed', verdict_at = clock_timestamp() where change_set_id = $1 and chunk_seq is not null`,
    [changeSetId],
  );
}

describe('what is a stop', () => {
  test('a lasting block that is set and a consent that is taken back; nothing else of a plan', async () => {
    const { store, plan } = await setup(['Account', 'Consent', 'Daily', 'Email', 'Gone', 'Inactive', 'Name', 'Phone']);
    await plan([
      row('Account', blocked),
      row('Consent', { ...same, phone1CellConsent: 'false' }),
      row('Daily', { ...same, accountBlockDaily: 'true' }),
      row('Email', { ...same, primaryEmailConsent: 'false' }),
      row('Inactive', { ...same, active: 'false' }),
      row('Name', { ...same, firstName: 'Eve' }),
      row('Phone', { ...same, phone1Block: 'true' }),
    ]);
    const stops = await readStops(store);
    expect(stops.map(({ account, field, kind }) => `${account} ${field} ${kind}`)).toEqual([
      'Account accountBlock block',
      'Consent phone1CellConsent consent',
      'Email primaryEmailConsent consent',
      'Phone phone1Block block',
    ]);
  });

  test('a block that comes with a new contact, or with a new number, is none: nobody could be dialled there', async () => {
    const { store, plan } = await setup();
    await plan([row('New', blocked), row('A', { ...same, phone1: '2124567891', phone1Block: 'true' })]);
    const blocks = await store.pool.query(
      `select account, operation from sync.patches where changes ?| array['accountBlock', 'phone1Block'] order by account`,
    );
    expect(blocks.rows).toEqual([
      { account: 'A', operation: 'update' },
      { account: 'New', operation: 'create' },
    ]);
    expect(await tellStops(store)).toEqual([]);
  });

  test('a row that cannot be used asks for its blocks all the same', async () => {
    const { store, plan } = await setup();
    await plan([unusable('A', blocked)]);
    expect(await tellStops(store)).toEqual(['A accountBlock open']);
  });
});

describe('asked', () => {
  test('is when the row changed, as the system of record says, and stays so while the stop is open', async () => {
    const { store, plan } = await setup();
    await plan([row('A', blocked, '2026-02-27T09:30:00.000Z')]);
    const [first] = await readStops(store);
    expect(first).toMatchObject({ asked: new Date('2026-02-27T09:30:00Z'), from: 'record' });
    const second = await plan([row('A', blocked, '2026-03-01T09:30:00.000Z')]);
    expect(await readStops(store)).toEqual([{ ...first, plan: second }]);
  });

  test('is when a plan saw it first where the record does not say, and never later than that', async () => {
    const { store, plan } = await setup(['A', 'B']);
    await plan([row('A', blocked), row('B', blocked, '2999-01-01T00:00:00.000Z')]);
    const created = await store.pool.query<{ at: Date }>(`select created_at as at from sync.change_sets`);
    const at = created.rows[0]!.at;
    expect(await readStops(store)).toMatchObject([
      { account: 'A', asked: at, from: 'first_seen' },
      { account: 'B', asked: at, from: 'record' },
    ]);
    for (const { asked, planned } of await readStops(store)) expect(planned >= asked).toBe(true);
  });

  test('of a fan-out is when the other contact asked', async () => {
    const { store, plan } = await setup(['A', 'B']);
    const asked = '2026-02-27T09:30:00.000Z';
    const fanOut = { blocks: true, livevox: true, cellConsents: false, smsConsents: false, from: '2026-01-01' };
    await plan([row('A', { ...same, phone1Block: 'true' }, asked), row('B', same, '2026-03-01T00:00:00.000Z')], {
      over: { fanOut },
    });
    expect(await readStops(store)).toMatchObject([
      { account: 'A', field: 'phone1Block', asked: new Date(asked) },
      { account: 'B', field: 'phone1Block', asked: new Date(asked), from: 'record' },
    ]);
  });

  test('begins anew when LiveVox loses a block that had been seen there', async () => {
    const { store, plan, merge } = await setup();
    const rows = [row('A', blocked, '2026-02-27T09:30:00.000Z')];
    const first = await plan(rows);
    await send(store, first);
    await confirm(store, first);
    await merge([{ ...shown, account: 'A', accountBlock: 'true' }]);
    await plan(rows);
    await merge([{ ...shown, account: 'A' }]);
    await plan(rows);
    expect(await tellStops(store)).toEqual(['A accountBlock seen', 'A accountBlock open']);
    const [seen, open] = await readStops(store);
    expect(seen?.from).toBe('record');
    expect([open?.from, open!.asked > seen!.verified!]).toEqual(['first_seen', true]);
  });
});

describe('sent and verified', () => {
  test('come from the chunk and the verdict, in order, and a repeated call changes nothing', async () => {
    const { store, plan } = await setup();
    const changeSetId = await plan([row('A', blocked, '2026-02-27T09:30:00.000Z')]);
    await markSuppressions(store, 'acme');
    expect(await readStops(store)).toMatchObject([{ sent: null, verified: null }]);
    await send(store, changeSetId);
    await markSuppressions(store, 'acme');
    const [left] = await readStops(store);
    expect([left?.sent instanceof Date, left?.verified]).toEqual([true, null]);
    await confirm(store, changeSetId);
    await markSuppressions(store, 'acme');
    const [seen] = await readStops(store);
    expect(seen!.asked < seen!.planned && seen!.planned < seen!.sent! && seen!.sent! < seen!.verified!).toBe(true);
    await markSuppressions(store, 'acme');
    await withTransaction(store, (client) => insertSuppressions(client, { tenant: 'acme', changeSetId }));
    expect(await readStops(store)).toEqual([seen]);
  });

  test('a verdict other than confirmed leaves it open, also over later plans, which keep its times', async () => {
    const { store, plan } = await setup();
    const rows = [row('A', blocked)];
    const changeSetId = await plan(rows);
    await send(store, changeSetId);
    await store.pool.query(`update sync.patches set verdict = 'not_taken', verdict_at = now()`);
    const next = await plan(rows);
    const [stop] = await readStops(store);
    expect(stop).toMatchObject({ verified: null, because: null, plan: next });
    expect(stop?.sent).not.toBeNull();
  });

  test('what a crash left unnoted is noted by the next plan', async () => {
    const { store, plan, merge } = await setup();
    const changeSetId = await plan([row('A', blocked)]);
    await send(store, changeSetId);
    await confirm(store, changeSetId);
    await merge([{ ...shown, account: 'A', accountBlock: 'true' }]);
    await plan([row('A', blocked)]);
    const [stop] = await readStops(store);
    expect([stop?.sent instanceof Date, stop?.verified instanceof Date, stop?.because]).toEqual([true, true, null]);
  });

  test('a stop that somebody set in LiveVox itself was seen, too', async () => {
    const { store, plan, merge } = await setup(['A', 'B']);
    await plan([row('A', blocked), row('B', { ...same, phone1CellConsent: 'false' })]);
    await merge([
      { ...shown, account: 'A', accountBlock: 'true' },
      { ...shown, account: 'B', phone1CellConsent: '' },
    ]);
    await markSuppressions(store, 'acme');
    expect(await tellStops(store)).toEqual(['A accountBlock seen', 'B phone1CellConsent seen']);
  });

  test('another tenant’s stops are not touched', async () => {
    const { store, plan } = await setup();
    const changeSetId = await plan([row('A', blocked)]);
    await send(store, changeSetId);
    await confirm(store, changeSetId);
    await markSuppressions(store, 'beta');
    expect(await tellStops(store)).toEqual(['A accountBlock open']);
  });
});

describe('a stop ends without having been seen', () => {
  test('when its row does not ask for it any more', async () => {
    const { store, plan } = await setup();
    await plan([row('A', blocked)]);
    await plan([row('A', same)], { isComplete: false });
    expect(await tellStops(store)).toEqual(['A accountBlock no longer asked for']);
    await plan([row('A', blocked)]);
    expect(await tellStops(store)).toEqual(['A accountBlock no longer asked for', 'A accountBlock open']);
  });

  test('when a complete reading lacks the contact, and only then', async () => {
    const { store, plan } = await setup(['A', 'B']);
    await plan([row('A', blocked), row('B', same)]);
    await plan([row('B', same)], { isComplete: false });
    // Whose row that is, nobody knows.
    await plan([row('B', same), unusable(undefined, {})]);
    expect(await tellStops(store)).toEqual(['A accountBlock open']);
    await plan([row('B', same)]);
    expect(await tellStops(store)).toEqual(['A accountBlock the system of record no longer has the contact']);
  });

  test('but not while its row cannot be used, or another system of record is read', async () => {
    const { store, plan } = await setup();
    await plan([row('A', blocked)]);
    await plan([unusable('A', same)]);
    await plan([row('A', same)], { over: { sourceName: 'billing' } });
    expect(await tellStops(store)).toEqual(['A accountBlock open']);
  });

  test('when LiveVox no longer has the contact', async () => {
    const { store, plan } = await setup(['A', 'B']);
    await plan([row('A', blocked)], { isComplete: false });
    await store.pool.query(`update mirror.contacts set tombstoned_at = now() where account = 'A'`);
    await store.pool.query(`update sync.comparisons set key = ''`);
    await plan([row('B', same)], { isComplete: false });
    expect(await tellStops(store)).toEqual(['A accountBlock LiveVox no longer has the contact']);
  });

  test('but never because of a plan that is not made of a reading: an urgent one, or a revert', async () => {
    const { store, plan } = await setup(['A', 'B']);
    await plan([row('A', blocked)]);
    const patch = {
      account: 'B',
      operation: 'block',
      endpoint: 'multi_dnd',
      changes: { accountBlock: ['false', 'true'] },
      sends: { accountBlock: 'PERMANENT' },
    } as const;
    for (const mark of [`urgent = true`, `reverts = id`]) {
      const { changeSetId } = await storePlan(store, { tenant: 'acme', patches: [patch] });
      await store.pool.query(`update sync.change_sets set ${mark} where id = $1`, [changeSetId]);
      await withTransaction(store, (client) => insertSuppressions(client, { tenant: 'acme', changeSetId }));
    }
    expect(await tellStops(store)).toEqual(['A accountBlock open', 'B accountBlock open']);
    expect((await readStops(store))[1]?.from).toBe('first_seen');
  });
});

/** One row of each hazard among a hundred thousand harmless ones: each holds the plan, and nothing of it leaves. As many blocks pass. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { fileSchema } from '../../src/config/file-schema.ts';
import type { CanonicalValue } from '../../src/contact/index.ts';
import { type DiffResult, diff } from '../../src/diff/diff.ts';
import { HeldError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { silentProgress } from '../../src/progress.ts';
import { push } from '../../src/push/push.ts';
import { openRun, type Store } from '../../src/store/index.ts';
import type { SystemOfRecord } from '../../src/system-of-record/index.ts';
import { setupDatabase } from '../support/database.ts';

type Fields = Readonly<Record<string, CanonicalValue>>;

const contacts = 100_000;
const clock = systemClock;
const defaults = fileSchema.parse({ tenants: { acme: {} } }).tenants['acme']!;
/** Everybody changes, which a share of the mirror would hold; all other guards as they come. */
const guards = { ...defaults.guards, maxUpdatesPercent: 100 };
const owners = {
  firstName: 'record',
  phone1: 'record',
  phone2: 'record',
  accountBlock: 'record',
  accountBlockDaily: 'record',
} as const;
const harmless = { firstName: 'New', phone1: '2025550101', phone2: '2025550102' };

/** What is asked for on one contact each, the third blocked for good in LiveVox, and the guard that speaks of it. */
const hazards: readonly (readonly [string, Fields])[] = [
  ['hazards.drops_phone', { ...harmless, phone2: null }],
  ['hazards.shifts_ordinals', { ...harmless, phone1: '2025550102', phone2: '2025550101' }],
  ['hazards.downgrades_permanent', { ...harmless, accountBlock: 'false', accountBlockDaily: 'true' }],
];

async function setup(): Promise<{ store: Store; plan: (toFields: (row: number) => Fields) => Promise<DiffResult> }> {
  const { store } = await setupDatabase();
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_name, phone1, phone2, account_block, active, lv_account_id, first_seen_at, merged_at, merged_by)
     select 'acme', 'A' || i, 'Old', '2025550101', '2025550102', i = 3, true, i, now(), $2, gen_random_uuid() from generate_series(1, $1::int) i`,
    [contacts, clock.now()],
  );
  const plan = async (toFields: (row: number) => Fields): Promise<DiffResult> => {
    const runId = await openRun(store, { tenant: 'acme', kind: 'plan', startedFrom: 'command' });
    const result = await diff(
      { store, clock, log: silentLog, progress: silentProgress },
      {
        ...{ tenant: 'acme', runId, timeZone: 'America/New_York', sourceName: 'crm', source: toSource(toFields) },
        ...{ createActive: true, guards, plans: { approveAll: false, expiresMs: 86_400_000 }, fanOut: undefined },
        expiresAt: new Date(clock.now().getTime() + 3_600_000),
      },
    );
    await store.pool.query(`update sync.runs set state = 'proven', ended_at = now() where id = $1`, [runId]);
    return result;
  };
  return { store, plan };
}

function toSource(toFields: (row: number) => Fields): SystemOfRecord {
  return {
    ...{ label: 'crm.csv', isComplete: true, onAbsence: 'nothing', filesPassedOver: 0, owners },
    rows: async function* () {
      for (let row = 1; row <= contacts; row += 1) {
        yield { kind: 'desired', account: `A${row}`, line: row + 1, fields: toFields(row), raw: '' };
      }
    },
  };
}

/** A push to a LiveVox that counts what it is asked. */
async function pushTo(store: Store, changeSetId: string): Promise<{ readonly asked: number; readonly error: unknown }> {
  let asked = 0;
  const ask = async (): Promise<never> => {
    asked += 1;
    throw new Error('asked');
  };
  const livevox = {
    sendBulkCreate: ask,
    sendBulkUpdate: ask,
    sendMultipleContactsDnd: ask,
    sendDeleteContact: ask,
    sendCreateContact: ask,
    sendUpdateContact: ask,
    sendContactDnd: ask,
  };
  const error = await push(
    { livevox, lookUp: async () => ({ kind: 'absent' }), store, clock, log: silentLog, progress: silentProgress },
    {
      tenant: 'acme',
      changeSetId,
      push: {
        chunkRows: 500,
        identifyBy: 'both',
        createActive: true,
        singleContact: 'never',
        keyedReads: 10,
        repeats: 2,
        settleMs: 0,
      },
      actor: 'Ann',
      inFlight: () => 1,
    },
  ).catch((thrown: unknown) => thrown);
  return { asked, error };
}

it('each hazard, once among a hundred thousand rows, stops the plan before the first call; as many blocks pass', async () => {
  const { store, plan } = await setup();
  const { changeSetId, counts } = await plan((row) => hazards[row - 1]?.[1] ?? harmless);
  expect(counts.updates).toBeGreaterThanOrEqual(contacts - hazards.length);
  const found = await store.pool.query<{ state: string; guards: string[] }>(
    `select state, array(select h->>'guard' from jsonb_array_elements(holds) h order by 1) as guards from sync.change_sets where id = $1`,
    [changeSetId],
  );
  expect(found.rows).toEqual([{ state: 'held', guards: hazards.map(([guard]) => guard).toSorted() }]);
  const pushed = await pushTo(store, changeSetId);
  expect([pushed.asked, pushed.error]).toEqual([0, expect.any(HeldError)]);
  const blocked = { firstName: 'Old', phone1: '2025550101', phone2: '2025550102', accountBlock: 'true' };
  const blocks = await plan(() => blocked);
  expect([blocks.counts.blocks, blocks.heldBecause]).toEqual([contacts - 1, []]);
}, 240_000);

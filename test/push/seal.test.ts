/** A push sends exactly what was sealed: one changed byte of rows, versions or policy, and nothing leaves. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type Patch, Seal } from '../../src/contact/index.ts';
import { FatalError, HeldError } from '../../src/errors.ts';
import type { BeforeSend, ContactRows, ContactWrite } from '../../src/livevox/index.ts';
import { silentLog } from '../../src/log.ts';
import { push } from '../../src/push/push.ts';
import {
  closeStore,
  insertApproval,
  openStore,
  type Store,
  selectChangeSet,
  selectSeal,
} from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { type StoredPlanInput, storePlan } from '../support/stored-plan.ts';

const base = '2026-03-01 02:03:04.000005Z';

type SentPatch = Extract<Patch, { readonly sends: unknown }>;

const patches: readonly SentPatch[] = [
  {
    account: 'A1',
    lvAccountId: '17',
    operation: 'update',
    endpoint: 'bulk_update',
    changes: { firstName: ['Ann', 'Eve'], balance: [null, '1.50'] },
    sends: { firstName: 'Eve', balance: '1.50', active: 'true' },
  },
  {
    account: 'A2',
    lvAccountId: '18',
    operation: 'block',
    endpoint: 'multi_dnd',
    changes: { accountBlock: ['false', 'true'] },
    sends: { accountBlock: 'PERMANENT' },
  },
];

/** A plan whose contacts are in the mirror as planned from, and a LiveVox that takes everything and counts. */
async function setup(plan: Partial<StoredPlanInput> = {}) {
  const { store, url } = await setupDatabase();
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches, base, ...plan });
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
     select 'main', account, now(), $1, gen_random_uuid() from unnest(array['A1', 'A2']) as account`,
    [base],
  );
  const sent: string[] = [];
  const take = async (rows: ContactRows) => {
    const given = typeof rows === 'function' ? await rows() : rows;
    sent.push(given.map(({ account }) => account).join(','));
    return { kind: 'accepted', httpStatus: 200 } as const;
  };
  const takeOne = async (row: ContactWrite) => take([row]);
  const livevox = {
    sendBulkCreate: take,
    sendBulkUpdate: take,
    sendMultipleContactsDnd: take,
    sendCreateContact: takeOne,
    sendUpdateContact: takeOne,
    sendContactDnd: takeOne,
    sendDeleteContact: async (account: string, _?: AbortSignal, beforeSend?: BeforeSend) => {
      await beforeSend?.();
      return take([{ account, sends: {} }]);
    },
  };
  const pushConfig = {
    chunkRows: 500,
    identifyBy: 'both',
    createActive: true,
    singleContact: 'never',
    keyedReads: 10,
    repeats: 2,
    settleMs: 0,
  } as const;
  const run = (over = store) =>
    push(
      {
        livevox,
        lookUp: async () => ({ kind: 'absent' }),
        store: over,
        clock: systemClock,
        log: silentLog,
        progress: () => {},
      },
      { tenant: 'main', changeSetId, actor: 'op', push: pushConfig, inFlight: () => 1 },
    );
  return { store, url, changeSetId, sent, run };
}

async function selectState(store: Store, changeSetId: string): Promise<string> {
  const found = await store.pool.query<{ state: string }>(`select state from sync.change_sets where id = $1`, [
    changeSetId,
  ]);
  return found.rows[0]!.state;
}

describe('a sealed plan', () => {
  it('is sent when nothing was changed, and who sent it is on record', async () => {
    const { store, changeSetId, sent, run } = await setup();
    expect(await run()).toMatchObject({ chunks: 2, accepted: 2, leftOut: 0 });
    expect(sent).toEqual(['A2', 'A1']);
    const audit = await store.pool.query(`select tenant, actor, action, change_set_id, detail from sync.audit`);
    expect(audit.rows).toEqual([
      {
        tenant: 'main',
        actor: 'op',
        action: 'applied',
        change_set_id: changeSetId,
        detail: expect.stringMatching(/^2 rows in 2 requests, seal [0-9a-f]{64}$/),
      },
    ]);
  });

  it('bears the seal that planning gave it, over any number of rows', async () => {
    const many = Array.from({ length: 1_234 }, (_, index) => ({ ...patches[0]!, account: `A${index}` }));
    const { store, changeSetId } = await setup({ patches: many });
    const seal = new Seal();
    for (const [index, patch] of many.entries()) {
      const { lvAccountId = null, ...rest } = patch;
      seal.add({ seq: index + 1, lvAccountId, ...rest, base: '2026-03-01T02:03:04.000005' });
    }
    expect(await selectSeal(store, changeSetId)).toBe(seal.finish({}, []));
  });

  it('is the same whatever the time zone and date style of the session', async () => {
    const { url, sent, run } = await setup();
    const address = new URL(url);
    address.searchParams.set('options', '-c timezone=Asia/Kathmandu -c datestyle=German');
    const elsewhere = await openStore(address.href);
    onTestFinished(() => closeStore(elsewhere));
    expect((await elsewhere.pool.query('show timezone')).rows).toEqual([{ TimeZone: 'Asia/Kathmandu' }]);
    await run(elsewhere);
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['changes', `update sync.patches set changes = jsonb_set(changes, '{firstName,1}', '"Eva"') where seq = 1`],
    ['what was there', `update sync.patches set changes = jsonb_set(changes, '{firstName,0}', '"Anm"') where seq = 1`],
    ['sends', `update sync.patches set sends = jsonb_set(sends, '{accountBlock}', '"NONE"') where seq = 2`],
    ['a field more', `update sync.patches set sends = sends || '{"accountBlock":"NONE"}' where seq = 1`],
    ['base', `update sync.patches set base_merged_at = base_merged_at + interval '1 microsecond' where seq = 1`],
    ['no base', `update sync.patches set base_merged_at = null where seq = 1`],
    ['operation', `update sync.patches set operation = 'lift' where seq = 2`],
    ['endpoint', `update sync.patches set endpoint = 'bulk_create' where seq = 1`],
    ['account', `update sync.patches set account = 'A3' where seq = 1`],
    ['id', `update sync.patches set lv_account_id = 19 where seq = 1`],
    ['order', `update sync.patches set seq = 4 - seq`],
    ['a row less', `delete from sync.patches where seq = 2`],
    [
      'a row more',
      `insert into sync.patches (change_set_id, seq, account, operation, endpoint, changes, sends, base_merged_at)
       select change_set_id, 3, account, operation, endpoint, changes, sends, base_merged_at from sync.patches where seq = 1`,
    ],
    ['policy', `update sync.change_sets set policy = '{"createActive":false}'`],
    ['what holds it', `update sync.change_sets set holds = '[{"guard":"maxCreates","sentence":"x","approvers":0}]'`],
    ['seal', `update sync.change_sets set seal = reverse(seal)`],
  ])('is refused, and nothing is sent, when one byte was changed: %s', async (_what, tampering) => {
    const { store, changeSetId, sent, run } = await setup();
    await store.pool.query(tampering);
    await expect(run()).rejects.toThrow(/is not as it was sealed/);
    expect(sent).toEqual([]);
    expect(await selectState(store, changeSetId)).toBe('planned');
    expect((await store.pool.query('select from sync.chunks')).rowCount).toBe(0);
    expect((await store.pool.query('select from sync.audit')).rowCount).toBe(0);
  });

  it('is looked at again by every push, also one that goes on after a crash', async () => {
    const { store, changeSetId, sent, run } = await setup();
    await store.pool.query(`update sync.change_sets set state = 'pushing'`);
    await store.pool.query(`update sync.patches set sends = '{}' where seq = 2`);
    await expect(run()).rejects.toThrow(FatalError);
    expect([sent, await selectState(store, changeSetId)]).toEqual([[], 'pushing']);
  });

  it('is refused without a seal: an earlier version made it', async () => {
    const { store, sent, run } = await setup();
    await store.pool.query(`update sync.change_sets set seal = null, sealed_at = null, expires_at = null`);
    await expect(run()).rejects.toThrow(/bears no seal; make a new one/);
    expect(sent).toEqual([]);
  });
});

describe('a plan that has expired', () => {
  it.each(['planned', 'approved'])('is not begun when it was %s, and says so from then on', async (state) => {
    const { store, changeSetId, sent, run } = await setup({ expiresAt: new Date(Date.now() - 1_000) });
    await store.pool.query(`update sync.change_sets set state = $1`, [state]);
    expect((await selectChangeSet(store.pool, 'main', changeSetId))?.state).toBe('expired');
    expect(await selectState(store, changeSetId)).toBe(state);
    await expect(run()).rejects.toThrow(/has expired; make a new one/);
    expect([sent, await selectState(store, changeSetId)]).toEqual([[], 'expired']);
  });

  it('goes on when it was begun in time: half a push is worse than a late one', async () => {
    const { store, sent, run } = await setup({ expiresAt: new Date(Date.now() - 1_000) });
    await store.pool.query(`update sync.change_sets set state = 'pushing'`);
    await run();
    expect(sent).toHaveLength(2);
  });
});

describe('a held plan', () => {
  const held = { heldBecause: ['The plan would delete 2 contacts; guards.maxDeletions allows 0.'], approvers: 2 };

  async function approve(store: Store, changeSetId: string, by: string) {
    const { seal } = (await selectChangeSet(store.pool, 'main', changeSetId))!;
    return insertApproval(store, { tenant: 'main', changeSetId, seal: seal!, by, reason: 'looked at it' });
  }

  it('is sent when as many different people have approved it as it needs', async () => {
    const { store, changeSetId, sent, run } = await setup(held);
    await expect(run()).rejects.toThrow(/is held \(0 of 2 approvals\): The plan would delete 2 contacts/);
    expect(await approve(store, changeSetId, 'Ann')).toEqual({ kind: 'noted', given: 1, needed: 2 });
    await expect(run()).rejects.toThrow(HeldError);
    expect(await approve(store, changeSetId, 'aNN')).toEqual({ kind: 'repeated' });
    expect(await approve(store, changeSetId, 'Bob')).toEqual({ kind: 'noted', given: 2, needed: 2 });
    expect(await approve(store, changeSetId, 'Eve')).toEqual({ kind: 'moved' });
    expect(sent).toEqual([]);
    await run();
    expect(sent).toHaveLength(2);
  });

  it('counts two people at once as two', async () => {
    const { store, changeSetId } = await setup(held);
    await Promise.all(['Ann', 'Bob'].map((by) => approve(store, changeSetId, by)));
    expect(await selectState(store, changeSetId)).toBe('approved');
  });

  it.each(['planned', 'approved', 'pushing'])('is not let through by its state alone (%s)', async (state) => {
    const { store, sent, run } = await setup(held);
    await store.pool.query(`update sync.change_sets set state = $1`, [state]);
    await expect(run()).rejects.toThrow(HeldError);
    expect(sent).toEqual([]);
  });

  it('is not let through by approvals of another seal', async () => {
    const { store, changeSetId, sent, run } = await setup(held);
    for (const by of ['Ann', 'Bob']) await approve(store, changeSetId, by);
    await store.pool.query(`update sync.approvals set seal = reverse(seal) where approved_by = 'Bob'`);
    await expect(run()).rejects.toThrow(/1 of 2 approvals/);
    expect(sent).toEqual([]);
  });
});

describe('deletions', () => {
  it('leave one by one, after everything else', async () => {
    const deletion = (account: string): Patch => ({
      account,
      operation: 'delete',
      endpoint: 'delete_contact',
      changes: {},
      sends: {},
    });
    const { store, sent, run } = await setup({
      patches: [
        deletion('A1'),
        deletion('A2'),
        ...patches.map((patch) => ({ ...patch, account: `${patch.account}x` })),
      ],
    });
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
       select tenant, account || 'x', first_seen_at, merged_at, merged_by from mirror.contacts`,
    );
    expect(await run()).toMatchObject({ chunks: 4, accepted: 4 });
    expect(sent).toEqual(['A2x', 'A1x', 'A1', 'A2']);
  });
});

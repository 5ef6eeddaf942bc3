/** Dead letters: what LiveVox refuses is known again by its values, is not sent twice, and is closed when it has arrived or is wanted no more. */
import { describe, expect, it } from 'vitest';
import type { Endpoint, Operation, Patch } from '../../src/contact/index.ts';
import {
  claimChunk,
  type DeadLetterDecision,
  insertChunks,
  insertDeadLetter,
  insertQuarantined,
  markChunkOutcome,
  markChunkSent,
  markDeadLetters,
  markVerdicts,
  resolveDeadLetters,
  type Store,
  selectDeadLetters,
  selectTally,
  takeFence,
} from '../../src/store/index.ts';
import { isProven } from '../../src/verify/verify.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

const tenant = 'main';

type Given = {
  readonly operation?: Operation;
  readonly endpoint?: Endpoint;
  readonly changes?: Patch['changes'];
  readonly sends?: Readonly<Record<string, string | null>>;
};

function toPatch(account: string, given: Given = {}): Patch {
  const { operation = 'update', endpoint = 'bulk_update' } = given;
  const { changes = { firstName: ['Old', 'Ann'] }, sends = { firstName: 'Ann', active: 'true' } } = given;
  return { account, operation, endpoint, changes, sends };
}

type Plan = { readonly runId: string; readonly changeSetId: string };

/** A plan, cut to one patch a chunk. */
async function plan(store: Store, ...patches: readonly Patch[]): Promise<Plan> {
  const stored = await storePlan(store, { tenant, patches });
  await insertChunks(store, { tenant, changeSetId: stored.changeSetId, chunkRows: 1 });
  return stored;
}

/** The plan of a reading that claims to be complete. */
async function planComplete(store: Store, ...patches: readonly Patch[]): Promise<Plan> {
  const stored = await plan(store, ...patches);
  await store.pool.query(`update sync.change_sets set policy = '{"isComplete": true}' where id = $1`, [
    stored.changeSetId,
  ]);
  return stored;
}

/** Sends every chunk of the plan, and LiveVox refuses it; returns the letters. */
async function refuse(store: Store, changeSetId: string, withLetters = true): Promise<readonly (string | undefined)[]> {
  const groups = await store.pool.query(
    `select seq, operation, endpoint from sync.chunks where change_set_id = $1 and state = 'planned' order by seq`,
    [changeSetId],
  );
  const letters: (string | undefined)[] = [];
  for (const group of groups.rows) {
    const fence = await takeFence(store.pool, tenant);
    const chunk = await claimChunk(store, fence, changeSetId, group);
    const key = { fence, changeSetId, seq: chunk!.seq };
    await markChunkSent(store, key);
    await markChunkOutcome(store.pool, key, { state: 'refused', httpStatus: 400 });
    if (withLetters) letters.push(await note(store, changeSetId, chunk!.seq));
  }
  return letters;
}

function note(store: Store, changeSetId: string, chunkSeq: number, message = 'no'): Promise<string | undefined> {
  return insertDeadLetter(store.pool, { tenant, changeSetId, chunkSeq, httpStatus: 400, code: '202', message });
}

async function readStates(store: Store): Promise<readonly string[]> {
  const found = await store.pool.query<{ text: string }>(
    `select account || ' ' || state || ' ' || times as text from sync.dead_letters order by id`,
  );
  return found.rows.map(({ text }) => text);
}

async function readLeftOut(store: Store, changeSetId: string): Promise<readonly string[]> {
  const found = await store.pool.query<{ text: string }>(
    `select account || ' ' || operation || ': ' || coalesce(left_out_because, 'sent') as text
       from sync.patches where change_set_id = $1 order by seq`,
    [changeSetId],
  );
  return found.rows.map(({ text }) => text);
}

function decide(store: Store, decision: DeadLetterDecision['decision'], ...ids: readonly (string | undefined)[]) {
  const named = ids.map((id) => id ?? '');
  return markDeadLetters(store, { tenant, ids: named, decision, by: 'Ann Lee', reason: 'as agreed' });
}

/** Says that the read-back showed these patches as sent. */
function confirm(store: Store, changeSetId: string, ...seqs: readonly string[]): Promise<void> {
  return markVerdicts(
    store.pool,
    seqs.map((seq) => ({ changeSetId, seq, verdict: 'confirmed' })),
  );
}

describe('insertDeadLetter', () => {
  it('keeps what LiveVox said, and the same chunk noted twice counts once', async () => {
    const { store } = await setupDatabase();
    const { changeSetId } = await plan(store, toPatch('A'));
    const [id] = await refuse(store, changeSetId);
    expect(await note(store, changeSetId, 1)).toBe(id);
    expect(await selectDeadLetters(store.pool, { tenant })).toEqual([
      {
        id,
        account: 'A',
        operation: 'update',
        endpoint: 'bulk_update',
        fields: ['firstName'],
        changeSetId,
        httpStatus: 400,
        code: '202',
        message: 'no',
        state: 'open',
        times: 1,
        firstAt: expect.any(Date),
        lastAt: expect.any(Date),
        decidedBy: null,
        decidedBecause: null,
      },
    ]);
  });

  it('knows the same values again, in whatever order of their names, and others not', async () => {
    const { store } = await setupDatabase();
    const sent = { lastName: 'Lee', firstName: 'Ann' };
    const values = [
      sent,
      { firstName: 'Ann', lastName: 'Lee' },
      { firstName: 'Ann', lastName: null },
      { ...sent, ssn: '1' },
    ];
    for (const sends of values) {
      const { changeSetId } = await plan(store, toPatch('A', { operation: 'block', sends }));
      await refuse(store, changeSetId);
    }
    expect(await readStates(store)).toEqual(['A open 2', 'A open 1', 'A open 1']);
  });

  it('two notes of one chunk at once count once', async () => {
    const { store } = await setupDatabase();
    const { changeSetId } = await plan(store, toPatch('A'));
    await refuse(store, changeSetId, false);
    const ids = await Promise.all([1, 2, 3, 4].map(() => note(store, changeSetId, 1)));
    expect([new Set(ids).size, await readStates(store)]).toEqual([1, ['A open 1']]);
  });

  it('notes nothing of a chunk with several patches: which of them it is, nobody knows', async () => {
    const { store } = await setupDatabase();
    const { changeSetId } = await storePlan(store, { tenant, patches: [toPatch('A'), toPatch('B')] });
    await insertChunks(store, { tenant, changeSetId, chunkRows: 500 });
    expect([await note(store, changeSetId, 1), await readStates(store)]).toEqual([undefined, []]);
  });

  it('opens a letter again that was to be sent once more, and leaves a dropped one dropped', async () => {
    const { store } = await setupDatabase();
    const first = await plan(store, toPatch('A'), toPatch('B'));
    const [a, b] = await refuse(store, first.changeSetId);
    await decide(store, 'retry', a, b);
    const second = await plan(store, toPatch('A'), toPatch('B'));
    await decide(store, 'drop', b);
    await refuse(store, second.changeSetId);
    expect(await readStates(store)).toEqual(['A open 2', 'B dropped 2']);
  });
});

describe('what LiveVox has refused before', () => {
  it('is not sent again with the same values, until somebody says so', async () => {
    const { store } = await setupDatabase();
    const first = await plan(store, toPatch('A'), toPatch('B'), toPatch('C'));
    const [a, b, c] = await refuse(store, first.changeSetId);
    await decide(store, 'drop', b);
    await decide(store, 'retry', c);
    const other = toPatch('A', { sends: { firstName: 'Eve', active: 'true' } });
    const { changeSetId } = await plan(store, toPatch('A'), toPatch('B'), toPatch('C'), other, toPatch('D'));
    expect(await readLeftOut(store, changeSetId)).toEqual([
      `A update: LiveVox has refused this change before (dead letter ${a})`,
      `B update: LiveVox has refused this change before (dead letter ${b})`,
      'C update: sent',
      'A update: sent',
      'D update: sent',
    ]);
  });

  it('is sent again when it is a stop, by whatever operation', async () => {
    const { store } = await setupDatabase();
    const stops = [
      toPatch('A', { operation: 'block', endpoint: 'multi_dnd' }),
      toPatch('B', { changes: { phone1CellConsent: ['true', 'false'] } }),
      toPatch('C', { changes: { phone2BlockDaily: ['false', 'true'] } }),
    ];
    await refuse(store, (await plan(store, ...stops)).changeSetId);
    const { changeSetId } = await plan(store, ...stops);
    expect(await readLeftOut(store, changeSetId)).toEqual(['A block: sent', 'B update: sent', 'C update: sent']);
  });

  it('concerns its tenant and its method alone', async () => {
    const { store } = await setupDatabase();
    await refuse(store, (await plan(store, toPatch('A'))).changeSetId);
    const elsewhere = await storePlan(store, { tenant: 'other', patches: [toPatch('A')] });
    await insertChunks(store, { tenant: 'other', changeSetId: elsewhere.changeSetId, chunkRows: 1 });
    expect(await readLeftOut(store, elsewhere.changeSetId)).toEqual(['A update: sent']);
    const created = await plan(store, toPatch('A', { operation: 'create', endpoint: 'bulk_create' }));
    expect(await readLeftOut(store, created.changeSetId)).toEqual(['A create: sent']);
  });

  it('keeps the lifts behind it back, which say so', async () => {
    const { store } = await setupDatabase();
    const lift = toPatch('A', { operation: 'lift', endpoint: 'multi_dnd', sends: { accountBlock: 'NONE' } });
    const first = await plan(store, toPatch('A'), lift);
    const [id] = await refuse(store, first.changeSetId);
    await insertChunks(store, { tenant, changeSetId: first.changeSetId, chunkRows: 1 });
    const behind = `A lift: LiveVox refuses an earlier step for this contact (dead letter ${id})`;
    expect(await readLeftOut(store, first.changeSetId)).toEqual(['A update: sent', behind]);
    const second = await plan(store, toPatch('A'), lift);
    expect((await readLeftOut(store, second.changeSetId))[1]).toBe(behind);
    const tally = await selectTally(store.pool, second.changeSetId);
    expect([tally.refused, tally.leftOut, isProven(tally)]).toEqual([2, 0, true]);
  });
});

describe('a plan with refused patches', () => {
  it('is proven when each has its letter, refused now or before', async () => {
    const { store } = await setupDatabase();
    const first = await plan(store, toPatch('A'), toPatch('B'));
    await refuse(store, first.changeSetId);
    const now = await selectTally(store.pool, first.changeSetId);
    expect([now.refused, now.refusedStops, now.unsent, isProven(now)]).toEqual([2, 0, 0, true]);
    const { changeSetId } = await plan(store, toPatch('A'), toPatch('B'));
    const before = await selectTally(store.pool, changeSetId);
    expect([before.refused, before.leftOut, before.unsent, isProven(before)]).toEqual([2, 0, 0, true]);
  });

  it('is not when one of them is a stop', async () => {
    const { store } = await setupDatabase();
    const { changeSetId } = await plan(store, toPatch('A'), toPatch('B', { operation: 'block' }));
    await refuse(store, changeSetId);
    const tally = await selectTally(store.pool, changeSetId);
    expect([tally.refused, tally.refusedStops, isProven(tally)]).toEqual([2, 1, false]);
  });

  it('is not when a request was refused and no letter says which row', async () => {
    const { store } = await setupDatabase();
    const { changeSetId } = await plan(store, toPatch('A'));
    await refuse(store, changeSetId, false);
    const tally = await selectTally(store.pool, changeSetId);
    expect([tally.refused, tally.refusedUnnamed, isProven(tally)]).toEqual([1, 1, false]);
  });
});

describe('resolveDeadLetters', () => {
  const resolve = (store: Store, { changeSetId }: Plan) => resolveDeadLetters(store.pool, tenant, changeSetId);
  const corrected = toPatch('A', { sends: { firstName: 'Anne', active: 'true' } });

  it('closes a letter when a later change of the same fields was confirmed, and no sooner', async () => {
    const { store } = await setupDatabase();
    await refuse(store, (await plan(store, toPatch('A'))).changeSetId);
    const fixed = await plan(store, corrected);
    expect(await resolve(store, fixed)).toBe(0);
    await confirm(store, fixed.changeSetId, '1');
    expect(await resolve(store, fixed)).toBe(1);
    expect(await readStates(store)).toEqual(['A resolved 1']);
  });

  it('keeps it when other fields, another method or another contact was confirmed', async () => {
    const { store } = await setupDatabase();
    await refuse(store, (await plan(store, toPatch('A'))).changeSetId);
    const others = await plan(
      store,
      toPatch('A', { changes: { balance: ['1', '2'] } }),
      toPatch('A', { operation: 'create', endpoint: 'bulk_create' }),
      toPatch('B'),
    );
    await confirm(store, others.changeSetId, '1', '2', '3');
    expect(await resolve(store, others)).toBe(0);
  });

  it('keeps it when the confirmation came before the refusal', async () => {
    const { store } = await setupDatabase();
    const early = await plan(store, corrected);
    await confirm(store, early.changeSetId, '1');
    await refuse(store, (await plan(store, toPatch('A'))).changeSetId);
    expect(await resolve(store, early)).toBe(0);
  });

  it('closes it when a complete reading does not ask for it any more', async () => {
    const { store } = await setupDatabase();
    await refuse(store, (await planComplete(store, toPatch('A'))).changeSetId);
    expect(await resolve(store, await planComplete(store, toPatch('A')))).toBe(0);
    expect(await resolve(store, await plan(store))).toBe(0);
    expect(await resolve(store, await planComplete(store, toPatch('B')))).toBe(1);
  });

  it('keeps it while a row that was set aside may be its contact', async () => {
    const { store } = await setupDatabase();
    await refuse(store, (await planComplete(store, toPatch('A'))).changeSetId);
    for (const [account, closed] of [
      ['A', 0],
      [undefined, 0],
      ['B', 1],
    ] as const) {
      const complete = await planComplete(store);
      const row = { line: 2, account, reason: 'balance', raw: 'A,x' };
      const place = { tenant, runId: complete.runId, origin: 'system_of_record', file: 'crm.csv' } as const;
      await insertQuarantined(store.pool, place, [row]);
      expect(await resolve(store, complete)).toBe(closed);
    }
  });

  it.each([
    ['another system of record', `system_of_record = 'billing'`],
    ['an urgent plan', 'urgent = true'],
    ['a revert', 'reverts = id'],
  ])('%s says nothing of what is wanted', async (_, set) => {
    const { store } = await setupDatabase();
    await refuse(store, (await planComplete(store, toPatch('A'))).changeSetId);
    const complete = await planComplete(store);
    await store.pool.query(`update sync.change_sets set ${set} where id = $1`, [complete.changeSetId]);
    expect(await resolve(store, complete)).toBe(0);
  });

  it('a letter that was closed is opened by the next refusal', async () => {
    const { store } = await setupDatabase();
    await refuse(store, (await planComplete(store, toPatch('A'))).changeSetId);
    await resolve(store, await planComplete(store));
    const again = await planComplete(store, toPatch('A'));
    expect(await readLeftOut(store, again.changeSetId)).toEqual(['A update: sent']);
    await refuse(store, again.changeSetId);
    expect(await readStates(store)).toEqual(['A open 2']);
  });
});

describe('markDeadLetters', () => {
  it('marks all or none, and says who and why in the audit', async () => {
    const { store } = await setupDatabase();
    const patches = [toPatch('A'), toPatch('B'), toPatch('C', { operation: 'block' })];
    const ids = await refuse(store, (await plan(store, ...patches)).changeSetId);
    // Blocks leave first, so that the block's letter is the first.
    const [stop, a, b] = ids;
    expect(await decide(store, 'drop', a, '999')).toEqual({ kind: 'unknown', ids: ['999'] });
    expect(await decide(store, 'drop', a, stop)).toEqual({ kind: 'stops', ids: [stop] });
    await store.pool.query(`update sync.dead_letters set state = 'resolved' where id = $1`, [b]);
    expect(await decide(store, 'retry', a, b)).toEqual({ kind: 'resolved', ids: [b] });
    expect((await store.pool.query('select from sync.audit')).rowCount).toBe(0);
    expect(await decide(store, 'drop', a)).toEqual({ kind: 'marked' });
    expect(await decide(store, 'retry', stop, a)).toEqual({ kind: 'marked' });
    const audit = await store.pool.query(`select actor, action, detail from sync.audit order by id`);
    expect(audit.rows).toEqual([
      { actor: 'Ann Lee', action: 'dropped', detail: `lvsync dead drop ${a}: as agreed` },
      { actor: 'Ann Lee', action: 'retried', detail: `lvsync dead retry ${stop} ${a}: as agreed` },
    ]);
    const [letter] = await selectDeadLetters(store.pool, { tenant, ids: [a!] });
    expect(letter).toMatchObject({ state: 'retry', decidedBy: 'Ann Lee', decidedBecause: 'as agreed' });
  });

  it('knows the letters of its tenant alone', async () => {
    const { store } = await setupDatabase();
    const [id] = await refuse(store, (await plan(store, toPatch('A'))).changeSetId);
    const decided = { tenant: 'other', ids: [id!], decision: 'retry', by: 'Ann' } as const;
    expect(await markDeadLetters(store, decided)).toEqual({ kind: 'unknown', ids: [id] });
    expect(await selectDeadLetters(store.pool, { tenant: 'other', ids: [id!] })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Endpoint, Operation, Patch } from '../../src/contact/index.ts';
import {
  type ChunkGroup,
  type ChunkKey,
  claimChunk,
  FencedError,
  insertChunks,
  markChunkOutcome,
  markChunkSent,
  markLostChunks,
  markVerdicts,
  type Queryable,
  type Store,
  selectTally,
  takeFence,
} from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

type Step = readonly [account: string, operation: Operation, endpoint: Endpoint];

function toPatch([account, operation, endpoint]: Step): Patch {
  return { account, operation, endpoint, changes: { firstName: [null, 'Ann'] }, sends: { firstName: 'Ann' } };
}

async function setup(...steps: readonly Step[]) {
  const { store } = await setupDatabase();
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches: steps.map(toPatch) });
  const cut = (chunkRows = 500) => insertChunks(store, { tenant: 'main', changeSetId, chunkRows });
  return { store, changeSetId, cut };
}

/** Claims the next chunk of the group and has it leave. */
async function leave(store: Store, changeSetId: string, group: ChunkGroup): Promise<ChunkKey> {
  const fence = await takeFence(store.pool, 'main');
  const chunk = await claimChunk(store, fence, changeSetId, group);
  const key = { fence, changeSetId, seq: chunk!.seq };
  await markChunkSent(store, key);
  return key;
}

async function selectChunks(store: Store): Promise<readonly string[]> {
  const chunks = await store.pool.query<{ text: string }>(
    `select c.seq || ' ' || c.operation || ' ' || c.endpoint || ' ' || string_agg(p.account, ',' order by p.seq) as text
       from sync.chunks c join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
      group by c.seq, c.operation, c.endpoint order by c.seq`,
  );
  return chunks.rows.map((row) => row.text);
}

describe('insertChunks', () => {
  it('orders blocks, creates, updates, lifts, and cuts each at the chunk size', async () => {
    const { store, cut } = await setup(
      ['A', 'lift', 'multi_dnd'],
      ['B', 'lift', 'bulk_update'],
      ['C', 'update', 'bulk_update'],
      ['D', 'create', 'bulk_create'],
      ['E', 'create', 'bulk_create'],
      ['F', 'create', 'bulk_create'],
      ['G', 'block', 'bulk_update'],
      ['H', 'block', 'multi_dnd'],
    );
    expect(await cut(2)).toEqual({ leftOut: 0, chunks: 7 });
    expect(await selectChunks(store)).toEqual([
      '1 block multi_dnd H',
      '2 block bulk_update G',
      '3 create bulk_create D,E',
      '4 create bulk_create F',
      '5 update bulk_update C',
      '6 lift bulk_update B',
      '7 lift multi_dnd A',
    ]);
  });

  it('changes nothing when it is called again', async () => {
    const { store, cut } = await setup(['A', 'create', 'bulk_create'], ['B', 'update', 'bulk_update']);
    await cut();
    const before = await selectChunks(store);
    expect(await cut()).toEqual({ leftOut: 0, chunks: 0 });
    expect(await selectChunks(store)).toEqual(before);
  });

  it('keeps a lift back until every other patch of its contact is confirmed', async () => {
    const { store, changeSetId, cut } = await setup(
      ['A', 'block', 'multi_dnd'],
      ['A', 'update', 'bulk_update'],
      ['A', 'lift', 'multi_dnd'],
    );
    await cut();
    expect(await selectChunks(store)).toEqual(['1 block multi_dnd A', '2 update bulk_update A']);
    await markVerdicts(store.pool, [{ changeSetId, seq: '1', verdict: 'confirmed' }]);
    expect(await cut()).toEqual({ leftOut: 0, chunks: 0 });
    await markVerdicts(store.pool, [{ changeSetId, seq: '2', verdict: 'confirmed' }]);
    expect(await cut()).toEqual({ leftOut: 0, chunks: 1 });
    expect(await selectChunks(store)).toContain('3 lift multi_dnd A');
  });

  it.each(['not_taken', 'overtaken'] as const)('leaves a lift out when a patch before it was %s', async (verdict) => {
    const { store, changeSetId, cut } = await setup(['A', 'block', 'multi_dnd'], ['A', 'lift', 'multi_dnd']);
    await cut();
    await markVerdicts(store.pool, [{ changeSetId, seq: '1', verdict }]);
    expect(await cut()).toEqual({ leftOut: 1, chunks: 0 });
    expect(await selectTally(store.pool, changeSetId)).toMatchObject({ leftOut: 1, unsent: 0 });
  });

  it('leaves a lift out when the request before it was refused', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'block', 'multi_dnd'], ['A', 'lift', 'multi_dnd']);
    await cut();
    const key = await leave(store, changeSetId, { operation: 'block', endpoint: 'multi_dnd' });
    await markChunkOutcome(store.pool, key, { state: 'refused', httpStatus: 400 });
    expect(await cut()).toEqual({ leftOut: 1, chunks: 0 });
  });

  it('leaves out what was cut before and has not left, when its contact has moved meanwhile', async () => {
    const { store, changeSetId, cut } = await setup(
      ['A', 'create', 'bulk_create'],
      ['B', 'create', 'bulk_create'],
      ['C', 'create', 'bulk_create'],
    );
    await cut(2);
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
       select 'main', account, now(), now(), gen_random_uuid() from unnest(array['A', 'C']) as account`,
    );
    expect(await cut(2)).toEqual({ leftOut: 2, chunks: 0 });
    expect(await selectChunks(store)).toEqual(['1 create bulk_create B']);
    expect((await store.pool.query('select seq, size_rows from sync.chunks')).rows).toEqual([{ seq: 1, size_rows: 1 }]);
    const fence = await takeFence(store.pool, 'main');
    const group = { operation: 'create', endpoint: 'bulk_create' } as const;
    expect(await claimChunk(store, fence, changeSetId, group)).toMatchObject({
      seq: 1,
      patches: [{ account: 'B' }],
    });
    await markChunkSent(store, { fence, changeSetId, seq: 1 });
    // What may have left stays where it is, moved or not: that the mirror shows it is what is to be expected.
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by) values ('main', 'B', now(), now(), gen_random_uuid())`,
    );
    expect(await cut(2)).toEqual({ leftOut: 0, chunks: 0 });
    expect(await selectTally(store.pool, changeSetId)).toMatchObject({ leftOut: 2, unread: 1 });
  });

  it('cuts deactivations and deletions after updates and before lifts, deletions one to a chunk', async () => {
    const { store, cut } = await setup(
      ['A', 'lift', 'bulk_update'],
      ['B', 'delete', 'delete_contact'],
      ['C', 'delete', 'delete_contact'],
      ['D', 'deactivate', 'bulk_update'],
      ['E', 'update', 'bulk_update'],
    );
    await cut();
    expect(await selectChunks(store)).toEqual([
      '1 update bulk_update E',
      '2 deactivate bulk_update D',
      '3 delete delete_contact B',
      '4 delete delete_contact C',
      '5 lift bulk_update A',
    ]);
  });

  it('leaves out a create whose contact has appeared since the plan', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'create', 'bulk_create'], ['B', 'create', 'bulk_create']);
    await store.pool.query(
      `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by) values ('main', 'A', now(), now(), gen_random_uuid())`,
    );
    expect(await cut()).toEqual({ leftOut: 1, chunks: 1 });
    expect(await selectTally(store.pool, changeSetId)).toMatchObject({ leftOut: 1, unsent: 1 });
  });
});

describe('claimChunk', () => {
  it('gives a chunk to one taker only', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'create', 'bulk_create'], ['B', 'create', 'bulk_create']);
    await cut(1);
    const group = { operation: 'create', endpoint: 'bulk_create' } as const;
    const fence = await takeFence(store.pool, 'main');
    const claimed = await Promise.all([1, 2, 3].map(() => claimChunk(store, fence, changeSetId, group)));
    expect(claimed.flatMap((chunk) => chunk?.patches.map((patch) => patch.account) ?? []).toSorted()).toEqual([
      'A',
      'B',
    ]);
    const states = await store.pool.query(`select state, sent_at from sync.chunks`);
    expect(states.rows).toEqual([
      { state: 'claimed', sent_at: null },
      { state: 'claimed', sent_at: null },
    ]);
  });

  it('a push that was passed by claims, sends and notes nothing', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'create', 'bulk_create'], ['B', 'create', 'bulk_create']);
    await cut(1);
    const group = { operation: 'create', endpoint: 'bulk_create' } as const;
    const fence = await takeFence(store.pool, 'main');
    await claimChunk(store, fence, changeSetId, group);
    await markChunkSent(store, { fence, changeSetId, seq: 1 });
    await claimChunk(store, fence, changeSetId, group);
    expect(await markLostChunks(store.pool, 'main')).toMatchObject({ chunks: 1 });
    await expect(claimChunk(store, fence, changeSetId, group)).rejects.toThrow(FencedError);
    await expect(markChunkSent(store, { fence, changeSetId, seq: 2 })).rejects.toThrow(FencedError);
    const outcome = { state: 'accepted', httpStatus: 200 } as const;
    await expect(markChunkOutcome(store.pool, { fence, changeSetId, seq: 1 }, outcome)).rejects.toThrow(FencedError);
    const states = await store.pool.query(`select seq, state, attempts from sync.chunks order by seq`);
    expect(states.rows).toEqual([
      { seq: 1, state: 'in_doubt', attempts: 1 },
      { seq: 2, state: 'planned', attempts: 0 },
    ]);
  });

  it('the database lets a chunk go no other way than the push describes', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'create', 'bulk_create']);
    await cut();
    const put = (state: string) => store.pool.query(`update sync.chunks set state = $1`, [state]);
    await expect(put('sent')).rejects.toThrow('a chunk cannot go from planned to sent');
    const key = await leave(store, changeSetId, { operation: 'create', endpoint: 'bulk_create' });
    await markChunkOutcome(store.pool, key, { state: 'accepted' });
    for (const state of ['planned', 'claimed', 'sent', 'refused', 'in_doubt', 'split']) {
      await expect(put(state)).rejects.toThrow(`a chunk cannot go from accepted to ${state}`);
    }
    await expect(store.pool.query(`update sync.chunks set fence = 0`)).rejects.toThrow('has taken over this chunk');
  });
});

describe('markLostChunks', () => {
  it('puts chunks without an answer in doubt, of this tenant alone, and says when the youngest was sent', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'create', 'bulk_create']);
    await cut();
    await leave(store, changeSetId, { operation: 'create', endpoint: 'bulk_create' });
    expect(await markLostChunks(store.pool, 'other')).toEqual({ chunks: 0, youngestAt: null });
    expect(await markLostChunks(store.pool, 'main')).toEqual({ chunks: 1, youngestAt: expect.any(Date) });
    // Whoever is killed in the wait that follows has to wait again.
    expect(await markLostChunks(store.pool, 'main')).toEqual({ chunks: 0, youngestAt: expect.any(Date) });
    await store.pool.query(`update sync.change_sets set state = 'superseded'`);
    expect(await markLostChunks(store.pool, 'main')).toEqual({ chunks: 0, youngestAt: null });
  });

  it('counts from when an answer was given up, not from when its request was sent; from the request where it left again after that', async () => {
    const { store, changeSetId, cut } = await setup(['A', 'create', 'bulk_create']);
    await cut();
    await leave(store, changeSetId, { operation: 'create', endpoint: 'bulk_create' });
    await markLostChunks(store.pool, 'main');
    const sentAt = new Date('2026-03-01T12:00:00Z');
    const givenUpAt = new Date('2026-03-01T12:01:00Z');
    const note = (sent: Date, answered: Date): Promise<unknown> =>
      store.pool.query('update sync.chunks set sent_at = $1, answered_at = $2', [sent, answered]);
    await note(sentAt, givenUpAt);
    expect((await markLostChunks(store.pool, 'main')).youngestAt).toEqual(givenUpAt);
    await note(givenUpAt, sentAt);
    expect((await markLostChunks(store.pool, 'main')).youngestAt).toEqual(givenUpAt);
  });

  it('reads no chunk that has its answer: their number grows with every push', async () => {
    const { store, changeSetId } = await setup(['A', 'update', 'bulk_update']);
    await store.pool.query(
      `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state)
       select $1, n, 'update', 'bulk_update', 1, 'accepted' from generate_series(1, 20000) n`,
      [changeSetId],
    );
    await store.pool.query('analyze sync.chunks');
    const plans: string[] = [];
    const explaining: Queryable = {
      query: async (text: string, values?: unknown[]) => {
        const plan = await store.pool.query(`explain ${text}`, values);
        plans.push(plan.rows.map((row) => row['QUERY PLAN']).join('\n'));
        return store.pool.query(text, values);
      },
    } as Queryable;
    await markLostChunks(explaining, 'main');
    const onChunks = plans.filter((plan) => plan.includes(' chunks '));
    expect(onChunks.length).toBe(2);
    for (const plan of onChunks) expect(plan).not.toMatch(/Seq Scan on chunks|chunks_pkey/);
  });
});

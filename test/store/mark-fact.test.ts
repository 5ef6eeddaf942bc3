/** What a push took, from its chunks alone: every request counts, time that overlaps counts once, time between two pushes does not. */
import { expect, test } from 'vitest';
import type { Endpoint } from '../../src/contact/index.ts';
import { markFact, type Store, selectPlanHead } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

type Chunk = {
  readonly endpoint?: Endpoint;
  readonly rows?: number;
  readonly state: string;
  readonly attempts?: number;
  /** Seconds of a night: claimed, sent, answered. */
  readonly at: readonly [number | null, number | null, number | null];
};

async function setup(...chunks: readonly Chunk[]): Promise<{ store: Store; changeSetId: string }> {
  const { store } = await setupDatabase();
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches: [] });
  const rows = chunks.map(({ endpoint = 'bulk_update', rows: size = 100, state, attempts = 1, at }, index) => {
    const [claimed, sent, answered] = at.map((second) => (second === null ? null : new Date(second * 1_000)));
    return [changeSetId, index + 1, endpoint, size, state, attempts, claimed, sent, answered];
  });
  for (const row of rows) {
    await store.pool.query(
      `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, attempts, fence, claimed_at, sent_at, answered_at)
       values ($1, $2, 'update', $3, $4, $5, $6, 1, $7, $8, $9)`,
      row,
    );
  }
  return { store, changeSetId };
}

test('calls, contacts and minutes, per endpoint and as a whole; the wait for a slot is part of it', async () => {
  const { store, changeSetId } = await setup(
    { endpoint: 'multi_dnd', rows: 10, state: 'accepted', at: [0, 1, 3] },
    { state: 'accepted', at: [3, 3, 33] },
    { state: 'refused', attempts: 3, at: [33, 60, 63] },
  );
  const fact = {
    calls: 5,
    minutes: 1.05,
    endpoints: [
      { endpoint: 'bulk_update', rows: 200, calls: 4, minutes: 1 },
      { endpoint: 'multi_dnd', rows: 10, calls: 1, minutes: 0.05 },
    ],
  };
  expect(await markFact(store.pool, changeSetId)).toEqual(fact);
  expect((await selectPlanHead(store.pool, changeSetId)).fact).toEqual(fact);
});

test('requests at the same time take their time once', async () => {
  const { store, changeSetId } = await setup(
    { state: 'accepted', at: [0, 0, 60] },
    { state: 'accepted', at: [30, 30, 90] },
    { endpoint: 'bulk_create', state: 'accepted', at: [60, 60, 120] },
  );
  expect(await markFact(store.pool, changeSetId)).toMatchObject({
    minutes: 2,
    endpoints: [{ minutes: 1 }, { minutes: 1.5 }],
  });
});

test('a day between two pushes of the plan does not count', async () => {
  const { store, changeSetId } = await setup(
    { state: 'accepted', at: [0, 0, 60] },
    { state: 'accepted', at: [86_400, 86_400, 86_460] },
  );
  expect(await markFact(store.pool, changeSetId)).toMatchObject({ calls: 2, minutes: 2 });
});

test('a killed process: what it had sent counts, what it only held does not', async () => {
  const { store, changeSetId } = await setup(
    { state: 'in_doubt', at: [0, 30, null] },
    { state: 'claimed', attempts: 0, at: [60, null, null] },
    { state: 'planned', attempts: 2, at: [60, null, null] },
    { state: 'planned', attempts: 0, at: [null, null, null] },
  );
  expect(await markFact(store.pool, changeSetId)).toEqual({
    calls: 3,
    minutes: 0.5,
    endpoints: [{ endpoint: 'bulk_update', rows: 100, calls: 3, minutes: 0.5 }],
  });
});

test('contacts of a split chunk are counted with its parts', async () => {
  const { store, changeSetId } = await setup(
    { state: 'split', at: [0, 0, 6] },
    { state: 'accepted', rows: 50, at: [6, 6, 12] },
    { state: 'accepted', rows: 50, at: [12, 12, 18] },
  );
  expect(await markFact(store.pool, changeSetId)).toMatchObject({ calls: 3, minutes: 0.3, endpoints: [{ rows: 100 }] });
});

test('a chunk of a version that noted no claims counts from when it was sent', async () => {
  const { store, changeSetId } = await setup({ state: 'accepted', attempts: 0, at: [null, 0, 6] });
  expect(await markFact(store.pool, changeSetId)).toMatchObject({ calls: 1, minutes: 0.1 });
});

test('as long as nothing has left there is no fact', async () => {
  const { store, changeSetId } = await setup({ state: 'planned', attempts: 0, at: [null, null, null] });
  expect(await markFact(store.pool, changeSetId)).toBeUndefined();
  expect((await selectPlanHead(store.pool, changeSetId)).fact).toBeNull();
});

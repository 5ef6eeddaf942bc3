/** Several processes at the same dead letters: a person decides, a push cuts the next plan, a verify settles the last one. Nobody is thrown out. */
import { expect, it } from 'vitest';
import { insertDeadLetter, markDeadLetters, resolveDeadLetters, type Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

const tenant = 'main';

/** A refused plan with two letters, and a later, complete one that asks for nothing of them. */
async function setup() {
  const { store } = await setupDatabase();
  const patches = ['B', 'A'].map((account) => ({
    ...({ account, operation: 'update', endpoint: 'bulk_update' } as const),
    ...{ changes: { firstName: ['Old', 'Ann'] as const }, sends: { firstName: 'Ann' } },
  }));
  const { changeSetId } = await storePlan(store, { tenant, patches });
  await store.pool.query('update sync.patches set chunk_seq = seq');
  const ids = [];
  for (const chunkSeq of [1, 2]) ids.push((await insertDeadLetter(store.pool, { tenant, changeSetId, chunkSeq }))!);
  const later = await storePlan(store, { tenant, patches: [] });
  await store.pool.query(`update sync.change_sets set policy = '{"isComplete": true}'`);
  return { store, changeSetId, ids, laterId: later.changeSetId };
}

/** Until the work is done, or waits for a lock. */
async function waitOrEnd(store: Store, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const ending = work.then(
    () => {
      isDone = true;
    },
    () => {
      isDone = true;
    },
  );
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while (!isDone && (await store.pool.query(waiting)).rowCount === 0) {
    await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
}

it('a person decides on letters that a plan under way refers to, in whatever order', async () => {
  const { store, changeSetId, ids } = await setup();
  const cutting = await store.pool.connect();
  const refer = (id: string | undefined): Promise<unknown> =>
    cutting.query(`update sync.patches set dead_letter_id = $2 where change_set_id = $1 and seq = $3`, [
      changeSetId,
      id,
      id === ids[0] ? 1 : 2,
    ]);
  await store.pool.query('update sync.patches set dead_letter_id = null');
  try {
    await cutting.query('begin');
    await refer(ids[1]);
    const deciding = markDeadLetters(store, { tenant, ids, decision: 'retry', by: 'Ann Lee' });
    await waitOrEnd(store, deciding);
    await refer(ids[0]);
    await cutting.query('commit');
    expect(await deciding).toEqual({ kind: 'marked' });
  } finally {
    cutting.release();
  }
});

it('a plan is settled while a person decides on its letters', async () => {
  const { store, ids, laterId } = await setup();
  // The first letter was noted again, so that it lies behind the second one.
  await store.pool.query('update sync.dead_letters set times = times + 1 where id = $1', [ids[0]]);
  const deciding = await store.pool.connect();
  const lock = (id: string | undefined): Promise<unknown> =>
    deciding.query('select from sync.dead_letters where id = $1 for no key update', [id]);
  try {
    await deciding.query('begin');
    await lock(ids[0]);
    const settling = resolveDeadLetters(store.pool, tenant, laterId);
    await waitOrEnd(store, settling);
    await lock(ids[1]);
    await deciding.query('commit');
    expect(await settling).toBe(2);
  } finally {
    deciding.release();
  }
});

/** A plan gets its end together with the dead letters that it has made pointless: killed in between, the next verify finishes both. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { insertDeadLetter, type Store } from '../../src/store/index.ts';
import { verify } from '../../src/verify/verify.ts';
import { KilledError, makeMortalStore } from '../push/mortal-store.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

const tenant = 'main';

/** A letter that the plan which waits for its end does not ask for any more. */
async function setup(): Promise<Store> {
  const { store } = await setupDatabase();
  const patch = {
    ...({ account: 'A', operation: 'update', endpoint: 'bulk_update' } as const),
    ...{ changes: { firstName: ['Old', 'Ann'] as const }, sends: { firstName: 'Ann' } },
  };
  const { changeSetId } = await storePlan(store, { tenant, patches: [patch] });
  await store.pool.query('update sync.patches set chunk_seq = 1');
  await insertDeadLetter(store.pool, { tenant, changeSetId, chunkSeq: 1 });
  const later = await storePlan(store, { tenant, patches: [] });
  await store.pool.query(
    `update sync.change_sets set policy = '{"isComplete": true}', state = 'pushed' where id = $1`,
    [later.changeSetId],
  );
  return store;
}

function runVerify(store: Store): Promise<unknown> {
  return verify(
    { store, clock: systemClock, log: silentLog, lookUp: async () => ({ kind: 'absent' }) },
    { tenant, timeZone: 'America/New_York', ownUser: 'demo' },
  );
}

it('killed after any statement', async () => {
  let kills = 0;
  for (let statements = 0; ; statements += 1) {
    const store = await setup();
    try {
      await runVerify(makeMortalStore(store, statements));
      break;
    } catch (error) {
      if (!(error instanceof KilledError)) throw error;
    }
    kills += 1;
    await runVerify(store);
    const found = await store.pool.query(
      `select d.state as letter, s.state as plan from sync.dead_letters d, sync.change_sets s where s.state <> 'superseded'`,
    );
    expect([statements, ...found.rows]).toEqual([statements, { letter: 'resolved', plan: 'proven' }]);
  }
  expect(kills).toBeGreaterThan(3);
}, 60_000);

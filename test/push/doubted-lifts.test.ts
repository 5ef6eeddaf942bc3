/** A lift whose answer was lost may still be at work in LiveVox: a newer stop of the same contact is not overtaken by it. */
import { expect, it } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { selectLost } from '../../src/store/index.ts';
import { lost, makeFakeLiveVox } from './fake-livevox.ts';
import { impatientClock, insertUrgentPlan, setupPush } from './push-setup.ts';

const settleMs = 60_000;

/** What happened in its order: the accounts of requests, and `settled`. */
async function pushWithStop(stopped: string) {
  const { store, changeSetId, run } = await setupPush([
    ['A1', 'lift', 'multi_dnd'],
    ['A2', 'lift', 'multi_dnd'],
  ]);
  const events: string[] = [];
  const { livevox } = makeFakeLiveVox(async (_, [account]) => {
    events.push(account!);
    if (events.length > 1) return undefined;
    await insertUrgentPlan(store, changeSetId, [[stopped, 'block', 'multi_dnd']]);
    return lost;
  });
  const clock: Clock = {
    ...impatientClock,
    sleep: async (ms, signal) => {
      await impatientClock.sleep(ms, signal);
      if (ms > settleMs / 2) events.push('settled');
    },
  };
  await run({ livevox, clock, push: { chunkRows: 1, settleMs } });
  return { store, changeSetId, events };
}

it('the stop waits until the lift has had its time', async () => {
  const { events } = await pushWithStop('A1');
  expect(events.filter((one) => one !== 'A2')).toEqual(['A1', 'settled', 'A1']);
});

it('the stop of somebody else does not', async () => {
  const { events } = await pushWithStop('U1');
  expect(events).not.toContain('settled');
  expect(events).toContain('U1');
});

it('the lift is never sent again', async () => {
  const lostOf = async (stopped: string): Promise<readonly string[]> => {
    const { store, changeSetId } = await pushWithStop(stopped);
    await store.pool.query(`update sync.patches set verdict = 'not_taken' where change_set_id = $1`, [changeSetId]);
    const input = { tenant: 'main', changeSetId, repeats: 2, now: new Date(), timeZone: 'America/New_York' };
    return (await selectLost(store, { ...input, after: '0', rows: 10 })).map(({ account }) => account);
  };
  expect(await lostOf('U1')).toEqual(['A1']);
  expect(await lostOf('A1')).toEqual([]);
});

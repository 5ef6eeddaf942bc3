/** No step of a contact leaves before an earlier one of it has its answer; blocks whose answer was lost are repeated at once. */
import { expect, it } from 'vitest';
import { lost, makeFakeLiveVox, refusal } from './fake-livevox.ts';
import { type Step, selectFinal, setupPush } from './push-setup.ts';

const steps: readonly (readonly [Step[1], Step[2]])[] = [
  ['block', 'multi_dnd'],
  ['block', 'bulk_update'],
  ['update', 'bulk_update'],
  ['deactivate', 'bulk_update'],
];

it('with four senders and chunks that are split, the steps of each contact leave in their order, one after the other', async () => {
  const accounts = Array.from({ length: 30 }, (_, index) => `A${index}`);
  const { store, changeSetId, run } = await setupPush(
    accounts.flatMap((account) => steps.map(([operation, endpoint]): Step => [account, operation, endpoint])),
  );
  const begun: { kind: string; accounts: readonly string[]; at: number; until: number }[] = [];
  let tick = 0;
  // Answers come late and out of order; a request that holds A7 and others is refused.
  const { livevox } = makeFakeLiveVox(async (method, asked) => {
    tick += 1;
    const entry = { kind: method, accounts: asked, at: tick, until: 0 };
    begun.push(entry);
    await new Promise((resolve) => setTimeout(resolve, (begun.length % 4) * 3));
    tick += 1;
    entry.until = tick;
    return asked.includes('A7') && asked.length > 1 ? refusal : undefined;
  });
  expect(await run({ livevox, push: { chunkRows: 4 }, inFlight: 4 })).toMatchObject({ accepted: 120, refused: 0 });
  expect((await selectFinal(store, changeSetId)).every(({ state }) => state === 'accepted')).toBe(true);
  for (const account of accounts) {
    const own = begun.filter((entry) => entry.accounts.includes(account));
    for (const [index, entry] of own.slice(1).entries()) expect(entry.at).toBeGreaterThan(own[index]!.until);
  }
  const order = await store.pool.query(
    `select bool_and(in_order) as "inOrder" from (
       select c.sent_at >= lag(c.answered_at) over (partition by p.account order by p.seq) is not false as in_order
         from sync.patches p join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq) o`,
  );
  expect(order.rows).toEqual([{ inOrder: true }]);
});

it('a block whose answer was lost is sent again at once, at most so often as configured; nothing else is', async () => {
  const { store, changeSetId, run } = await setupPush([
    ['A', 'block', 'multi_dnd'],
    ['B', 'block', 'bulk_update'],
  ]);
  let dnd = 0;
  const { livevox, requests } = makeFakeLiveVox((method) => {
    dnd += method === 'dnd' ? 1 : 0;
    return method === 'update' || dnd < 3 ? lost : undefined;
  });
  expect(await run({ livevox })).toMatchObject({ chunks: 4, accepted: 1, in_doubt: 1 });
  expect(requests.map(({ method }) => method)).toEqual(['dnd', 'dnd', 'dnd', 'update']);
  expect(await selectFinal(store, changeSetId)).toEqual([
    { account: 'A', operation: 'block', state: 'accepted' },
    { account: 'B', operation: 'block', state: 'in_doubt' },
  ]);
  const patches = await store.pool.query(`select account, attempts from sync.patches order by seq`);
  expect(patches.rows).toEqual([
    { account: 'A', attempts: 2 },
    { account: 'B', attempts: 0 },
  ]);
});

it('a block is in doubt when its repeats are used up', async () => {
  const { store, changeSetId, run } = await setupPush([['A', 'block', 'multi_dnd']]);
  const { livevox, requests } = makeFakeLiveVox(() => lost);
  expect(await run({ livevox, push: { repeats: 1 } })).toMatchObject({ in_doubt: 1 });
  expect(requests).toHaveLength(2);
  expect((await selectFinal(store, changeSetId))[0]?.state).toBe('in_doubt');
});

it('a LiveVox that stopped answering is sent three requests, not all', async () => {
  const { run } = await setupPush(
    Array.from({ length: 9 }, (_, index): Step => [`A${index}`, 'update', 'bulk_update']),
  );
  const { livevox, requests } = makeFakeLiveVox(() => lost);
  await expect(run({ livevox, push: { chunkRows: 1 } })).rejects.toThrow(/gave no answer to 3 requests in a row/);
  expect(requests).toHaveLength(3);
});

/** The size of requests follows what LiveVox takes, within a push and from one to the next. */
import { describe, expect, it } from 'vitest';
import { lost, type Method, makeFakeLiveVox, tooLarge } from './fake-livevox.ts';
import { type Step, selectFinal, setupPush } from './push-setup.ts';

const creates = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => [`A${index}`, 'update', 'bulk_update'] as const);
const sizes = (requests: readonly { readonly accounts: readonly string[] }[]): number[] =>
  requests.map(({ accounts }) => accounts.length);
const atMost = (limit: number) => (_method: Method, accounts: readonly string[]) =>
  accounts.length > limit ? tooLarge : undefined;

describe('a request that is too large', () => {
  it('goes in halves, and what comes after it in requests of that size, in the same order', async () => {
    const { store, run } = await setupPush(creates(50));
    const { livevox, requests } = makeFakeLiveVox(atMost(6));
    expect(await run({ livevox, push: { chunkRows: 20 } })).toMatchObject({ accepted: 50, refused: 0 });
    expect(sizes(requests)).toEqual([20, 10, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]);
    const taken = requests.filter(({ accounts }) => accounts.length <= 6).flatMap(({ accounts }) => accounts);
    expect(taken).toEqual(creates(50).map(([account]) => account));
    expect((await store.pool.query(`select endpoint, size_rows, reason from sync.chunk_sizes`)).rows).toEqual([
      { endpoint: 'bulk_update', size_rows: 5, reason: '10 contacts were too many' },
    ]);
  });

  it('is remembered: the next plan is cut to the size that was learnt', async () => {
    const { store, run } = await setupPush(creates(30));
    await store.pool.query(
      `insert into sync.chunk_sizes (tenant, endpoint, size_rows) values ('main', 'bulk_update', 8), ('other', 'bulk_update', 2)`,
    );
    const { livevox, requests } = makeFakeLiveVox();
    await run({ livevox, push: { chunkRows: 20 } });
    expect(sizes(requests)).toEqual([8, 8, 8, 6]);
  });

  it('grows again after sixteen in a row, with what was cut small put together, never above what is configured', async () => {
    const { store, run } = await setupPush(creates(60));
    await store.pool.query(
      `insert into sync.chunk_sizes (tenant, endpoint, size_rows, accepted_in_a_row) values ('main', 'bulk_update', 2, 14)`,
    );
    const { livevox, requests } = makeFakeLiveVox();
    await run({ livevox, push: { chunkRows: 3 } });
    expect(sizes(requests)).toEqual([2, 2, ...Array.from({ length: 18 }, () => 3), 2]);
  });

  it('of one contact is refused', async () => {
    const { run } = await setupPush(creates(2));
    const { livevox, requests } = makeFakeLiveVox(() => tooLarge);
    expect(await run({ livevox })).toMatchObject({ refused: 2 });
    expect(sizes(requests)).toEqual([2, 1, 1]);
  });

  it('is halved after a lost answer, which itself waits for the read-back', async () => {
    const { store, changeSetId, run } = await setupPush(creates(40));
    let first = true;
    const { livevox, requests } = makeFakeLiveVox(() => {
      const answer = first ? lost : undefined;
      first = false;
      return answer;
    });
    expect(await run({ livevox, push: { chunkRows: 20 } })).toMatchObject({ accepted: 20, in_doubt: 20 });
    expect(sizes(requests)).toEqual([20, 10, 10]);
    const states = (await selectFinal(store, changeSetId)).map(({ state }) => state);
    expect([states.slice(0, 20), states.slice(20)]).toEqual([
      Array.from({ length: 20 }, () => 'in_doubt'),
      Array.from({ length: 20 }, () => 'accepted'),
    ]);
  });

  it('takes no more requests than the rows need, when contacts were left out of chunks that were cut before', async () => {
    const { store, run } = await setupPush(creates(40));
    let answers = 0;
    const silent = makeFakeLiveVox(() => {
      answers += 1;
      throw new Error('unplugged');
    });
    await expect(run({ livevox: silent.livevox, push: { chunkRows: 10 } })).rejects.toThrow('unplugged');
    expect(answers).toBe(1);
    await store.pool.query(
      `update mirror.contacts set merged_at = now() where right(account, 1) in ('1', '3', '5', '7', '9')`,
    );
    const { livevox, requests } = makeFakeLiveVox();
    expect(await run({ livevox, push: { chunkRows: 10 } })).toMatchObject({ leftOut: 20, accepted: 20 });
    expect(sizes(requests)).toEqual([10, 10]);
  });
});

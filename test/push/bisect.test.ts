/** A refused request is halved down to the contact at fault; nothing is lost or doubled, wherever the process is killed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import { markLostChunks } from '../../src/store/index.ts';
import { lost, type Method, makeFakeLiveVox, refusal } from './fake-livevox.ts';
import { KilledError, makeMortalStore } from './mortal-store.ts';
import { type Step, selectFinal, setupPush } from './push-setup.ts';

const update = (account: string): Step => [account, 'update', 'bulk_update'];
const accountsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `A${index}`);

function refuse(poison: ReadonlySet<string>) {
  return (_method: Method, accounts: readonly string[]) =>
    accounts.some((account) => poison.has(account)) ? refusal : undefined;
}

describe('a refused request', () => {
  it('is sent again in halves, next of all, until the contact at fault is alone; the others go through', async () => {
    const { store, changeSetId, run } = await setupPush(accountsOf(8).map(update));
    const { livevox, requests } = makeFakeLiveVox(refuse(new Set(['A1'])));
    expect(await run({ livevox, push: { chunkRows: 4 } })).toMatchObject({ chunks: 6, accepted: 7, refused: 1 });
    expect(requests.map(({ accounts }) => accounts.join(','))).toEqual([
      'A0,A1,A2,A3',
      'A0,A1',
      'A0',
      'A1',
      'A2,A3',
      'A4,A5,A6,A7',
    ]);
    const chunks = await store.pool.query(
      `select seq, state, size_rows as rows, split_from as "from", http_status as status, code from sync.chunks order by seq`,
    );
    expect(chunks.rows).toEqual([
      { seq: 1, state: 'split', rows: 4, from: null, status: 400, code: '9' },
      { seq: 2, state: 'accepted', rows: 4, from: null, status: 200, code: null },
      { seq: 3, state: 'split', rows: 2, from: 1, status: 400, code: '9' },
      { seq: 4, state: 'accepted', rows: 2, from: 1, status: 200, code: null },
      { seq: 5, state: 'accepted', rows: 1, from: 3, status: 200, code: null },
      { seq: 6, state: 'refused', rows: 1, from: 3, status: 400, code: '9' },
    ]);
    expect((await selectFinal(store, changeSetId)).filter(({ state }) => state !== 'accepted')).toEqual([
      { account: 'A1', operation: 'update', state: 'refused' },
    ]);
  });

  it('is looked into by the next push when the process ended before it could', async () => {
    const { store, changeSetId, run } = await setupPush([...accountsOf(4).map(update), ['A0', 'lift', 'multi_dnd']]);
    const { livevox, requests } = makeFakeLiveVox(refuse(new Set(['A1'])));
    // The refusal is on record, its split is not.
    await store.pool.query(
      `create function refuse_split() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
       create trigger refuse_split before update on sync.chunks for each row when (new.state = 'split') execute function refuse_split()`,
    );
    await expect(run({ livevox })).rejects.toThrow('killed');
    expect((await store.pool.query(`select state, size_rows from sync.chunks`)).rows).toEqual([
      { state: 'refused', size_rows: 4 },
    ]);
    await store.pool.query(`drop trigger refuse_split on sync.chunks`);
    expect(await run({ livevox })).toMatchObject({ accepted: 3, refused: 1, leftOut: 0 });
    expect(requests.map(({ accounts }) => accounts.length)).toEqual([4, 2, 1, 1, 2]);
    const final = await selectFinal(store, changeSetId);
    expect(final.at(-1)).toEqual({ account: 'A0', operation: 'lift', state: null });
  });

  it('of one contact goes by the method for a single one where it may, and is refused for good when that refuses too', async () => {
    const { store, changeSetId, run } = await setupPush(accountsOf(2).map(update));
    const { livevox, requests } = makeFakeLiveVox(refuse(new Set(['A1'])));
    expect(await run({ livevox, push: { singleContact: 'fallback' } })).toMatchObject({ chunks: 4, refused: 1 });
    expect(requests.map(({ accounts }) => accounts.join(','))).toEqual(['A0,A1', 'A0', 'A1', 'A1']);
    const last = await store.pool.query(
      `select c.state, c.single, c.http_status, c.code, c.attempts from sync.chunks c
         join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq where p.account = 'A1'`,
    );
    expect(last.rows).toEqual([{ state: 'refused', single: true, http_status: 400, code: '9', attempts: 1 }]);
    await store.pool.query(`update sync.change_sets set state = 'pushing'`);
    expect(await run({ livevox, push: { singleContact: 'fallback' } })).toMatchObject({ chunks: 0 });
    expect((await selectFinal(store, changeSetId)).map(({ state }) => state)).toEqual(['accepted', 'refused']);
  });

  it('every contact goes alone when they always shall, by a bulk method where no other can carry it', async () => {
    const { run } = await setupPush(accountsOf(3).map(update));
    const { livevox, requests } = makeFakeLiveVox();
    expect(await run({ livevox, push: { singleContact: 'always' } })).toMatchObject({ chunks: 3, accepted: 3 });
    expect(requests.map(({ accounts }) => accounts.join(','))).toEqual(['A0', 'A1', 'A2']);
  });

  it('stops the push when LiveVox refuses fifty contacts and takes none between them', async () => {
    const { run } = await setupPush(accountsOf(200).map(update));
    const { livevox, requests } = makeFakeLiveVox(() => refusal);
    await expect(run({ livevox })).rejects.toThrow(FatalError);
    expect(requests.length).toBeLessThan(120);
  });
});

it('every contact ends in one request that is settled, with few requests, whoever is at fault', async () => {
  const input = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    chunkRows: fc.integer({ min: 1, max: 40 }),
    poison: fc.uniqueArray(fc.nat(39), { maxLength: 6 }),
    inFlight: fc.integer({ min: 1, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ count, chunkRows, poison, inFlight }) => {
      const poisoned = new Set(poison.filter((index) => index < count).map((index) => `A${index}`));
      const { store, changeSetId, run } = await setupPush(accountsOf(count).map(update));
      const { livevox, requests } = makeFakeLiveVox(refuse(poisoned));
      const counts = await run({ livevox, push: { chunkRows }, inFlight });
      expect(counts).toMatchObject({ accepted: count - poisoned.size, refused: poisoned.size, in_doubt: 0 });
      const rows = Math.min(count, chunkRows);
      const atMost = Math.ceil(count / chunkRows) + 2 * poisoned.size * Math.ceil(Math.log2(rows));
      expect(requests.length).toBeLessThanOrEqual(atMost);
      for (const { account, state } of await selectFinal(store, changeSetId))
        expect([account, state]).toEqual([account, poisoned.has(account) ? 'refused' : 'accepted']);
    }),
    { numRuns: 12 },
  );
}, 60_000);

it('a kill between any two statements loses and doubles nothing', async () => {
  const input = fc.record({
    poison: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
    lives: fc.array(fc.integer({ min: 8, max: 90 }), { minLength: 1, maxLength: 6 }),
    inFlight: fc.integer({ min: 1, max: 3 }),
    everyLost: fc.integer({ min: 3, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ poison, lives, inFlight, everyLost }) => {
      const poisoned = new Set(poison.map((index) => `A${index}`));
      const { store, changeSetId, run } = await setupPush(
        accountsOf(12).map((account): Step => [account, 'update', 'bulk_update']),
      );
      const taken: string[] = [];
      let seen = 0;
      const { livevox } = makeFakeLiveVox((method, accounts) => {
        seen += 1;
        const said = refuse(poisoned)(method, accounts);
        if (said === undefined) taken.push(...accounts);
        return seen % everyLost === 0 ? lost : said;
      });
      const push = { chunkRows: 5 };
      for (const statements of [...lives, Number.POSITIVE_INFINITY]) {
        await run({ livevox, push, inFlight, over: makeMortalStore(store, statements) }).catch((error: Error) => {
          if (!(error instanceof KilledError)) expect(error.message).toMatch(/has been pushed already/);
        });
        await markLostChunks(store.pool, 'main');
      }
      const final = await selectFinal(store, changeSetId);
      expect(final).toHaveLength(12);
      for (const { account, state } of final) {
        expect(['accepted', 'refused', 'in_doubt']).toContain(state);
        const times = taken.filter((one) => one === account).length;
        // In doubt is what was lost; whatever is certain is what really happened, once.
        if (state === 'accepted') expect(times).toBe(1);
        else if (state === 'refused') expect([times, poisoned.has(account)]).toEqual([0, true]);
        else expect(times).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);

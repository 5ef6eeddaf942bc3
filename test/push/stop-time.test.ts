/** A push stops at its time: nothing is taken or sent any more, what has left is waited for, and the rest goes out with the next one. */
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { Patch } from '../../src/contact/index.ts';
import type { ContactRows, WriteAnswer } from '../../src/livevox/index.ts';
import { silentLog } from '../../src/log.ts';
import { push } from '../../src/push/push.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

const base = '2026-03-01 02:03:04.000005Z';
const until = new Date('2026-03-02T06:00:00Z');
const accounts = ['A1', 'A2', 'A3'];

/** Time that goes on when a test says so; whoever sleeps wakes then. */
function makeHandClock(start: Date): Clock & { readonly set: (at: Date) => void } {
  let now = start;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        sleepers.push({ at: now.getTime() + ms, wake: resolve });
      }),
    set: (at) => {
      now = at;
      for (const { at: due, wake } of sleepers) if (due <= now.getTime()) wake();
    },
  };
}

type Send = (takeRows: () => Promise<unknown>, signal?: AbortSignal) => Promise<WriteAnswer>;

const accepted = { kind: 'accepted', httpStatus: 200 } as const;

/** A plan of three updates, one to a request. `send` stands for the client: it calls `takeRows` when the slot has come. */
async function setup(send: Send) {
  const { store } = await setupDatabase();
  const patches = accounts.map(
    (account, index): Patch => ({
      account,
      lvAccountId: String(index + 1),
      operation: 'update',
      endpoint: 'bulk_update',
      changes: { firstName: ['Ann', 'Eve'] },
      sends: { firstName: 'Eve', active: 'true' },
    }),
  );
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches, base });
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_seen_at, merged_at, merged_by)
     select 'main', account, now(), $1, gen_random_uuid() from unnest($2::text[]) as account`,
    [base, accounts],
  );
  const clock = makeHandClock(new Date('2026-03-02T05:59:00Z'));
  const sent: string[] = [];
  const take = async (rows: ContactRows, signal?: AbortSignal): Promise<WriteAnswer> => {
    if (typeof rows !== 'function') throw new Error('rows are asked for when the slot has come');
    return send(async () => {
      const given = await rows();
      sent.push(given.map(({ account }) => account).join(','));
    }, signal);
  };
  const never = async (): Promise<WriteAnswer> => {
    throw new Error('this plan has only updates');
  };
  const livevox = {
    sendBulkCreate: never,
    sendBulkUpdate: take,
    sendMultipleContactsDnd: never,
    sendDeleteContact: never,
    sendCreateContact: never,
    sendUpdateContact: never,
    sendContactDnd: never,
  };
  const settings = {
    chunkRows: 1,
    identifyBy: 'both',
    createActive: true,
    singleContact: 'never',
    keyedReads: 10,
    repeats: 2,
    settleMs: 0,
  } as const;
  const stop = async (account: string): Promise<void> => {
    const block = {
      account,
      operation: 'block',
      endpoint: 'bulk_update',
      changes: { active: ['true', 'false'] },
      sends: { active: 'false' },
    } as const;
    const urgent = await storePlan(store, { tenant: 'main', patches: [block], base });
    await store.pool.query(`update sync.change_sets set urgent = true where id = $1`, [urgent.changeSetId]);
    await store.pool.query(`update sync.change_sets set state = 'pushing', ended_at = null where id = $1`, [
      changeSetId,
    ]);
  };
  const run = (stopAt = until, signal?: AbortSignal) =>
    push(
      { livevox, lookUp: async () => ({ kind: 'absent' }), store, clock, log: silentLog, progress: () => {} },
      { tenant: 'main', changeSetId, actor: 'op', push: settings, inFlight: () => 1, until: stopAt, signal },
    );
  return { store, changeSetId, clock, sent, stop, run };
}

async function selectStates(store: Store): Promise<unknown> {
  const found = await store.pool.query<{ states: string }>(
    `select s.state || ': ' || string_agg(c.state, ' ' order by c.seq) as states
       from sync.change_sets s join sync.chunks c on c.change_set_id = s.id group by s.state`,
  );
  return found.rows[0]?.states;
}

/** A client whose slots come at once. */
const atOnce: Send = async (takeRows) => {
  await takeRows();
  return accepted;
};

describe('a push with a time to stop', () => {
  it('takes nothing from that instant on, and everything a millisecond before', async () => {
    const { store, clock, sent, run } = await setup(atOnce);
    clock.set(until);
    expect(await run()).toMatchObject({ chunks: 0, accepted: 0 });
    expect([sent, await selectStates(store)]).toEqual([[], 'pushing: planned planned planned']);
    // Not even claimed.
    expect((await store.pool.query('select from sync.chunks where claimed_at is not null')).rowCount).toBe(0);
    clock.set(new Date(until.getTime() - 1));
    expect(await run()).toMatchObject({ chunks: 3, accepted: 3 });
    expect(sent).toEqual(accounts);
  });

  it('ends well between two requests, and the next push sends the rest, each contact once', async () => {
    const bundle = await setup(async (takeRows) => {
      await takeRows();
      bundle.clock.set(until);
      return accepted;
    });
    expect(await bundle.run()).toMatchObject({ chunks: 1, accepted: 1 });
    expect(await selectStates(bundle.store)).toBe('pushing: accepted planned planned');
    expect(await bundle.run(new Date(until.getTime() + 86_400_000))).toMatchObject({ chunks: 2, accepted: 2 });
    expect(bundle.sent).toEqual(accounts);
    expect(await selectStates(bundle.store)).toBe('pushed: accepted accepted accepted');
  });

  it('calls back a request that waits for its slot', async () => {
    const bundle = await setup((_takeRows, signal) => {
      const called = new Promise<WriteAnswer>((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason)),
      );
      bundle.clock.set(until);
      return called;
    });
    expect(await bundle.run()).toMatchObject({ chunks: 0 });
    expect([bundle.sent, await selectStates(bundle.store)]).toEqual([[], 'pushing: planned planned planned']);
  });

  it('sends nothing when the slot comes too late, whatever its timer did', async () => {
    const bundle = await setup(async (takeRows) => {
      bundle.clock.set(until);
      await takeRows();
      return accepted;
    });
    expect(await bundle.run()).toMatchObject({ chunks: 0 });
    expect(bundle.sent).toEqual([]);
    const chunks = await bundle.store.pool.query('select state, sent_at, attempts from sync.chunks where seq = 1');
    expect(chunks.rows).toEqual([{ state: 'planned', sent_at: null, attempts: 0 }]);
  });

  it('does not send again in a pause that LiveVox asked for', async () => {
    const bundle = await setup(async (takeRows) => {
      await takeRows();
      bundle.clock.set(until);
      await takeRows();
      return accepted;
    });
    expect(await bundle.run()).toMatchObject({ chunks: 0 });
    expect([bundle.sent, await selectStates(bundle.store)]).toEqual([['A1'], 'pushing: planned planned planned']);
  });

  it('waits for a request that has left, and keeps its outcome', async () => {
    const aborted: unknown[] = [];
    const bundle = await setup(async (takeRows, signal) => {
      await takeRows();
      bundle.clock.set(until);
      await new Promise((resolve) => setTimeout(resolve, 20));
      aborted.push(signal?.aborted);
      return accepted;
    });
    expect(await bundle.run()).toMatchObject({ chunks: 1, accepted: 1 });
    expect(aborted).toEqual([false]);
  });

  it('still ends with what went wrong, and is still stopped by its caller', async () => {
    const broken = await setup(async () => {
      throw new Error('the wire is cut');
    });
    await expect(broken.run()).rejects.toThrow('the wire is cut');
    const stop = new AbortController();
    const stopped = await setup((_takeRows, signal) => {
      const called = new Promise<WriteAnswer>((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason)),
      );
      stop.abort(new Error('stopped by hand'));
      return called;
    });
    await expect(stopped.run(until, stop.signal)).rejects.toThrow('stopped by hand');
    expect(await selectStates(stopped.store)).toBe('pushing: planned planned planned');
  });

  it('a stop that leaves with the call of another chunk is not held up, and that chunk does not leave with the call of the stop', async () => {
    const calls: { readonly takeRows: () => Promise<unknown>; readonly answer: (answer: WriteAnswer) => void }[] = [];
    const { store, clock, sent, stop, run } = await setup(
      (takeRows, signal) =>
        new Promise((answer, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
          calls.push({ takeRows, answer });
        }),
    );
    const pushing = run();
    await vi.waitFor(() => expect(calls).toHaveLength(1), 10_000);
    await stop('U1');
    // The push looks for stops every second.
    const pass = (): void => clock.set(new Date(clock.now().getTime() + 1_000));
    await vi.waitFor(
      () => {
        pass();
        expect(calls).toHaveLength(2);
      },
      { timeout: 10_000, interval: 250 },
    );
    await calls[0]!.takeRows();
    clock.set(new Date('2026-03-02T06:00:01Z'));
    // LiveVox has put the first attempt off; and the slot of the other call comes all the same.
    await calls[0]!.takeRows();
    await expect(calls[1]!.takeRows()).rejects.toThrow('time to stop');
    calls[0]!.answer(accepted);
    await pushing;
    expect(sent).toEqual(['U1', 'U1']);
    const states = await store.pool.query(
      `select p.account, c.state from sync.patches p join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq order by 1`,
    );
    expect(states.rows.map(({ account, state }) => `${account} ${state}`)).toEqual([
      'A1 planned',
      'A2 planned',
      'A3 planned',
      'U1 accepted',
    ]);
  });
});

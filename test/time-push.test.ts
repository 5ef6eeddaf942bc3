/** Before a push its forecast, after it its fact, also when it fails; and at the time to stop, what it leaves. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock.ts';
import type { LimitConfig, TenantConfig } from '../src/config.ts';
import type { Endpoint, Patch } from '../src/contact/index.ts';
import type { LogFacts } from '../src/log.ts';
import { silentLog } from '../src/log.ts';
import type { ProgressEvent } from '../src/progress.ts';
import { methodNames } from '../src/steps.ts';
import { selectPlanHead } from '../src/store/index.ts';
import { timePush } from '../src/time-push.ts';
import { setupDatabase } from './support/database.ts';
import { storePlan } from './support/stored-plan.ts';

const now = new Date('2026-06-01T10:00:00Z');

function makePatches(operation: 'update' | 'block', endpoint: Endpoint, count: number): readonly Patch[] {
  return Array.from(
    { length: count },
    (_, index): Patch => ({
      account: `${operation}${index}`,
      lvAccountId: '17',
      operation,
      endpoint,
      changes: { firstName: ['Ann', 'Eve'] },
      sends: { firstName: 'Eve', active: 'true' },
    }),
  );
}

type Settings = { readonly limits?: object; readonly singleContact?: string; readonly learnt?: LimitConfig };

async function setup(patches: readonly Patch[], { limits = {}, singleContact = 'fallback', learnt }: Settings = {}) {
  const { store } = await setupDatabase();
  const { changeSetId } = await storePlan(store, { tenant: 'main', patches });
  const tenant = {
    name: 'main',
    timeZone: 'America/New_York',
    limits,
    inFlight: {},
    push: { chunkRows: 100, singleContact },
  } as unknown as TenantConfig;
  const told: ProgressEvent[] = [];
  const logged: (readonly [string, LogFacts | undefined])[] = [];
  const log = { ...silentLog, info: (event: string, facts?: LogFacts) => void logged.push([event, facts]) };
  const clock = { ...systemClock, now: () => now };
  const deps = {
    tenant,
    store,
    clock,
    log,
    progress: (event: ProgressEvent) => void told.push(event),
    learntLimit: async () => learnt,
  };
  const run = (push: () => Promise<Record<string, number>> = async () => ({ chunks: 0 }), until?: Date) =>
    timePush(deps, { changeSetId, until, methods: methodNames }, push);
  return { store, changeSetId, told, logged, run };
}

const sixPerMinute = { 'Bulk Update Contact': [{ starts: 6, perMs: 60_000 }] };

describe('timePush', () => {
  it('tells calls, time and end, by the tenant’s clock, before the first call; and stores them', async () => {
    const bundle = await setup(makePatches('update', 'bulk_update', 1_801), { limits: sixPerMinute });
    await bundle.run(async () => {
      expect(bundle.told).toEqual([
        {
          step: 'push',
          what: 'contacts sent',
          done: 0,
          total: 1_801,
          note: '19 calls, about 3 min, to 2026-06-01 06:03 (America/New_York); reading back comes on top',
        },
      ]);
      expect(bundle.logged).toEqual([
        ['push.forecast', { changeSet: bundle.changeSetId, calls: 19, minutes: 3, endsAt: '2026-06-01T10:03:00.000Z' }],
      ]);
      return {};
    });
    expect((await selectPlanHead(bundle.store.pool, bundle.changeSetId)).forecast).toMatchObject({
      calls: 19,
      minutes: 3,
    });
  });

  it('says so when nothing is known, and when it will be stopped before its end', async () => {
    const unknown = await setup(makePatches('update', 'bulk_update', 1));
    await unknown.run();
    expect(unknown.told[0]?.note).toBe(
      '1 call, how long is not known: no limit is configured, and nothing measured yet; reading back comes on top',
    );
    const late = await setup(makePatches('update', 'bulk_update', 1_801), { limits: sixPerMinute });
    await late.run(undefined, new Date(now.getTime() + 60_000));
    expect(late.told[0]?.note).toMatch(/; it stops at 06:01, before all is sent$/);
  });

  it('goes by what LiveVox has taught, the size of requests included', async () => {
    const bundle = await setup(makePatches('update', 'bulk_update', 100), { learnt: { starts: 1, perMs: 60_000 } });
    await bundle.store.pool.query(
      `insert into sync.chunk_sizes (tenant, endpoint, size_rows) values ('main', 'bulk_update', 25), ('other', 'bulk_update', 1)`,
    );
    await bundle.run();
    expect((await selectPlanHead(bundle.store.pool, bundle.changeSetId)).forecast).toEqual({
      calls: 4,
      minutes: 3,
      endpoints: [{ endpoint: 'bulk_update', rows: 100, calls: 4, minutes: 3, basis: 'learnt_limit' }],
    });
  });

  it('goes by the median of the last calls: one that hung for an hour says nothing', async () => {
    const bundle = await setup(makePatches('update', 'bulk_update', 1_000));
    const old = await storePlan(bundle.store, { tenant: 'main', patches: [] });
    await bundle.store.pool.query(
      `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at, answered_at, single)
       select $1, row_number() over (), 'update', 'bulk_update', 1, 'accepted', now() - took * interval '1 second', now(), single
         from (values (6, false), (6, false), (3600, false), (1, true), (1, true), (1, true), (1, true), (1, true)) v (took, single)`,
      [old.changeSetId],
    );
    await bundle.run();
    expect(bundle.told[0]?.note).toMatch(/^10 calls, about 1 min, /);
  });

  it('reckons a call for each contact where the methods for a single one are always used', async () => {
    const bundle = await setup(makePatches('update', 'bulk_update', 30), { singleContact: 'always' });
    await bundle.run();
    expect(bundle.told[0]?.note).toMatch(/^30 calls, /);
  });

  it('notes the fact, also of a push that failed; and a push that goes on keeps its first forecast', async () => {
    const bundle = await setup(makePatches('update', 'bulk_update', 300), { limits: sixPerMinute });
    const { pool } = bundle.store;
    const sendOne = async (): Promise<never> => {
      await pool.query(`update sync.change_sets set state = 'pushing'`);
      await pool.query(
        `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, attempts, sent_at, answered_at)
         values ($1, 1, 'update', 'bulk_update', 100, 'accepted', 1, now() - interval '6 seconds', now())`,
        [bundle.changeSetId],
      );
      await pool.query(`update sync.patches set chunk_seq = 1 where seq <= 100`);
      throw new Error('the wire is cut');
    };
    await expect(bundle.run(sendOne)).rejects.toThrow('the wire is cut');
    expect(bundle.logged.at(-1)).toEqual(['push.fact', { changeSet: bundle.changeSetId, calls: 1, minutes: 0.1 }]);
    await bundle.run();
    expect(bundle.told.at(-1)?.note).toMatch(/^2 calls, /);
    const { forecast, fact } = await selectPlanHead(pool, bundle.changeSetId);
    expect([forecast?.calls, fact?.calls]).toEqual([3, 1]);
  });

  it('when it was time to stop before it began, nothing is begun, and what is left is counted', async () => {
    const patches = [...makePatches('update', 'bulk_update', 5), ...makePatches('block', 'multi_dnd', 2)];
    const bundle = await setup(patches);
    const counts = await bundle.run(() => Promise.reject(new Error('it was begun')), now);
    expect(counts).toEqual({ stoppedAt: '06:00', notSent: 7, blocksNotSent: 2 });
    expect((await selectPlanHead(bundle.store.pool, bundle.changeSetId)).state).toBe('planned');
    expect(bundle.told).toEqual([]);
  });

  it('a time that has not come, or came when all was sent, is not told', async () => {
    const early = await setup(makePatches('update', 'bulk_update', 1));
    expect(await early.run(undefined, new Date(now.getTime() + 1))).toEqual({ chunks: 0 });
    const done = await setup([]);
    expect(await done.run(undefined, now)).toEqual({});
  });
});

/** Which merges are a read-back: only one that was asked for after the answer, reached the server's now, and left no gap before it. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import type { Store } from '../../src/store/index.ts';
import { verify } from '../../src/verify/verify.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

type Merge = {
  readonly reason: string;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Minutes after the answer. */
  readonly askedAfter: number;
};

const before: Merge = { reason: 'full', startsAt: '1970-01-01Z', endsAt: '2026-03-01T00:00:00Z', askedAfter: -60 };
const now = '2026-03-02T12:00:00Z';

/** A patch whose chunk was answered, and the mirror showing what was sent. */
async function setup(): Promise<{ store: Store; isVerified: (...merges: readonly Merge[]) => Promise<boolean> }> {
  const { store } = await setupDatabase();
  const changes = { firstName: ['Ann', 'Eve'] } as const;
  const patch = { account: 'A1', operation: 'update', endpoint: 'bulk_update', changes, sends: {} } as const;
  const { runId, changeSetId } = await storePlan(store, { tenant: 'acme', patches: [patch] });
  await store.pool.query(`update sync.change_sets set state = 'pushed' where id = $1`, [changeSetId]);
  await store.pool.query(
    `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at, answered_at)
     values ($1, 1, 'update', 'bulk_update', 1, 'accepted', now() - interval '2 hours', now() - interval '2 hours')`,
    [changeSetId],
  );
  await store.pool.query(`update sync.patches set chunk_seq = 1 where change_set_id = $1`, [changeSetId]);
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_name, first_seen_at, merged_at, merged_by) values ('acme', 'A1', 'Eve', now(), now(), $1)`,
    [runId],
  );
  const insert = async ({ reason, startsAt, endsAt, askedAfter }: Merge): Promise<unknown> =>
    store.pool.query(
      `with download as (
         insert into sync.downloads (tenant, run_id, reason, covers_from, covers_until, server_now, overlap_ms, state, asked_at, ended_at)
         values ('acme', $1, $2, $3::timestamptz, $4::timestamptz, $6, 0, 'merged',
                 now() - interval '2 hours' + make_interval(mins => $5), now())
         returning id
       )
       insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at, download_id)
       select 'acme', $1, $3::timestamptz, $4::timestamptz, $6, 0, 0, 0, '', now(), id from download`,
      [runId, reason, startsAt, endsAt, askedAfter, now],
    );
  const isVerified = async (...merges: readonly Merge[]): Promise<boolean> => {
    for (const merge of merges) await insert(merge);
    const { confirmed } = await verify(
      { store, clock: systemClock, log: silentLog, lookUp: async () => ({ kind: 'absent' }) },
      { tenant: 'acme', timeZone: 'America/New_York', ownUser: 'demo' },
    );
    return confirmed === 1;
  };
  return { store, isVerified };
}

describe('a read-back', () => {
  it('is a merge that was asked for after the answer, up to the server’s now', async () => {
    const { isVerified } = await setup();
    expect(
      await isVerified(before, { reason: 'new_time', startsAt: '2026-02-28T23:45:00Z', endsAt: now, askedAfter: 1 }),
    ).toBe(true);
  });

  it('is not one whose bytes were asked for before the answer and merged after it', async () => {
    const { isVerified } = await setup();
    expect(
      await isVerified(before, { reason: 'new_time', startsAt: '2026-02-28T23:45:00Z', endsAt: now, askedAfter: -1 }),
    ).toBe(false);
  });

  it('is not a gap that was filled, nor a replay', async () => {
    const { isVerified } = await setup();
    const gap = { reason: 'gap', startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-03-02T00:00:00Z', askedAfter: 1 };
    const replayed = { reason: 'replay', startsAt: '2026-03-02T00:00:00Z', endsAt: now, askedAfter: 2 };
    expect(await isVerified(before, gap, replayed)).toBe(false);
  });

  it('is not the newer half of a window before the older one is merged', async () => {
    const { isVerified } = await setup();
    const newer = { reason: 'new_time', startsAt: '2026-03-02T00:00:00Z', endsAt: now, askedAfter: 2 };
    expect(await isVerified(before, newer)).toBe(false);
    const older = {
      reason: 'new_time',
      startsAt: '2026-03-01T00:00:00Z',
      endsAt: '2026-03-02T00:00:00Z',
      askedAfter: 3,
    };
    expect(await isVerified(older)).toBe(true);
  });
});

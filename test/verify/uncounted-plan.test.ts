/** A plan that the database has not counted yet - it does so within a minute or so - is read back with as little reading as any other. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { silentLog } from '../../src/log.ts';
import { closeStore, openStore, type Store } from '../../src/store/index.ts';
import { verify } from '../../src/verify/verify.ts';
import { setupDatabase } from '../support/database.ts';
import { storePlan } from '../support/stored-plan.ts';

const contacts = 600;

/** A plan that has been sent and pulled back. */
async function setupSent(store: Store): Promise<void> {
  const patches = Array.from({ length: contacts }, (_, index) => {
    const changes = { firstName: ['Ann', 'Eve'] } as const;
    return { account: `A${index}`, operation: 'update', endpoint: 'bulk_update', changes, sends: {} } as const;
  });
  const { runId, changeSetId } = await storePlan(store, { tenant: 'acme', patches });
  await store.pool.query(
    `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state, sent_at, answered_at)
     values ($1, 1, 'update', 'bulk_update', ${contacts}, 'accepted', now() - interval '2 hours', now() - interval '2 hours')`,
    [changeSetId],
  );
  await store.pool.query(`update sync.change_sets set state = 'pushed' where id = $1`, [changeSetId]);
  await store.pool.query(`update sync.patches set chunk_seq = 1 where change_set_id = $1`, [changeSetId]);
  await store.pool.query(
    `insert into mirror.contacts (tenant, account, first_name, first_seen_at, merged_at, merged_by)
     select 'acme', 'A' || i, 'Eve', now(), now(), $1 from generate_series(0, ${contacts - 1}) i`,
    [runId],
  );
  await store.pool.query(
    `with download as (
       insert into sync.downloads (tenant, run_id, reason, covers_from, covers_until, server_now, overlap_ms, state, asked_at, ended_at)
       values ('acme', $1, 'full', '1970-01-01Z', now(), now(), 0, 'merged', now() - interval '1 hour', now()) returning id, covers_until
     )
     insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at, download_id)
     select 'acme', $1, '1970-01-01Z', covers_until, covers_until, 0, 0, 0, '', now(), id from download`,
    [runId],
  );
}

/** Rows of the plan that were read so far, by processes of the server that have ended. */
async function countRead({ pool }: Store): Promise<number> {
  const { rows } = await pool.query<{ read: number }>(
    `select (coalesce(idx_tup_fetch, 0) + seq_tup_read)::int as read from pg_stat_user_tables where relid = 'sync.patches'::regclass`,
  );
  return rows[0]?.read ?? 0;
}

it('reads each of its rows a few times, not once for every other one', async () => {
  const { url, store } = await setupDatabase();
  await store.pool.query('alter table sync.patches set (autovacuum_enabled = false)');
  await setupSent(store);
  // What other tests have read in this database does not count.
  await store.pool.query('select pg_stat_reset()');
  const used = await openStore(url);
  const { confirmed } = await verify(
    { store: used, clock: systemClock, log: silentLog, lookUp: async () => ({ kind: 'absent' }) },
    { tenant: 'acme', timeZone: 'America/New_York', ownUser: 'demo' },
  );
  expect(confirmed).toBe(contacts);
  // A process of the server reports what it has read when it ends, at the latest.
  await closeStore(used);
  await expect.poll(() => countRead(store)).toBeGreaterThan(contacts);
  expect(await countRead(store)).toBeLessThan(100 * contacts);
});

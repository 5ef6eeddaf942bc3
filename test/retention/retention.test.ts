/** What the retention deletes and what it never does: settled against unsettled, newest against older, needed against not. */
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { type RetentionInput, retain } from '../../src/retention/retention.ts';
import {
  insertDrift,
  insertQuarantined,
  insertReconcileRequest,
  markRunEnded,
  openRun,
  type Store,
} from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { type StoredPlan, storePlan } from '../support/stored-plan.ts';

const now = new Date('2026-11-01T00:00:00Z');
const long = new Date('2025-01-01T00:00:00Z');
const retention = {
  runsDays: 30,
  plansDays: 30,
  quarantineDays: 30,
  sweepsDays: 30,
  deadLettersDays: 30,
  suppressionsDays: 30,
  removedSourcesDays: 30,
};
const input: RetentionInput = { tenant: 'main', retention, keepHistoryMonths: 24, sources: ['crm'], now };
const nothing = {
  ...{ quarantine: 0, suppressions: 0, deadLetters: 0, plans: 0, drift: 0, sweeps: 0, downloads: 0, steps: 0 },
  ...{ reconciles: 0, notices: 0, runs: 0, comparisons: 0 },
};

const patch = (account: string) => ({
  account,
  operation: 'update' as const,
  endpoint: 'bulk_update' as const,
  changes: { firstName: ['Old', 'Ann'] as const },
  sends: { firstName: 'Ann' },
});

/** A plan of the tenant as it was in January 2025, settled as given. */
async function storeOld(store: Store, state: string, tenant = 'main'): Promise<StoredPlan> {
  const plan = await storePlan(store, { tenant, patches: [patch('A')], quarantined: ['bad'] });
  await store.pool.query(
    `update sync.change_sets set state = $2, created_at = $3, ended_at = case when $2 = any('{planned,held,approved,pushing,pushed}') then null else $3::timestamptz end where id = $1`,
    [plan.changeSetId, state, long],
  );
  await age(store);
  return plan;
}

/** Everything is as old as can be. */
async function age(store: Store): Promise<void> {
  await store.pool.query(
    `update sync.runs set started_at = '${long.toISOString()}', ended_at = case when state = 'running' then null else timestamptz '${long.toISOString()}' end`,
  );
  await store.pool.query(`update sync.quarantine set quarantined_at = '${long.toISOString()}'`);
}

async function count(store: Store, table: string): Promise<number> {
  const { rows } = await store.pool.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]?.count ?? -1;
}

async function selectPlans(store: Store): Promise<readonly string[]> {
  const { rows } = await store.pool.query<{ id: string }>('select id from sync.change_sets order by created_at');
  return rows.map(({ id }) => id);
}

const newest = (store: Store): Promise<StoredPlan> => storePlan(store, { tenant: 'main', patches: [patch('B')] });

describe('retain', () => {
  test('settled plans go with all that belongs to them, unsettled ones and the newest stay', async () => {
    const { store } = await setupDatabase();
    const settled = await storeOld(store, 'proven');
    const kept: string[] = [];
    for (const state of ['planned', 'held', 'approved', 'pushing', 'pushed']) {
      kept.push((await storeOld(store, state)).changeSetId);
    }
    const other = await storeOld(store, 'proven', 'beta');
    kept.push(other.changeSetId, (await newest(store)).changeSetId);
    const counts = await retain({ store, log: silentLog }, input);
    expect(counts).toMatchObject({ plans: 1, quarantine: 6, runs: 1 });
    expect([...(await selectPlans(store))].sort()).toEqual([...kept].sort());
    expect(await count(store, `sync.patches where change_set_id = '${settled.changeSetId}'`)).toBe(0);
    expect(await count(store, `sync.runs where id = '${settled.runId}'`)).toBe(0);
  });

  test('the newest plan stays however old it is', async () => {
    const { store } = await setupDatabase();
    const only = await storeOld(store, 'proven');
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({ plans: 0, runs: 0 });
    expect(await selectPlans(store)).toEqual([only.changeSetId]);
  });

  test('a plan stays while an open stop, a dead letter that is not resolved, or an unsettled revert refers to it', async () => {
    const { store } = await setupDatabase();
    const [stop, letter, reverted] = [
      await storeOld(store, 'proven'),
      await storeOld(store, 'not_proven'),
      await storeOld(store, 'proven'),
    ];
    const revert = await newest(store);
    await store.pool.query(
      `insert into sync.suppressions (tenant, account, field, kind, asked_at, asked_from, change_set_id) values ('main', 'A', 'accountBlock', 'block', '${long.toISOString()}', 'record', $1)`,
      [stop.changeSetId],
    );
    await store.pool.query(
      `insert into sync.dead_letters (tenant, account, operation, endpoint, sends_digest, fields, change_set_id, state, last_at)
       values ('main', 'A', 'update', 'bulk_update', 'd', '{firstName}', $1, 'dropped', '${long.toISOString()}')`,
      [letter.changeSetId],
    );
    await store.pool.query(`update sync.change_sets set reverts = $2 where id = $1`, [
      revert.changeSetId,
      reverted.changeSetId,
    ]);
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({
      plans: 0,
      suppressions: 0,
      deadLetters: 0,
    });
    await store.pool.query(`update sync.suppressions set verified_at = '${long.toISOString()}'`);
    await store.pool.query(`update sync.dead_letters set state = 'resolved'`);
    await store.pool.query(`update sync.change_sets set state = 'proven' where id = $1`, [revert.changeSetId]);
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({
      plans: 3,
      suppressions: 1,
      deadLetters: 1,
    });
  });

  test('what covers time stays with its run, and the audit is never touched', async () => {
    const { store } = await setupDatabase();
    const runId = await openRun(store, { tenant: 'main', kind: 'pull', startedFrom: 'command' });
    await store.pool.query(
      `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at)
       values ('main', $1, to_timestamp(0), $2, $2, 0, 0, 0, '', $2)`,
      [runId, long],
    );
    await store.pool.query(`insert into sync.audit (at, tenant, actor, action) values ($1, 'main', 'Ann', 'applied')`, [
      long,
    ]);
    await markRunEnded(store.pool, runId, 'proven', '');
    await age(store);
    const later = await openRun(store, { tenant: 'main', kind: 'pull', startedFrom: 'command' });
    await markRunEnded(store.pool, later, 'proven', '');
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({ runs: 0 });
    expect([await count(store, 'sync.coverage'), await count(store, 'sync.audit')]).toEqual([1, 1]);
  });

  test('what a reconcile found and was asked for goes in its time, and its run not before', async () => {
    const { store } = await setupDatabase();
    const reconcile = async (): Promise<string> => {
      const runId = await openRun(store, { tenant: 'main', kind: 'reconcile', startedFrom: 'job' });
      await insertDrift(store.pool, { runId, tenant: 'main' }, [
        { account: 'A', cause: 'altered', modifyDate: undefined },
      ]);
      await insertReconcileRequest(store.pool, { tenant: 'main', accounts: ['A'], apply: false, systemOfRecord: null });
      await markRunEnded(store.pool, runId, 'proven', '');
      return runId;
    };
    await reconcile();
    await store.pool.query(`update sync.drift set found_at = '${long.toISOString()}'`);
    await store.pool.query(`update sync.reconciles set asked_at = '${long.toISOString()}'`);
    await age(store);
    await reconcile();
    const forEver = { ...input, retention: { ...retention, sweepsDays: 0 } };
    expect(await retain({ store, log: silentLog }, forEver)).toMatchObject({ reconciles: 1, drift: 0, runs: 0 });
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({ reconciles: 0, drift: 1, runs: 1 });
    expect([await count(store, 'sync.drift'), await count(store, 'sync.reconciles')]).toEqual([1, 1]);
  });

  test('a removed source loses its tables, a configured one keeps them', async () => {
    const { store } = await setupDatabase();
    for (const [name, id] of [
      ['crm', 1],
      ['gone', 2],
    ]) {
      await store.pool.query(
        `insert into sync.comparisons (tenant, system_of_record, key, touched_seq, rows, built_at) values ('main', $1, '', 0, 0, $2)`,
        [name, long],
      );
      await store.pool.query(
        `create table sync.desired_${id} (account text); create table sync.compared_${id} (account text); create table sync.desired_${id}_keys (account text)`,
      );
    }
    await store.pool.query(`create table sync.desired_21 (account text)`);
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({ comparisons: 1 });
    const { rows } = await store.pool.query(
      `select relname as name from pg_class where relname ~ '^(desired|compared)_[0-9]' order by 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['compared_1', 'desired_1', 'desired_1_keys', 'desired_21']);
  });

  test('a dry run counts the same and deletes nothing; afterwards there is nothing left to do', async () => {
    const { store } = await setupDatabase();
    await storeOld(store, 'superseded');
    await storeOld(store, 'expired');
    await newest(store);
    const dry = await retain({ store, log: silentLog }, { ...input, isDryRun: true });
    expect(dry).toMatchObject({ plans: 2, quarantine: 2 });
    expect(await selectPlans(store)).toHaveLength(3);
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({ plans: 2, quarantine: 2 });
    expect(await retain({ store, log: silentLog }, input)).toEqual({
      ...nothing,
      history: { months: 0, versions: 0 },
    });
  });

  test('0 keeps for ever, and more rows than a batch all go', async () => {
    const { store } = await setupDatabase();
    const { runId } = await storePlan(store, { tenant: 'main', patches: [patch('A')] });
    const rows = Array.from({ length: 5_001 }, (_, line) => ({ line, account: null, reason: 'bad', raw: 'x' }));
    await insertQuarantined(store.pool, { tenant: 'main', runId, origin: 'livevox', file: 'f' }, rows as never);
    await age(store);
    const forEver = { ...input, retention: { ...retention, quarantineDays: 0 } };
    expect(await retain({ store, log: silentLog }, forEver)).toMatchObject({ quarantine: 0 });
    expect(await retain({ store, log: silentLog }, input)).toMatchObject({ quarantine: 5_001 });
  });
});

/**
 * Counts and deletes what a tenant has kept long enough, kind by kind, in small batches, each a transaction of its own: killed anywhere, what is
 * left goes the next time. What is still needed is never among it: what is not settled, the newest of its kind, what an open stop or dead letter
 * refers to. Coverage and the audit are no kind: they stay. Indexes: those that begin with the tenant or the run; the rest are small tables.
 * Locks: the deleted rows. A plan goes as a whole, with its patches, chunks and approvals.
 */
import type { Queryable, Store } from './connection.ts';

/** In the order in which they are deleted: what refers before what is referred to. */
export const expiringKinds = [
  'quarantine',
  'suppressions',
  'deadLetters',
  'plans',
  'drift',
  'sweeps',
  'downloads',
  'steps',
  'reconciles',
  'notices',
  'runs',
] as const;

export type ExpiringKind = (typeof expiringKinds)[number];

export type ExpiredInput = {
  readonly tenant: string;
  /** What ended before goes. */
  readonly before: Date;
};

type Rule = {
  readonly table: string;
  /** Of a row `t`; $1 is the tenant, $2 the instant. */
  readonly condition: string;
  readonly batchRows: number;
};

const batchRows = 5_000;

const isNewestPlan = `t.id in (
  select distinct on (s.system_of_record, s.counts ->> 'accepted' is null, s.holds = '[]') s.id
    from sync.change_sets s where s.tenant = $1
   order by s.system_of_record, s.counts ->> 'accepted' is null, s.holds = '[]', s.created_at desc)`;

const rules: Readonly<Record<ExpiringKind, Rule>> = {
  quarantine: { table: 'sync.quarantine', condition: 't.tenant = $1 and t.quarantined_at < $2', batchRows },
  suppressions: {
    table: 'sync.suppressions',
    condition: 't.tenant = $1 and coalesce(t.verified_at, t.ended_at) < $2',
    batchRows,
  },
  deadLetters: {
    table: 'sync.dead_letters',
    condition: `t.tenant = $1 and t.state = 'resolved' and t.last_at < $2`,
    batchRows,
  },
  plans: {
    table: 'sync.change_sets',
    condition: `t.tenant = $1 and t.state in ('proven', 'not_proven', 'superseded', 'expired') and coalesce(t.ended_at, t.created_at) < $2
      and not ${isNewestPlan}
      and not exists (select from sync.suppressions p where p.change_set_id = t.id and p.verified_at is null and p.ended_at is null)
      and not exists (select from sync.dead_letters l where l.change_set_id = t.id and l.state <> 'resolved')
      and not exists (select from sync.change_sets s where s.reverts = t.id and s.state not in ('proven', 'superseded', 'expired'))`,
    batchRows: 1,
  },
  drift: {
    table: 'sync.drift',
    condition: `t.tenant = $1 and t.found_at < $2
      and (t.sweep_id is null or t.sweep_id <> (select max(s.id) from sync.sweeps s where s.tenant = $1))`,
    batchRows,
  },
  sweeps: {
    table: 'sync.sweeps',
    condition: `t.tenant = $1 and t.ended_at < $2
      and t.id not in (select max(s.id) from sync.sweeps s where s.tenant = $1 group by s.kind, s.state, s.slice)
      and not exists (select from sync.absences a where a.first_sweep_id = t.id)
      and not exists (select from sync.drift d where d.sweep_id = t.id)`,
    batchRows,
  },
  downloads: {
    table: 'sync.downloads',
    condition: `t.tenant = $1 and t.state in ('merged', 'failed', 'split', 'dropped') and t.ended_at < $2 and t.file is null
      and not exists (select from sync.coverage c where c.download_id = t.id)`,
    batchRows,
  },
  steps: {
    table: 'sync.run_steps',
    condition: `t.run_id in (select r.id from sync.runs r where r.tenant = $1 and r.ended_at < $2
      and r.id not in (select distinct on (n.kind) n.id from sync.runs n where n.tenant = $1 order by n.kind, n.started_at desc))`,
    batchRows,
  },
  // The job has long been done, or is nobody's any more.
  reconciles: { table: 'sync.reconciles', condition: 't.tenant = $1 and t.asked_at < $2', batchRows },
  notices: { table: 'sync.notices', condition: 't.tenant = $1 and t.noted_at < $2', batchRows },
  runs: {
    table: 'sync.runs',
    condition: `t.tenant = $1 and t.ended_at < $2
      and t.id not in (select distinct on (n.kind) n.id from sync.runs n where n.tenant = $1 order by n.kind, n.started_at desc)
      and not exists (select from sync.coverage c where c.tenant = $1 and c.run_id = t.id)
      and not exists (select from sync.downloads d where d.tenant = $1 and d.run_id = t.id)
      and not exists (select from sync.change_sets s where s.tenant = $1 and s.run_id = t.id)
      and not exists (select from sync.drift f where f.run_id = t.id)
      and not exists (select from sync.sweeps w where w.tenant = $1 and w.run_id = t.id)
      and not exists (select from sync.quarantine q where q.run_id = t.id)`,
    batchRows,
  },
};

/** How many would go, as things stand. */
export async function countExpired(db: Queryable, kind: ExpiringKind, input: ExpiredInput): Promise<number> {
  const { table, condition } = rules[kind];
  const found = await db.query<{ count: number }>(
    `select count(*)::float8 as "count" from ${table} t where ${condition}`,
    [input.tenant, input.before],
  );
  return found.rows[0]?.count ?? 0;
}

/** Deletes them; returns how many went. Ends between two batches when the signal aborts. */
export async function deleteExpired(
  store: Store,
  kind: ExpiringKind,
  { tenant, before, signal }: ExpiredInput & { readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const { table, condition, batchRows: limit } = rules[kind];
  for (let deleted = 0; ; ) {
    signal?.throwIfAborted();
    const { rowCount } = await store.pool.query(
      `delete from ${table} where ctid = any(array(select t.ctid from ${table} t where ${condition} limit ${limit}))`,
      [tenant, before],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < limit) return deleted;
  }
}

/**
 * What the metrics say of runs: totals since ever, those under way, and the last of each kind. Read-only, no locks.
 * Indexes: the key of totals, runs_running, runs_by_kind; no query grows with the number of runs.
 */
import type { Queryable } from './connection.ts';

/** A sum that only grows. */
type Total = {
  readonly tenant: string;
  readonly subject: 'run' | 'step';
  /** Kind of the run, or which step. */
  readonly part: string;
  /** State the run ended in, or what the step counted. */
  readonly word: string;
  readonly total: number;
};

type RunningRuns = { readonly tenant: string; readonly kind: string; readonly runs: number };

type LastRunOfKind = {
  readonly tenant: string;
  readonly kind: string;
  readonly state: string;
  readonly startedAt: Date;
  /** null while it goes on. */
  readonly endedAt: Date | null;
};

export type RunMetrics = {
  readonly totals: readonly Total[];
  readonly running: readonly RunningRuns[];
  readonly last: readonly LastRunOfKind[];
};

/** The runs of these tenants, in numbers. */
export async function selectRunMetrics(db: Queryable, tenants: readonly string[]): Promise<RunMetrics> {
  return {
    totals: await selectTotals(db, tenants),
    running: await selectRunning(db, tenants),
    last: await selectLast(db, tenants),
  };
}

async function selectTotals(db: Queryable, tenants: readonly string[]): Promise<readonly Total[]> {
  const found = await db.query<Total>(
    `select tenant, subject, part, word, total::float8 as "total" from sync.totals where tenant = any($1) order by 1, 2, 3, 4`,
    [tenants],
  );
  return found.rows;
}

async function selectRunning(db: Queryable, tenants: readonly string[]): Promise<readonly RunningRuns[]> {
  const found = await db.query<RunningRuns>(
    `select tenant, kind, count(*)::int as "runs" from sync.runs where tenant = any($1) and state = 'running' group by 1, 2 order by 1, 2`,
    [tenants],
  );
  return found.rows;
}

async function selectLast(db: Queryable, tenants: readonly string[]): Promise<readonly LastRunOfKind[]> {
  const found = await db.query<LastRunOfKind>(
    `with kinds as (
       select tenant, part as kind from sync.totals where tenant = any($1) and subject = 'run'
       union
       select tenant, kind from sync.runs where tenant = any($1) and state = 'running'
     )
     select k.tenant, k.kind, r.state, r.started_at as "startedAt", r.ended_at as "endedAt"
       from kinds k
      cross join lateral (select state, started_at, ended_at from sync.runs
                           where tenant = k.tenant and kind = k.kind order by started_at desc limit 1) r
      order by 1, 2`,
    [tenants],
  );
  return found.rows;
}

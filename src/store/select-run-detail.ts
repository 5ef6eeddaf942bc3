/** Everything that is on record of one run. Read-only. By primary keys; quarantine_by_run; the tenant's downloads of the time of the run. */
import type { Queryable } from './connection.ts';
import type { StepCounts, StepEnd, StepName } from './mark-run.ts';
import { type ChangeSetTally, selectTally } from './mark-verdicts.ts';
import { type ChangeSet, selectChangeSetTouchedByRun } from './select-change-set.ts';
import type { ListedRun } from './select-runs.ts';

export type RunDetail = ListedRun & {
  /** When its process last showed life. */
  readonly heartbeatAt: Date;
  readonly steps: readonly {
    readonly ordinal: number;
    readonly step: StepName;
    readonly state: StepEnd | 'running';
    readonly startedAt: Date;
    readonly endedAt: Date | null;
    readonly counts: StepCounts;
    readonly message: string | null;
  }[];
  /** Its downloads, by state. */
  readonly downloads: RunProgress['downloads'];
  /** Rows that it could not use. */
  readonly quarantined: number;
  /** The plan that it made or applied. */
  readonly plan: (Pick<ChangeSet, 'id' | 'state' | 'heldBecause'> & PlanFacts) | null;
};

type PlanFacts = {
  /** Counted by itself, so that the tally can be held against it. */
  readonly patches: number;
  readonly tally: ChangeSetTally;
  readonly chunks: RunProgress['chunks'];
};

export type RunProgress = {
  readonly downloads: readonly { readonly state: string; readonly downloads: number; readonly bytes: number }[];
  /** Of the plan that the run made or applies, by method and state. `requests` counts repeated ones each time. */
  readonly chunks: readonly {
    readonly endpoint: string;
    readonly state: string;
    readonly chunks: number;
    readonly contacts: number;
    readonly requests: number;
  }[];
};

/** The run; undefined when none of the tenants has one of that id. An id that is no uuid is no run's. */
export async function selectRunDetail(
  db: Queryable,
  tenants: readonly string[],
  id: string,
): Promise<RunDetail | undefined> {
  const runs = await db.query<ListedRun & { heartbeatAt: Date }>(
    `select id, tenant, kind, state, started_from as "startedFrom", started_at as "startedAt", heartbeat_at as "heartbeatAt",
            ended_at as "endedAt", message
       from sync.runs where tenant = any($1) and id::text = lower($2)`,
    [tenants, id],
  );
  const run = runs.rows[0];
  if (run === undefined) return undefined;
  const plan = await selectChangeSetTouchedByRun(db, run.tenant, run.id);
  return {
    ...run,
    steps: await selectSteps(db, run.id),
    downloads: await selectDownloadStates(db, run.id),
    quarantined: await countQuarantined(db, run.id),
    plan: plan === undefined ? null : await selectPlanFacts(db, plan),
  };
}

async function selectSteps(db: Queryable, runId: string): Promise<RunDetail['steps']> {
  const steps = await db.query<RunDetail['steps'][number]>(
    `select ordinal, step, state, started_at as "startedAt", ended_at as "endedAt", counts, message
       from sync.run_steps where run_id = $1 order by ordinal`,
    [runId],
  );
  return steps.rows;
}

async function selectDownloadStates(db: Queryable, runId: string): Promise<RunProgress['downloads']> {
  // The run's tenant and beginning lead to the index; downloads are asked for in the order of their ids.
  const found = await db.query<RunProgress['downloads'][number]>(
    `select d.state, count(*)::int as "downloads", coalesce(sum(d.bytes), 0)::float8 as "bytes"
       from sync.runs r
       join sync.downloads d on d.tenant = r.tenant and d.run_id = r.id
      where r.id = $1
      group by d.state
      order by d.state`,
    [runId],
  );
  return found.rows;
}

async function countQuarantined(db: Queryable, runId: string): Promise<number> {
  const found = await db.query<{ rows: number }>(
    `select count(*)::int as "rows" from sync.quarantine where run_id = $1`,
    [runId],
  );
  return found.rows[0]?.rows ?? 0;
}

async function selectPlanFacts(db: Queryable, plan: ChangeSet): Promise<NonNullable<RunDetail['plan']>> {
  const { id, state, heldBecause } = plan;
  const counted = await db.query<{ patches: number }>(
    `select count(*)::int as "patches" from sync.patches where change_set_id = $1`,
    [id],
  );
  const tally = await selectTally(db, id);
  const chunks = await selectChunkStates(db, id);
  return { id, state, heldBecause, patches: counted.rows[0]?.patches ?? 0, tally, chunks };
}

async function selectChunkStates(db: Queryable, changeSetId: string): Promise<RunProgress['chunks']> {
  const found = await db.query<RunProgress['chunks'][number]>(
    `select endpoint, state, count(*)::int as "chunks", sum(size_rows)::int as "contacts", sum(attempts)::int as "requests"
       from sync.chunks
      where change_set_id = $1
      group by endpoint, state
      order by endpoint, state`,
    [changeSetId],
  );
  return found.rows;
}

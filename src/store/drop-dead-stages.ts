/**
 * Finds out which runs are dead, and drops the stages they left. A run is dead when it has ended, or when it is another run of
 * a tenant whose lock the caller holds. Locks: the dropped tables, which nobody else reads.
 */
import type { Queryable } from './connection.ts';
import { dropStage, toStage } from './make-stage.ts';

export type LivingRun = {
  /** The caller holds this tenant's lock. */
  readonly tenant: string;
  readonly runId: string;
};

/** Those of `candidates` (run ids) that this database knows as dead. */
export async function selectDeadRuns(
  db: Queryable,
  living: LivingRun,
  candidates: readonly string[],
): Promise<readonly string[]> {
  const found = await db.query<{ id: string }>(
    `select id
       from sync.runs
      where id = any($1::uuid[]) and id <> $3 and (state <> 'running' or tenant = $2)`,
    [candidates, living.tenant, living.runId],
  );
  return found.rows.map((row) => row.id);
}

/** Drops the stages of dead runs, and of runs that are not known at all; returns the ids of the runs. */
export async function dropDeadStages(db: Queryable, living: LivingRun): Promise<readonly string[]> {
  const found = await db.query<{ id: string }>(
    `select s.id::text as id
       from (select substring(c.relname from 'stage_([0-9a-f]{32})$')::uuid as id
               from pg_class c
              where c.relnamespace = 'sync'::regnamespace and c.relkind = 'r' and c.relname ~ '^stage_[0-9a-f]{32}$') s
      where s.id <> $2
        and not exists (select from sync.runs r where r.id = s.id and r.state = 'running' and r.tenant <> $1)`,
    [living.tenant, living.runId],
  );
  for (const { id } of found.rows) await dropStage(db, toStage(id));
  return found.rows.map((row) => row.id);
}

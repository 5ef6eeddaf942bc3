/**
 * Clears what sweeps that died have left: their working tables, and their rows that still say `running`. A sweep is dead when its run has
 * ended, or is another run of a tenant whose lock the caller holds. Locks: the dropped tables, which nobody else reads; few rows of
 * sync.sweeps, by sweeps_by_tenant.
 */
import type { Queryable } from './connection.ts';
import type { LivingRun } from './drop-dead-stages.ts';
import { dropSweepTables, toSweepTables } from './make-sweep-tables.ts';

/** How many dead sweeps left tables. */
export async function clearDeadSweeps(db: Queryable, living: LivingRun): Promise<number> {
  await db.query(
    `update sync.sweeps
        set state = 'failed', ended_at = clock_timestamp(), message = 'The process of this sweep ended before the sweep did.'
      where tenant = $1 and state = 'running'`,
    [living.tenant],
  );
  const found = await db.query<{ id: string }>(
    `select s.id::text as id
       from (select distinct substring(c.relname from '^sweep_([0-9a-f]{32})')::uuid as id
               from pg_class c
              where c.relnamespace = 'sync'::regnamespace and c.relkind = 'r'
                and c.relname ~ '^sweep_[0-9a-f]{32}(_found|_before|_differing)?$') s
      where s.id <> $2
        and not exists (select from sync.runs r where r.id = s.id and r.state = 'running' and r.tenant <> $1)`,
    [living.tenant, living.runId],
  );
  for (const { id } of found.rows) await dropSweepTables(db, toSweepTables(id));
  return found.rows.length;
}

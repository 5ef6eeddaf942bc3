/** Reads a change set's head: by id, or the one that a run planned. Index: primary key; change_sets_by_tenant. */
import type { Queryable } from './connection.ts';
import type { StepCounts } from './mark-run.ts';

export type ChangeSetState = 'planned' | 'held' | 'pushing' | 'pushed' | 'proven' | 'not_proven' | 'superseded';

export type ChangeSet = {
  readonly id: string;
  readonly tenant: string;
  readonly runId: string;
  readonly systemOfRecord: string;
  readonly state: ChangeSetState;
  readonly heldBecause: readonly string[];
  readonly counts: StepCounts;
  readonly createdAt: Date;
};

const columns = `id, tenant, run_id as "runId", system_of_record as "systemOfRecord", state, held_because as "heldBecause", counts,
                 created_at as "createdAt"`;

/** The tenant's change set of that id; undefined when it has none. An id that is no uuid is no change set's. */
export async function selectChangeSet(db: Queryable, tenant: string, id: string): Promise<ChangeSet | undefined> {
  const found = await db.query<ChangeSet>(
    `select ${columns} from sync.change_sets where tenant = $1 and id::text = lower($2)`,
    [tenant, id],
  );
  return found.rows[0];
}

/** The change set that a run planned; undefined when it has not. */
export async function selectChangeSetOfRun(db: Queryable, runId: string): Promise<ChangeSet | undefined> {
  const found = await db.query<ChangeSet>(
    `select ${columns} from sync.change_sets where run_id = $1 order by created_at desc limit 1`,
    [runId],
  );
  return found.rows[0];
}

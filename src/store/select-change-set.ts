/** Reads a change set's head: by id, or the one that a run planned. Index: primary key; change_sets_by_tenant. */
import type { Queryable } from './connection.ts';
import type { StepCounts } from './mark-run.ts';

export type ChangeSetState =
  | 'planned'
  | 'held'
  | 'approved'
  | 'pushing'
  | 'pushed'
  | 'proven'
  | 'not_proven'
  | 'superseded'
  | 'expired';

export type ChangeSet = {
  readonly id: string;
  readonly tenant: string;
  readonly runId: string;
  readonly systemOfRecord: string;
  /** `expired` from its time on, whether or not somebody has noted it. */
  readonly state: ChangeSetState;
  readonly heldBecause: readonly string[];
  /** The guards that tripped. */
  readonly holds: readonly { readonly guard: string; readonly sentence: string; readonly approvers: number }[];
  readonly counts: StepCounts;
  readonly createdAt: Date;
  /** SHA-256, hex; null for plans of versions before seals. */
  readonly seal: string | null;
  /** From when on it is neither approved nor begun. */
  readonly expiresAt: Date | null;
};

const columns = `id, tenant, run_id as "runId", system_of_record as "systemOfRecord",
                 case when state in ('planned', 'held', 'approved') and expires_at <= clock_timestamp() then 'expired' else state end as state,
                 held_because as "heldBecause", holds, counts, created_at as "createdAt", seal, expires_at as "expiresAt"`;

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

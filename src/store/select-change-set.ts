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
                 case when state in ('planned', 'held', 'approved') and not urgent and expires_at <= clock_timestamp() then 'expired' else state end as state,
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

/**
 * The change set that a run of the tenant planned, or else the one that it applied; undefined when it did neither, or there is no such run. Which
 * one a run applied is known from sync.audit: runs of a tenant never overlap.
 */
export async function selectChangeSetTouchedByRun(
  db: Queryable,
  tenant: string,
  runId: string,
): Promise<ChangeSet | undefined> {
  const found = await db.query<{ id: string }>(
    `select f.id from (
       select s.id, 1 as rank, s.created_at as at from sync.change_sets s where s.tenant = $1 and s.run_id::text = lower($2)
       union all
       select a.change_set_id, 2, a.at from sync.runs r
         join sync.audit a on a.tenant = r.tenant and a.action = 'applied' and a.at between r.started_at and coalesce(r.ended_at, 'infinity')
        where r.tenant = $1 and r.id::text = lower($2) and a.change_set_id is not null) f
      order by f.rank, f.at desc limit 1`,
    [tenant, runId],
  );
  const id = found.rows[0]?.id;
  return id === undefined ? undefined : selectChangeSet(db, tenant, id);
}

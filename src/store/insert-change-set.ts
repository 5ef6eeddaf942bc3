/**
 * Stores a plan: its patches in batches, then the change set's verdict of the guards and its counts. The caller runs all of it in
 * one transaction, so that a plan is whole or not there. A new plan supersedes the tenant's older ones that are not settled:
 * they were computed from an older mirror. An urgent one replaces nothing and is replaced by nothing: nobody would plan its blocks again.
 */
import type { Patch } from '../contact/index.ts';
import type { Queryable } from './connection.ts';
import type { StepCounts } from './mark-run.ts';

export type NewChangeSet = {
  readonly tenant: string;
  readonly runId: string;
  readonly systemOfRecord: string;
  /** Blocks that a push under way takes in between. @default false */
  readonly urgent?: boolean;
  /** What an urgent one blocks wherever it is, or arrives: ten digits each. @default none */
  readonly stoppedNumbers?: readonly string[];
  /** The change set whose changes it takes back. @default none */
  readonly reverts?: string | undefined;
};

/** Inserts the change set, still empty, and returns its id. */
export async function insertChangeSet(db: Queryable, input: NewChangeSet): Promise<string> {
  const urgent = input.urgent ?? false;
  await db.query(
    `update sync.change_sets set state = 'superseded', ended_at = now()
      where tenant = $1 and not urgent and not $2::boolean and state in ('planned', 'held', 'approved', 'pushing', 'pushed')`,
    [input.tenant, urgent],
  );
  const inserted = await db.query<{ id: string }>(
    `insert into sync.change_sets (id, tenant, run_id, system_of_record, urgent, reverts, stopped_numbers, state, created_at)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, 'planned', clock_timestamp()) returning id`,
    [input.tenant, input.runId, input.systemOfRecord, urgent, input.reverts ?? null, input.stoppedNumbers ?? []],
  );
  return inserted.rows[0]!.id;
}

export type NewPatch = {
  readonly seq: number;
  readonly patch: Patch & {
    readonly hazards?: readonly string[];
    readonly risk?: number;
    readonly causes?: unknown;
  };
  /** Version of the mirror row as toVersionSql spells it; undefined for a create. */
  readonly base: string | undefined;
};

export async function insertPatches(db: Queryable, changeSetId: string, patches: readonly NewPatch[]): Promise<void> {
  await db.query(
    `insert into sync.patches (change_set_id, seq, account, lv_account_id, operation, endpoint, changes, sends, base_merged_at, hazards, risk, causes)
     select $1, p.seq, p.account, p.lv_account_id, p.operation, p.endpoint, p.changes, p.sends, (p.base || 'Z')::timestamptz,
            string_to_array(p.hazards, ' '), p.risk, p.causes
       from unnest($2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::jsonb[], $8::jsonb[], $9::text[], $10::text[], $11::smallint[], $12::jsonb[])
         as p (seq, account, lv_account_id, operation, endpoint, changes, sends, base, hazards, risk, causes)`,
    [
      changeSetId,
      patches.map((row) => row.seq),
      patches.map((row) => row.patch.account),
      patches.map((row) => row.patch.lvAccountId ?? null),
      patches.map((row) => row.patch.operation),
      patches.map((row) => (row.patch.operation === 'not_expressible' ? null : row.patch.endpoint)),
      patches.map((row) => JSON.stringify(row.patch.changes)),
      patches.map((row) => JSON.stringify(row.patch.operation === 'not_expressible' ? {} : row.patch.sends)),
      patches.map((row) => row.base ?? null),
      patches.map((row) => (row.patch.hazards ?? []).join(' ')),
      patches.map((row) => row.patch.risk ?? 0),
      patches.map((row) => (row.patch.causes === undefined ? null : JSON.stringify(row.patch.causes))),
    ],
  );
}

export type PlannedChangeSet = {
  readonly counts: StepCounts;
  /** The guards that tripped; with any, the plan is held. */
  readonly holds: readonly { readonly guard: string; readonly sentence: string; readonly approvers: number }[];
  /** SHA-256, hex, over the patches and `policy`. */
  readonly seal: string;
  /** What the plan was computed under: plain JSON, no contact data. */
  readonly policy: unknown;
  /** From when on it is neither approved nor begun; null: never, for urgent ones. */
  readonly expiresAt: Date | null;
};

/** Notes counts, seal and what the guards said; a plan with a reason to hold is held. */
export async function markChangeSetPlanned(db: Queryable, changeSetId: string, plan: PlannedChangeSet): Promise<void> {
  const { counts, holds, seal, policy, expiresAt } = plan;
  await db.query(
    `update sync.change_sets
        set counts = $2, held_because = $3, holds = $4, state = $5, seal = $6, policy = $7, sealed_at = clock_timestamp(), expires_at = $8
      where id = $1`,
    [
      changeSetId,
      JSON.stringify(counts),
      holds.map(({ sentence }) => sentence),
      JSON.stringify(holds),
      holds.length > 0 ? 'held' : 'planned',
      seal,
      JSON.stringify(policy),
      expiresAt,
    ],
  );
}

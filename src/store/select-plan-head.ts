/** What a plan says of itself as a whole: state, seal, what holds it, who approved, what it will take, and took. Primary keys; approvals_by_person. */
import type { Queryable } from './connection.ts';
import type { Fact } from './mark-fact.ts';
import type { Forecast } from './mark-forecast.ts';

/** A guard that tripped. */
type StoredHold = {
  /** Key of the guard in the config, without `guards.`; null for plans of versions that did not note it. */
  readonly guard: string | null;
  readonly sentence: string;
  /** How many different people have to approve. */
  readonly approvers: number;
};

export type PlanHead = {
  readonly id: string;
  readonly tenant: string;
  readonly systemOfRecord: string;
  readonly state: string;
  readonly createdAt: Date;
  /** SHA-256, hex; null for plans of versions before seals. */
  readonly seal: string | null;
  readonly sealedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly holds: readonly StoredHold[];
  readonly approvals: readonly { readonly by: string; readonly reason: string; readonly at: string }[];
  readonly forecast: Forecast | null;
  /** What sending it has taken so far; null before. */
  readonly fact: Fact | null;
  /** The plan whose changes it takes back; null for most. */
  readonly reverts: string | null;
};

type Selected = Omit<PlanHead, 'holds'> & {
  readonly holds: readonly StoredHold[];
  readonly heldBecause: readonly string[];
};

/** The plan of that id. */
export async function selectPlanHead(db: Queryable, changeSetId: string): Promise<PlanHead> {
  const found = await db.query<Selected>(
    `select s.id, s.tenant, s.system_of_record as "systemOfRecord", s.state, s.created_at as "createdAt", s.seal,
            s.sealed_at as "sealedAt", s.expires_at as "expiresAt", s.holds, s.held_because as "heldBecause", s.forecast, s.fact, s.reverts,
            coalesce((select jsonb_agg(jsonb_build_object('by', a.approved_by, 'reason', a.reason, 'at', to_char(a.approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by a.id)
                        from sync.approvals a where a.change_set_id = s.id), '[]') as "approvals"
       from sync.change_sets s
      where s.id = $1`,
    [changeSetId],
  );
  const { heldBecause, holds, ...head } = found.rows[0]!;
  const sentences = heldBecause.map((sentence) => ({ guard: null, sentence, approvers: 1 }));
  return { ...head, holds: holds.length > 0 ? holds : sentences };
}

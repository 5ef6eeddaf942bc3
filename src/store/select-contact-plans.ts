/** What the last plans of a system of record said of one contact. Indexes: change_sets_by_tenant, patches_by_account. */
import type { Queryable } from './connection.ts';
import type { StoredPatch } from './select-patches.ts';

export type ContactPlan = {
  readonly id: string;
  readonly runId: string;
  readonly state: string;
  readonly createdAt: Date;
  readonly heldBecause: readonly string[];
  /** Field → owner, as the plan's policy has it; empty for plans that did not note it. */
  readonly owners: Readonly<Record<string, string>>;
  /** In the order of sending; empty: the plan changes nothing on the contact. */
  readonly patches: readonly StoredPatch[];
};

/** The latest first. */
export async function selectContactPlans(
  db: Queryable,
  input: {
    readonly tenant: string;
    readonly systemOfRecord: string;
    readonly account: string;
    readonly limit: number;
  },
): Promise<readonly ContactPlan[]> {
  const found = await db.query<ContactPlan>(
    `select s.id, s.run_id as "runId", s.state, s.created_at as "createdAt", s.held_because as "heldBecause",
            coalesce(s.policy -> 'owners', '{}') as "owners",
            coalesce((select jsonb_agg(jsonb_build_object(
                        'seq', p.seq::text, 'account', p.account, 'operation', p.operation, 'endpoint', p.endpoint, 'changes', p.changes,
                        'risk', p.risk, 'hazards', p.hazards, 'causes', p.causes, 'leftOutBecause', p.left_out_because,
                        'chunkState', c.state, 'verdict', p.verdict) order by p.seq)
                        from sync.patches p
                        left join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
                       where p.change_set_id = s.id and p.account = $3), '[]') as "patches"
       from sync.change_sets s
      where s.tenant = $1 and s.system_of_record = $2
      order by s.created_at desc
      limit $4`,
    [input.tenant, input.systemOfRecord, input.account, input.limit],
  );
  return found.rows;
}

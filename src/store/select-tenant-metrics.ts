/**
 * What the metrics say of a tenant besides its runs and stops: how fresh the mirror is, what waits for a person, what the last sweep found.
 * Read-only, no locks. Indexes: coverage_by_merge, change_sets_held, dead_letters_open, sweeps_by_tenant.
 */
import type { Queryable } from './connection.ts';

export type TenantMetrics = {
  readonly tenant: string;
  /** When a pull was last merged; null: never. */
  readonly mergedAt: Date | null;
  /** Plans that a guard holds and somebody can still let through. */
  readonly heldPlans: number;
  /** The oldest of them; null: there is none. */
  readonly heldSince: Date | null;
  /** Dead letters nobody has said anything about. */
  readonly openDeadLetters: number;
  /** End of the last sweep that was done, whole or one part; null: there was none. */
  readonly sweptAt: Date | null;
  /** Contacts of the mirror it compared, and those that differed; null: there was none. */
  readonly sweptRows: number | null;
  readonly drifted: number | null;
};

/** One row for each of these tenants. */
export async function selectTenantMetrics(
  db: Queryable,
  tenants: readonly string[],
): Promise<readonly TenantMetrics[]> {
  const found = await db.query<TenantMetrics>(
    `select n.tenant, m.merged_at as "mergedAt", h.plans as "heldPlans", h.since as "heldSince", d.letters as "openDeadLetters",
            s.ended_at as "sweptAt", s.mirror_rows::float8 as "sweptRows", s.drifted::float8 as "drifted"
       from unnest($1::text[]) n (tenant)
       left join lateral (select max(merged_at) as merged_at from sync.coverage where tenant = n.tenant) m on true
       left join lateral (select count(*)::int as plans, min(created_at) as since from sync.change_sets
                           where tenant = n.tenant and state = 'held' and (expires_at > clock_timestamp()) is not false) h on true
       left join lateral (select count(*)::int as letters from sync.dead_letters where tenant = n.tenant and state = 'open') d on true
       left join lateral (select ended_at, mirror_rows, drifted from sync.sweeps
                           where tenant = n.tenant and state = 'done' order by id desc limit 1) s on true
      order by 1`,
    [tenants],
  );
  return found.rows;
}

/** What stands against erasing a contact: read before anything is deleted, under the tenant's lock. Read-only; scans the tenant's unsettled plans. */
import type { Queryable } from './connection.ts';
import { selectReadings } from './select-readings.ts';

export type ErasureObstacles = {
  /** A run is between two of its steps. */
  readonly isRunning: boolean;
  /** Plans with the contact that are being pushed, or wait for their read-back. */
  readonly unsettledPlans: readonly string[];
  /** Stops of the contact that LiveVox has not been seen to have. */
  readonly openStops: number;
  /** Systems of record whose last reading holds the contact: the next plan would create it again. */
  readonly readings: readonly string[];
};

export async function selectErasureObstacles(
  db: Queryable,
  tenant: string,
  account: string,
): Promise<ErasureObstacles> {
  const found = await db.query<Omit<ErasureObstacles, 'readings'>>(
    `select exists (select from sync.runs r where r.tenant = $1 and r.state = 'running' and r.heartbeat_at > clock_timestamp() - interval '2 minutes') as "isRunning",
            array(select s.id::text from sync.change_sets s
                   where s.tenant = $1 and s.state in ('pushing', 'pushed')
                     and exists (select from sync.patches p where p.change_set_id = s.id
                       and (p.account = $2 or exists (select from jsonb_each(p.causes) c where c.value ->> 'account' = $2)))) as "unsettledPlans",
            (select count(*)::int from sync.suppressions u
              where u.tenant = $1 and u.account = $2 and u.verified_at is null and u.ended_at is null) as "openStops"`,
    [tenant, account],
  );
  return { ...found.rows[0]!, readings: await selectHoldingReadings(db, tenant, account) };
}

async function selectHoldingReadings(db: Queryable, tenant: string, account: string): Promise<readonly string[]> {
  const holding: string[] = [];
  for (const { systemOfRecord, table } of await selectReadings(db, tenant)) {
    const asked = await db.query<{ holds: boolean }>(
      `select exists (select from ${table} where account = $1) as "holds"`,
      [account],
    );
    if (asked.rows[0]?.holds === true) holding.push(systemOfRecord);
  }
  return holding;
}

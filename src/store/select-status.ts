/**
 * What an operator asks first: how fresh the mirror is, which time has been pulled, which plans are open, how the last runs ended.
 * Read-only, no locks. Indexes: coverage_by_tenant, change_sets_by_tenant, runs_by_tenant; the count reads the tenant's mirror rows.
 */
import type { Queryable } from './connection.ts';
import type { Fact } from './mark-fact.ts';
import type { Forecast } from './mark-forecast.ts';
import type { RunEnd } from './mark-run.ts';
import type { RunKind } from './open-run.ts';
import type { ChangeSetState } from './select-change-set.ts';
import { selectCoverage as selectGapless } from './select-coverage.ts';

type MirrorStatus = {
  readonly contacts: number;
  /** Contacts that sweeps no longer found. */
  readonly tombstones: number;
  /** When a pull last changed a contact; null for an empty mirror. */
  readonly lastChangedAt: Date | null;
};

type CoverageStatus = {
  /** Closed intervals of modifyDate that have been pulled, joined where they meet, oldest first. */
  readonly intervals: readonly { readonly startsAt: Date; readonly endsAt: Date }[];
  /** The end of the part without a gap since the beginning, by LiveVox's clock; null before the first full pull. */
  readonly watermark: Date | null;
  /** When a pull was last merged. */
  readonly mergedAt: Date | null;
};

type OpenPlan = {
  readonly id: string;
  readonly state: ChangeSetState;
  readonly systemOfRecord: string;
  readonly createdAt: Date;
  readonly patches: number;
  readonly heldBecause: readonly string[];
  readonly forecast: Forecast | null;
  /** What sending it has taken so far; null before. */
  readonly fact: Fact | null;
};

type LastRun = {
  readonly id: string;
  readonly kind: RunKind;
  readonly state: RunEnd | 'running';
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly message: string | null;
};

export type TenantStatus = {
  readonly tenant: string;
  readonly mirror: MirrorStatus;
  readonly coverage: CoverageStatus;
  readonly openPlans: readonly OpenPlan[];
  readonly lastRuns: readonly LastRun[];
};

const shownRuns = 10;
const shownPlans = 10;

/** How a tenant stands. `counted`: its mirror as counted a moment ago, because counting reads all of it. */
export async function selectStatus(db: Queryable, tenant: string, counted?: MirrorStatus): Promise<TenantStatus> {
  return {
    tenant,
    mirror: counted ?? (await selectMirror(db, tenant)),
    coverage: await selectCoverage(db, tenant),
    openPlans: await selectOpenPlans(db, tenant),
    lastRuns: await selectLastRuns(db, tenant),
  };
}

async function selectMirror(db: Queryable, tenant: string): Promise<MirrorStatus> {
  const found = await db.query<MirrorStatus>(
    `select count(*) filter (where tombstoned_at is null)::int as "contacts",
            count(*) filter (where tombstoned_at is not null)::int as "tombstones",
            max(merged_at) as "lastChangedAt"
       from mirror.contacts
      where tenant = $1`,
    [tenant],
  );
  return found.rows[0]!;
}

async function selectCoverage(db: Queryable, tenant: string): Promise<CoverageStatus> {
  const merged = await db.query<{ mergedAt: Date | null }>(
    `select max(merged_at) as "mergedAt" from sync.coverage where tenant = $1`,
    [tenant],
  );
  const { intervals, watermark } = await selectGapless(db, tenant);
  return { intervals, watermark: watermark ?? null, mergedAt: merged.rows[0]?.mergedAt ?? null };
}

/** Plans that are not settled, superseded or expired, the newest first. */
export async function selectOpenPlans(db: Queryable, tenant: string): Promise<readonly OpenPlan[]> {
  const found = await db.query<OpenPlan>(
    `select s.id, s.state, s.system_of_record as "systemOfRecord", s.created_at as "createdAt", s.held_because as "heldBecause", s.forecast, s.fact,
            (select count(*)::int from sync.patches p where p.change_set_id = s.id) as "patches"
       from sync.change_sets s
      where s.tenant = $1 and (s.state in ('pushing', 'pushed') or s.state in ('planned', 'held', 'approved') and (s.expires_at > clock_timestamp()) is not false)
      order by s.created_at desc
      limit $2`,
    [tenant, shownPlans],
  );
  return found.rows;
}

async function selectLastRuns(db: Queryable, tenant: string): Promise<readonly LastRun[]> {
  const found = await db.query<LastRun>(
    `select id, kind, state, started_at as "startedAt", ended_at as "endedAt", message
       from sync.runs
      where tenant = $1
      order by started_at desc
      limit $2`,
    [tenant, shownRuns],
  );
  return found.rows;
}

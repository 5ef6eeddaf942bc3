/**
 * Which time of a tenant has been pulled, as an operator asks for it: joined and one by one, the gaps, and the downloads that were not
 * merged of late. Read-only. Indexes: coverage_by_tenant, downloads_by_tenant; a coverage has one row per merge.
 */
import type { Queryable } from './connection.ts';
import { type CoveredInterval, selectCoverage } from './select-coverage.ts';

type CoverageMerge = CoveredInterval & {
  /** LiveVox's clock when it was asked for. */
  readonly serverNow: Date;
  readonly overlapMs: number;
  readonly rows: number;
  /** Bytes as received. */
  readonly bytes: number;
  /** SHA-256 of the bytes as received, hex. */
  readonly sha256: string;
  readonly runId: string;
  readonly mergedAt: Date;
};

type UnmergedDownload = {
  readonly askedAt: Date;
  readonly state: 'failed' | 'split' | 'dropped';
  readonly reason: string;
  /** What it would have covered; null: nothing. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly runId: string;
  readonly message: string | null;
};

export type CoverageReport = {
  readonly tenant: string;
  /** End of the gapless coverage; null before there is one. */
  readonly watermark: Date | null;
  readonly intervals: readonly CoveredInterval[];
  readonly gaps: readonly CoveredInterval[];
  /** One by one, in the order of merging; only where asked for. */
  readonly merges?: readonly CoverageMerge[];
  /** Downloads of the last days that failed, were split or dropped, the oldest first. */
  readonly unmerged: readonly UnmergedDownload[];
};

const unmergedDays = 7;

/** How a tenant's coverage stands; `isDetailed` adds the merges one by one. */
export async function selectCoverageReport(
  db: Queryable,
  tenant: string,
  isDetailed: boolean,
): Promise<CoverageReport> {
  const { watermark, intervals, gaps } = await selectCoverage(db, tenant);
  const report = { tenant, watermark: watermark ?? null, intervals, gaps, unmerged: await selectUnmerged(db, tenant) };
  return isDetailed ? { ...report, merges: await selectMerges(db, tenant) } : report;
}

async function selectMerges(db: Queryable, tenant: string): Promise<readonly CoverageMerge[]> {
  const found = await db.query<CoverageMerge>(
    `select starts_at as "startsAt", ends_at as "endsAt", server_now as "serverNow", overlap_ms::float8 as "overlapMs",
            rows::float8 as "rows", bytes::float8 as "bytes", sha256, run_id as "runId", merged_at as "mergedAt"
       from sync.coverage
      where tenant = $1
      order by merged_at, starts_at`,
    [tenant],
  );
  return found.rows;
}

async function selectUnmerged(db: Queryable, tenant: string): Promise<readonly UnmergedDownload[]> {
  const found = await db.query<UnmergedDownload>(
    `select asked_at as "askedAt", state, reason, covers_from as "startsAt", covers_until as "endsAt", run_id as "runId", message
       from sync.downloads
      where tenant = $1 and state in ('failed', 'split', 'dropped') and asked_at > now() - make_interval(days => $2)
      order by id`,
    [tenant, unmergedDays],
  );
  return found.rows;
}

/**
 * How a tenant's stops stand: how many are open, at risk and late, and how long they took. Numbers alone, no contact.
 * Index: suppressions_open and suppressions_by_verified.
 */
import type { StopCutoffs } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

/** Milliseconds within which half, 95 and 99 per cent of the stops were there; null: there was none. */
export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number } | null;

export type SuppressionMetrics = {
  /** Asked for, and not yet seen in LiveVox. */
  readonly open: number;
  /** Of the open ones: past the own target or the legal limit. */
  readonly late: number;
  /** Of the open ones: not late, and near the own target or the legal limit. */
  readonly atRisk: number;
  /** Of the open ones: past the legal limit. */
  readonly legalLate: number;
  /** Of the open ones: near the legal limit, and not past it; they may be late by the own target. */
  readonly legalAtRisk: number;
  /** When the longest waiting open stop was asked for; null: none is open. */
  readonly oldestAskedAt: Date | null;
  /** Seen in LiveVox in the period. */
  readonly verified: number;
  /** Of them: after the own target. */
  readonly verifiedLate: number;
  /** From asking to being seen, of those seen in the period. */
  readonly askedToVerified: Percentiles;
  /** From the first plan that held it, when we saw it first, to being seen in LiveVox. */
  readonly plannedToVerified: Percentiles;
};

export type SuppressionMetricsInput = {
  readonly tenant: string;
  readonly cutoffs: StopCutoffs;
  /** The own target, milliseconds. */
  readonly targetMs: number;
  /** First instant of the period. */
  readonly since: Date;
};

export async function selectSuppressionMetrics(
  db: Queryable,
  input: SuppressionMetricsInput,
): Promise<SuppressionMetrics> {
  return { ...(await selectOpen(db, input)), ...(await selectVerified(db, input)) };
}

type OpenMetrics = Pick<SuppressionMetrics, 'open' | 'late' | 'atRisk' | 'legalLate' | 'legalAtRisk' | 'oldestAskedAt'>;

async function selectOpen(db: Queryable, { tenant, cutoffs }: SuppressionMetricsInput): Promise<OpenMetrics> {
  const { targetLate, targetAtRisk, legalLate, legalAtRisk } = cutoffs;
  const found = await db.query<OpenMetrics>(
    `select count(*)::int as "open",
            (count(*) filter (where asked_at < greatest($2::timestamptz, $4)))::int as "late",
            (count(*) filter (where asked_at >= greatest($2::timestamptz, $4) and asked_at < greatest($3::timestamptz, $5)))::int as "atRisk",
            (count(*) filter (where asked_at < $4::timestamptz))::int as "legalLate",
            (count(*) filter (where asked_at >= $4::timestamptz and asked_at < $5::timestamptz))::int as "legalAtRisk",
            min(asked_at) as "oldestAskedAt"
       from sync.suppressions
      where tenant = $1 and verified_at is null and ended_at is null`,
    [tenant, targetLate, targetAtRisk, legalLate, legalAtRisk],
  );
  return found.rows[0]!;
}

type VerifiedMetrics = Omit<SuppressionMetrics, keyof OpenMetrics>;

async function selectVerified(
  db: Queryable,
  { tenant, since, targetMs }: SuppressionMetricsInput,
): Promise<VerifiedMetrics> {
  const found = await db.query<{
    verified: number;
    verifiedLate: number;
    asked: number[] | null;
    planned: number[] | null;
  }>(
    `select count(*)::int as "verified", (count(*) filter (where asked_ms >= $3))::int as "verifiedLate",
            percentile_disc(array[0.5, 0.95, 0.99]) within group (order by asked_ms) as "asked",
            percentile_disc(array[0.5, 0.95, 0.99]) within group (order by planned_ms) as "planned"
       from (select round(extract(epoch from verified_at - asked_at) * 1000)::float8 as asked_ms,
                    round(extract(epoch from verified_at - planned_at) * 1000)::float8 as planned_ms
               from sync.suppressions
              where tenant = $1 and verified_at >= $2) v`,
    [tenant, since, targetMs],
  );
  const { verified, verifiedLate, asked, planned } = found.rows[0]!;
  return {
    verified,
    verifiedLate,
    askedToVerified: toPercentiles(asked),
    plannedToVerified: toPercentiles(planned),
  };
}

function toPercentiles(values: readonly number[] | null): Percentiles {
  const [p50, p95, p99] = values ?? [];
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}

/** What `lvsync stops` says of a tenant: every stop with its times and limits, and the numbers over all of them. Accounts, and no other personal data. */
import { type StopRule, type StopStanding, toStopCutoffs, toStopLimits, toStopStanding } from '../contact/index.ts';
import {
  type Percentiles,
  type Store,
  type Suppression,
  type SuppressionMetrics,
  selectSuppressions,
} from '../store/index.ts';
import { readSuppressionClock, type SuppressionTenant } from '../suppression-clock.ts';
import { formatAge, formatCount, formatInstant, formatMany, formatTable, formatVisible } from './print.ts';

type Stop = Suppression & {
  /** From when on it is late by the own target. */
  readonly dueByTarget: Date;
  /** From when on it is late by law. */
  readonly dueByLaw: Date;
  /** How it stands, or stood when it was seen or ended. */
  readonly target: StopStanding;
  readonly legal: StopStanding;
};

export type StopsReport = {
  readonly tenant: string;
  /** When this was so. */
  readonly at: Date;
  /** First instant of the period that the percentiles are of. */
  readonly since: Date;
  readonly metrics: SuppressionMetrics;
  /** How many stops there are of those asked for; `stops` may hold fewer. */
  readonly all: number;
  readonly stops: readonly Stop[];
};

export type StopsChoice = {
  /** Open ones alone, late ones alone, or those as well that were seen or ended in the period. */
  readonly which: 'open' | 'late' | 'all';
  readonly since: Date;
  /** Most stops. */
  readonly limit: number;
};

/** Reads the stops of a tenant as they stand at `at`. */
export async function makeStopsReport(
  store: Store,
  tenant: SuppressionTenant,
  at: Date,
  { which, since, limit }: StopsChoice,
): Promise<StopsReport> {
  const { name, timeZone, suppressions } = tenant;
  const rule = { ...suppressions, timeZone };
  const { targetLate, legalLate } = toStopCutoffs(at, rule);
  const metrics = await readSuppressionClock(store, tenant, at, since);
  const { all, stops } = await selectSuppressions(store.pool, {
    tenant: name,
    openBefore: which === 'late' ? new Date(Math.max(targetLate.getTime(), legalLate.getTime())) : undefined,
    settledSince: which === 'all' ? since : undefined,
    limit,
  });
  return { tenant: name, at, since, metrics, all, stops: stops.map((stop) => judge(stop, at, rule)) };
}

function judge(stop: Suppression, at: Date, rule: StopRule): Stop {
  const due = toStopLimits(stop.askedAt, rule);
  const endedAt = stop.verifiedAt ?? stop.endedAt;
  const { target, legal } = toStopStanding(stop.askedAt, toStopCutoffs(endedAt ?? at, rule));
  // What is over is no risk any more.
  const settle = (standing: StopStanding): StopStanding =>
    endedAt !== null && standing === 'at_risk' ? 'in_time' : standing;
  return { ...stop, dueByTarget: due.target, dueByLaw: due.legal, target: settle(target), legal: settle(legal) };
}

/** The report as text. */
export function formatStopsReport(report: StopsReport): string {
  const { tenant, all, stops } = report;
  const more = all > stops.length ? `  … and ${formatCount(all - stops.length)} more; --limit shows them\n` : '';
  return [`tenant ${tenant}\n`, formatOpen(report), formatVerified(report), formatStops(stops), more].join('');
}

function formatOpen({ at, metrics }: StopsReport): string {
  const { open, late, atRisk, legalLate, legalAtRisk, oldestAskedAt } = metrics;
  if (open === 0 || oldestAskedAt === null) return '  no stop is open\n';
  const parts = [
    `${formatMany(open, 'stop')} open`,
    `${formatCount(late)} late (${formatCount(legalLate)} by law)`,
    `${formatCount(atRisk)} at risk`,
    ...(legalAtRisk > 0 ? [`${formatCount(legalAtRisk)} near the legal limit`] : []),
    `the longest waits for ${formatAge(at.getTime() - oldestAskedAt.getTime())}`,
  ];
  return `  ${parts.join(', ')}\n`;
}

function formatVerified({ since, metrics }: StopsReport): string {
  const { verified, verifiedLate, askedToVerified, plannedToVerified } = metrics;
  const head = `  since ${formatInstant(since)}: ${formatCount(verified)} seen in LiveVox, ${formatCount(verifiedLate)} of them past the target\n`;
  if (verified === 0) return head;
  const rows = [
    ['', 'p50', 'p95', 'p99'],
    ['asked → verified', ...formatPercentiles(askedToVerified)],
    ['planned → verified', ...formatPercentiles(plannedToVerified)],
  ];
  return `${head}${formatTable(rows, '    ')}`;
}

function formatPercentiles(percentiles: Percentiles): readonly string[] {
  if (percentiles === null) return ['-', '-', '-'];
  return [percentiles.p50, percentiles.p95, percentiles.p99].map(formatAge);
}

const heads = ['account', 'field', 'asked', 'planned', 'sent', 'verified', 'due by target', 'due by law', 'stands'];

function formatStops(stops: readonly Stop[]): string {
  return stops.length === 0 ? '' : formatTable([heads, ...stops.map(toCells)], '  ');
}

function toCells(stop: Stop): readonly string[] {
  const { account, field, askedAt, askedFrom, plannedAt, sentAt, verifiedAt, dueByTarget, dueByLaw } = stop;
  return [
    formatVisible(account),
    field,
    // What the system of record does not say is told as what it is.
    `${formatInstant(askedAt)}${askedFrom === 'first_seen' ? ' (first seen)' : ''}`,
    ...[plannedAt, sentAt, verifiedAt].map((at) => (at === null ? '-' : formatInstant(at))),
    formatInstant(dueByTarget),
    formatInstant(dueByLaw),
    sayStanding(stop),
  ];
}

function sayStanding({ target, legal, verifiedAt, endedBecause }: Stop): string {
  if (endedBecause !== null) return `ended: ${formatVisible(endedBecause)}`;
  const late = legal === 'late' ? 'late by law' : target === 'late' ? 'late' : undefined;
  if (verifiedAt !== null) return late === undefined ? 'seen' : `seen, ${late}`;
  if (legal === 'at_risk') return late === undefined ? 'near the legal limit' : `${late}, near the legal limit`;
  return late ?? (target === 'at_risk' ? 'at risk' : 'in time');
}

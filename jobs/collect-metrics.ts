/** What was read of the database, the queue and the lanes → samples. Pure: one function per thing that is read, one line per metric. */
import type { RunMetrics, SuppressionMetrics, TenantMetrics } from '../src/store/index.ts';
import type { LaneUse } from '../src/wiring.ts';
import type { Night } from './due-night.ts';
import type { Labels, Sample } from './format-metrics.ts';
import type { MetricName } from './metric-catalogue.ts';
import type { QueueCounts } from './queue-counts.ts';

/** How far a tenant's coverage reaches. */
export type CoverageMetrics = { readonly tenant: string; readonly watermark: Date | undefined; readonly gaps: number };

/** Count of a step → the word it has as a label. A count that is not named here is no metric. */
type Words = Readonly<Record<string, string>>;

const pulled: Words = { added: 'added', changed: 'changed', unchanged: 'unchanged', quarantined: 'quarantined' };
const pushed: Words = { accepted: 'accepted', refused: 'refused', in_doubt: 'in_doubt', leftOut: 'left_out' };
const verdicts: Words = {
  confirmed: 'confirmed',
  notTaken: 'not_taken',
  altered: 'altered',
  overtaken: 'overtaken',
};
const causes: Words = {
  lateCommit: 'late_commit',
  missedWindow: 'missed_window',
  silentChange: 'silent_change',
  rolledBack: 'rolled_back',
  vanished: 'vanished',
  altered: 'altered',
};

type StepTotal = {
  readonly name: MetricName;
  /** Whose counts are added up. */
  readonly steps: readonly string[];
  readonly label: string;
  readonly words: Words;
};

const stepTotals: readonly StepTotal[] = [
  { name: 'lvsync_rows_pulled_total', steps: ['pull'], label: 'outcome', words: pulled },
  { name: 'lvsync_rows_pushed_total', steps: ['push'], label: 'outcome', words: pushed },
  { name: 'lvsync_verdicts_total', steps: ['verify'], label: 'verdict', words: verdicts },
  { name: 'lvsync_drift_total', steps: ['sweep', 'reconcile'], label: 'cause', words: causes },
];

/**
 * Totals, runs under way, and the last run of each kind. A step's totals are given from the beginning, as 0 where it has counted nothing, because
 * a series that begins at its first increase hides that increase.
 */
export function collectRuns({ totals, running, last }: RunMetrics, tenants: readonly string[]): readonly Sample[] {
  const ended = totals.filter(({ subject }) => subject === 'run');
  return [
    ...ended.map(({ tenant, part: kind, word: state, total }) =>
      makeSample('lvsync_runs_total', { tenant, kind, state }, total),
    ),
    ...running.map(({ tenant, kind, runs }) => makeSample('lvsync_runs_running', { tenant, kind }, runs)),
    ...last.map(({ tenant, kind, state }) => makeSample('lvsync_last_run_state', { tenant, kind, state }, 1)),
    ...last.map(({ tenant, kind, startedAt }) =>
      makeSample('lvsync_last_run_start_timestamp_seconds', { tenant, kind }, toSeconds(startedAt)),
    ),
    ...last.flatMap(({ tenant, kind, endedAt }) =>
      makeInstant('lvsync_last_run_end_timestamp_seconds', { tenant, kind }, endedAt),
    ),
    ...tenants.flatMap((tenant) => collectSteps(totals, tenant)),
  ];
}

function collectSteps(totals: RunMetrics['totals'], tenant: string): readonly Sample[] {
  const own = totals.filter((one) => one.tenant === tenant && one.subject === 'step');
  return stepTotals.flatMap(({ name, steps, label, words }) =>
    Object.entries(words).map(([word, told]) => {
      const counted = own.filter((one) => steps.includes(one.part) && one.word === word);
      const sum = counted.reduce((before, { total }) => before + total, 0);
      return makeSample(name, { tenant, [label]: told }, sum);
    }),
  );
}

/** Freshness, what waits for a person, what the last sweep found. */
export function collectTenant(metrics: TenantMetrics): readonly Sample[] {
  const labels = { tenant: metrics.tenant };
  const { sweptRows, drifted } = metrics;
  return [
    ...makeInstant('lvsync_mirror_merged_timestamp_seconds', labels, metrics.mergedAt),
    makeSample('lvsync_plans_held', labels, metrics.heldPlans),
    ...makeInstant('lvsync_plan_held_since_timestamp_seconds', labels, metrics.heldSince),
    makeSample('lvsync_dead_letters_open', labels, metrics.openDeadLetters),
    ...makeInstant('lvsync_last_sweep_timestamp_seconds', labels, metrics.sweptAt),
    ...(sweptRows === null ? [] : [makeSample('lvsync_drift_ratio', labels, (drifted ?? 0) / Math.max(1, sweptRows))]),
  ];
}

export function collectCoverage({ tenant, watermark, gaps }: CoverageMetrics): readonly Sample[] {
  return [
    ...makeInstant('lvsync_mirror_watermark_timestamp_seconds', { tenant }, watermark ?? null),
    makeSample('lvsync_mirror_gaps', { tenant }, gaps),
  ];
}

/** The clock of a tenant's stops. */
export function collectStops(tenant: string, stops: SuppressionMetrics): readonly Sample[] {
  const { open, late, legalLate, atRisk, legalAtRisk, oldestAskedAt, askedToVerified } = stops;
  const durations = Object.entries({ '0.5': 'p50', '0.95': 'p95', '0.99': 'p99' } as const);
  return [
    makeSample('lvsync_stops_open', { tenant }, open),
    makeSample('lvsync_stops_at_risk', { tenant, limit: 'target' }, atRisk),
    makeSample('lvsync_stops_at_risk', { tenant, limit: 'legal' }, legalAtRisk),
    makeSample('lvsync_stops_late', { tenant, limit: 'target' }, late),
    makeSample('lvsync_stops_late', { tenant, limit: 'legal' }, legalLate),
    ...makeInstant('lvsync_stop_oldest_asked_timestamp_seconds', { tenant }, oldestAskedAt),
    ...(askedToVerified === null
      ? []
      : durations.map(([quantile, key]) =>
          makeSample('lvsync_stop_duration_seconds', { tenant, quantile }, askedToVerified[key] / 1000),
        )),
  ];
}

export function collectNight({ tenant, dueAt, isMissed }: Night): readonly Sample[] {
  return [
    ...makeInstant('lvsync_nightly_due_timestamp_seconds', { tenant }, dueAt ?? null),
    makeSample('lvsync_nightly_missed', { tenant }, isMissed ? 1 : 0),
  ];
}

export function collectQueues(counts: QueueCounts): readonly Sample[] {
  return Object.entries(counts).flatMap(([queue, states]) =>
    Object.entries(states).map(([state, jobs]) => makeSample('lvsync_queue_jobs', { queue, state }, jobs)),
  );
}

export function collectLanes(lanes: readonly LaneUse[]): readonly Sample[] {
  return lanes.map(({ tenant, method, share }) => makeSample('lvsync_lane_use_ratio', { tenant, method }, share));
}

function makeSample(name: MetricName, labels: Labels, value: number): Sample {
  return { name, labels, value };
}

/** Missing where there is no instant: 0 would mean 1970. */
function makeInstant(name: MetricName, labels: Labels, at: Date | null): readonly Sample[] {
  return at === null ? [] : [makeSample(name, labels, toSeconds(at))];
}

function toSeconds(at: Date): number {
  return at.getTime() / 1000;
}

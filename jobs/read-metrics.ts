/**
 * Reads what the metrics tell: the database, the queue and the lanes for all tenants of the config, and this process. A part that cannot be
 * read is left out and named in `lvsync_up`, so that an answer comes whatever is broken. What is read is kept for a few seconds: many scrapes, and
 * many workers' scrapes, cost the database little.
 */
import { createRequire } from 'node:module';
import type { Clock } from '../src/clock.ts';
import type { TenantConfig } from '../src/config.ts';
import { type Store, selectCoverage, selectRunMetrics, selectTenantMetrics } from '../src/store/index.ts';
import { readSuppressionClock } from '../src/suppression-clock.ts';
import type { LaneUse } from '../src/wiring.ts';
import { askInTime } from './ask-in-time.ts';
import {
  collectCoverage,
  collectLanes,
  collectNight,
  collectQueues,
  collectRuns,
  collectStops,
  collectTenant,
} from './collect-metrics.ts';
import { judgeNight } from './due-night.ts';
import { formatMetrics, type Sample } from './format-metrics.ts';
import type { QueuePort } from './queue-port.ts';
import { queueNames } from './queues.ts';

export type MetricsParts = {
  readonly tenants: readonly TenantConfig[];
  readonly store: Store;
  readonly queue: Pick<QueuePort, 'kind' | 'selectCounts'>;
  readonly laneUse: () => Promise<readonly LaneUse[]>;
  /** What this process has counted. */
  readonly collectRequests: () => readonly Sample[];
  readonly clock: Clock;
  /** How long what was read is told again, milliseconds. @default 5_000 */
  readonly keptMs?: number;
};

/** `until`: epoch milliseconds; without an end while it is being read, so that slow answers do not pile up. */
type Kept = { until: number; readonly samples: Promise<readonly Sample[]> };

const defaultKeptMs = 5_000;
/** A part that has not answered by then is down; Prometheus waits for ten seconds. */
const patienceMs = 8_000;

/** The metrics as text, read when asked for. */
export function makeMetricsReader(parts: MetricsParts): () => Promise<string> {
  const { clock, keptMs = defaultKeptMs } = parts;
  const startedAt = clock.now();
  let kept: Kept | undefined;
  return async () => {
    if (kept === undefined || clock.now().getTime() >= kept.until) kept = startReading(parts, startedAt, keptMs);
    return formatMetrics([
      ...makeProcessSamples(parts.queue.kind),
      ...(await kept.samples),
      ...parts.collectRequests(),
    ]);
  };
}

function startReading(parts: MetricsParts, startedAt: Date, keptMs: number): Kept {
  const kept: Kept = { until: Number.POSITIVE_INFINITY, samples: readShared(parts, startedAt) };
  const end = (): void => {
    kept.until = parts.clock.now().getTime() + keptMs;
  };
  kept.samples.then(end, end);
  return kept;
}

async function readShared(parts: MetricsParts, startedAt: Date): Promise<readonly Sample[]> {
  const found = await Promise.all([
    readPart(parts, 'database', () => readDatabase(parts, startedAt)),
    readPart(parts, 'queue', () => readQueues(parts)),
    readPart(parts, 'lanes', async () => collectLanes(await parts.laneUse())),
  ]);
  return found.flat();
}

async function readPart(
  { clock }: MetricsParts,
  part: string,
  read: () => Promise<readonly Sample[]>,
): Promise<readonly Sample[]> {
  const samples = await askInTime(clock, patienceMs, read);
  return [{ name: 'lvsync_up', labels: { part }, value: samples === undefined ? 0 : 1 }, ...(samples ?? [])];
}

async function readDatabase({ tenants, store, clock }: MetricsParts, watchedSince: Date): Promise<readonly Sample[]> {
  const names = tenants.map(({ name }) => name);
  const runs = await selectRunMetrics(store.pool, names);
  const besides = await selectTenantMetrics(store.pool, names);
  const samples = [...collectRuns(runs, names), ...besides.flatMap(collectTenant)];
  // One after the other: metrics must not take the connections that the steps work with.
  for (const tenant of tenants) {
    const now = clock.now();
    const { watermark, gaps } = await selectCoverage(store.pool, tenant.name);
    samples.push(...collectCoverage({ tenant: tenant.name, watermark, gaps: gaps.length }));
    samples.push(...collectStops(tenant.name, await readSuppressionClock(store, tenant, now)));
    const night = await judgeNight(store.pool, tenant, { now, watchedSince });
    if (night !== undefined) samples.push(...collectNight(night));
  }
  return samples;
}

async function readQueues({ queue }: MetricsParts): Promise<readonly Sample[]> {
  const counts = await Promise.all(queueNames.map(async (name) => [name, await queue.selectCounts(name)] as const));
  return collectQueues(Object.fromEntries(counts));
}

function makeProcessSamples(queue: string): readonly Sample[] {
  const { user, system } = process.cpuUsage();
  const startedAt = (performance.timeOrigin ?? 0) / 1000;
  return [
    { name: 'lvsync_build_info', labels: { version: readVersion(), node: process.version, queue }, value: 1 },
    { name: 'process_cpu_seconds_total', labels: {}, value: (user + system) / 1e6 },
    { name: 'process_resident_memory_bytes', labels: {}, value: process.memoryUsage.rss() },
    { name: 'process_start_time_seconds', labels: {}, value: startedAt },
  ];
}

function readVersion(): string {
  const { version } = createRequire(import.meta.url)('livevox-sync/package.json') as { version: string };
  return version;
}

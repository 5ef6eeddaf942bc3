/**
 * One process of the bench of the diff: `diff-worker.js JOB`, JOB as JSON. It does a job as often as it is told to, and prints the seconds
 * of each part of each time, with the most memory the process ever had.
 */
import { fileSchema } from '../../src/config/file-schema.ts';
import { digestContact, toComparedFields } from '../../src/contact/index.ts';
import { type DiffInput, diff } from '../../src/diff/diff.ts';
import { loadDesired } from '../../src/diff/load-desired.ts';
import { makePlanner } from '../../src/diff/plan.ts';
import { planCandidate } from '../../src/diff/plan-candidate.ts';
import { silentLog } from '../../src/log.ts';
import { silentProgress } from '../../src/progress.ts';
import {
  type Candidate,
  closeStore,
  makeComparison,
  openRun,
  openStore,
  refreshComparison,
  type Store,
  withCandidates,
} from '../../src/store/index.ts';
import { makeSource, mappedCount, owners, toTouchSql } from './diff/contacts.ts';

export type DiffJob = {
  readonly kind: 'prepare' | 'compare' | 'plan' | 'touch' | 'planning';
  readonly databaseUrl: string;
  /** Contacts of the mirror. */
  readonly rows: number;
  /** Contacts that are read, or touched. */
  readonly count: number;
  readonly isComplete: boolean;
  readonly times: number;
};

/** Seconds of each part, one list entry for each time. */
export type DiffReport = { readonly seconds: readonly Readonly<Record<string, number>>[]; readonly found: number };

const tenant = 'bench';
const timeZone = 'America/New_York';
const fields = toComparedFields(owners);
const clock = { now: () => new Date('2026-02-01T12:00:00Z'), sleep: async () => {} };
const { guards: defaults, plans } = fileSchema.parse({ tenants: { bench: {} } }).tenants['bench']!;
const guards = { ...defaults, maxUpdates: 1e9, maxUpdatesPercent: 100 };

const job = JSON.parse(process.argv[2] ?? '') as DiffJob;

async function run(to: Store): Promise<DiffReport> {
  const seconds: Record<string, number>[] = [];
  let found = 0;
  for (let time = 0; time < job.times; time += 1) {
    const parts: Record<string, number> = {};
    const note: Note = (name, startedAt) => {
      parts[name] = (performance.now() - startedAt) / 1000;
    };
    found = await jobs[job.kind](to, note);
    seconds.push(parts);
  }
  return { seconds, found };
}

/** Ends a part that began at a reading of `performance.now()`. */
type Note = (name: string, startedAt: number) => void;

const comparisonOf = (to: Store) => makeComparison(to.pool, { tenant, systemOfRecord: 'crm' });
const source = () => makeSource(job.rows, job.count, job.isComplete);

const jobs: Readonly<Record<DiffJob['kind'], (to: Store, note: Note) => Promise<number>>> = {
  prepare: async (to, note) => {
    const comparison = await comparisonOf(to);
    const runId = await openRun(to, { tenant, kind: 'plan', startedFrom: 'command' });
    const landingFrom = performance.now();
    await loadDesired({ store: to, progress: silentProgress }, comparison, fields, { tenant, runId, source: source() });
    note('landing', landingFrom);
    const refreshFrom = performance.now();
    const { rows } = await refreshComparison(to, comparison, { fields, timeZone });
    note('mirrorSide', refreshFrom);
    await endRuns(to);
    return rows;
  },
  compare: async (to, note) => (await readCandidates(to, note)).length,
  plan: async (to, note) => {
    const runId = await openRun(to, { tenant, kind: 'plan', startedFrom: 'command' });
    const input: DiffInput = {
      tenant,
      runId,
      timeZone,
      sourceName: 'crm',
      source: source(),
      createActive: true,
      guards,
      plans: { approveAll: plans.approveAll, expiresMs: 1 },
      fanOut: undefined,
      expiresAt: new Date('2099-01-01'),
    };
    const deps = { store: to, clock, log: silentLog, progress: silentProgress };
    const startedAt = performance.now();
    const { counts } = await diff(deps, input);
    note('plan', startedAt);
    await endRuns(to);
    return counts.updates;
  },
  touch: async (to, note) => {
    await to.pool.query(toTouchSql(job.rows, job.count));
    const comparison = await comparisonOf(to);
    const startedAt = performance.now();
    const { digested } = await refreshComparison(to, comparison, { fields, timeZone });
    note('refresh', startedAt);
    return digested;
  },
  planning: async (to, note) => {
    const candidates = await readCandidates(to, note);
    const planner = makePlanner({ createActive: true, owners, onAbsence: 'nothing' });
    const startedAt = performance.now();
    let patches = 0;
    for (let at = 0; patches < job.count; at = (at + 1) % candidates.length) {
      patches += planCandidate(candidates[at]!, planner, false).length;
    }
    note('planning', startedAt);
    const digestFrom = performance.now();
    for (let at = 0; at < job.count; at += 1) {
      digestContact(fields, candidates[at % candidates.length]!.desired!.fields);
    }
    note('digests', digestFrom);
    return patches;
  },
};

/** `compare`: until it is known who differs; `read`: until both sides of them are here. */
async function readCandidates(to: Store, note: Note): Promise<readonly Candidate[]> {
  const comparison = await comparisonOf(to);
  const mapped = new Set(Object.keys(owners));
  const startedAt = performance.now();
  const { touchedSeq } = await refreshComparison(to, comparison, { fields, timeZone });
  const input = { fields, mapped, isComplete: job.isComplete, now: clock.now(), timeZone, touchedSeq };
  return withCandidates(to, comparison, input, async ({ read }) => {
    note('compare', startedAt);
    const all: Candidate[] = [];
    const readFrom = performance.now();
    for await (const batch of read(true)) all.push(...batch);
    note('read', readFrom);
    return all;
  });
}

function endRuns(to: Store): Promise<unknown> {
  if (mappedCount !== 24) throw new Error(`The bench maps ${mappedCount} fields, not 24.`);
  return to.pool.query(`update sync.runs set state = 'proven', ended_at = now() where ended_at is null`);
}

const store = await openStore(job.databaseUrl);
const report = await run(store);
await closeStore(store);
process.stdout.write(`${JSON.stringify({ ...report, peakRssMb: process.resourceUsage().maxRSS / 1024 })}\n`);

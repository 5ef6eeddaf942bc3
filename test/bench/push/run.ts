/** One measured run: fresh database, fresh plans, the sandbox's limits set, so many processes, and what came of it on both sides. */
import type { LogEntry } from '../../../src/sandbox/index.ts';
import { closeStore, openStore } from '../../../src/store/index.ts';
import { tell } from '../pull/measure.ts';
import { emptyDatabase, type Place } from '../pull/place.ts';
import type { Workshop } from '../pull/processes.ts';
import type { PushJob, PushReport } from '../push-worker.ts';
import { type BulkEndpoint, endpoints, makePlan, type Plan, toRows } from './plans.ts';
import { fetchCount, fetchRequests, type Limit, resetSandbox } from './sandbox.ts';

export type Bench = {
  readonly place: Place;
  readonly workshop: Workshop;
  readonly sandboxUrl: string;
  /** Patches of all tenants together. */
  readonly rows: number;
  readonly chunkRows: number;
};

export type RunInput = {
  readonly name: string;
  readonly tenants: number;
  readonly processes: number;
  /** What the sandbox enforces; undefined: nothing. */
  readonly limit: Limit | undefined;
  /** Whether it is configured. */
  readonly isKnown: boolean;
  readonly inFlight: number;
};

export type Ran = {
  readonly reports: readonly PushReport[];
  /** From the first process's start to the last one's end, without what a process needs to come up. */
  readonly seconds: number;
  /** What the sandbox saw, in the order of arrival. */
  readonly requests: Readonly<Record<BulkEndpoint, readonly LogEntry[]>>;
  /** The fewest requests that can carry the rows. */
  readonly fewest: number;
};

const database = 'push';
let runs = 0;

export async function runPushes(bench: Bench, input: RunInput): Promise<Ran> {
  const { place, sandboxUrl } = bench;
  tell(`${input.name} …`);
  await place.copy(database, emptyDatabase);
  const plans = await makePlans(bench, input.tenants);
  await place.checkpoint();
  await resetSandbox(sandboxUrl, input.limit);
  const before = await fetchCount(sandboxUrl);
  const reports = await runProcesses(bench, input, plans);
  assertAllSent(bench, input, reports, (await fetchCount(sandboxUrl)) - before);
  const requests = {} as Record<BulkEndpoint, readonly LogEntry[]>;
  for (const endpoint of endpoints) requests[endpoint] = await fetchRequests(sandboxUrl, endpoint);
  const last = Math.max(...reports.map(({ endedAt }) => endedAt));
  const seconds = (last - Math.min(...reports.map(({ startedAt }) => startedAt))) / 1_000;
  tell(`  ${seconds.toFixed(1)} s`);
  return { reports, seconds, requests, fewest: toFewest(bench, input.tenants) };
}

async function makePlans({ place, rows }: Bench, tenants: number): Promise<readonly Plan[]> {
  runs += 1;
  const store = await openStore(place.toUrl(database));
  const plans: Plan[] = [];
  const each = rows / tenants;
  for (let tenant = 0; tenant < tenants; tenant += 1) {
    const input = { rows: each, firstContact: 1 + tenant * each, prefix: `N${runs}-${tenant}-` };
    plans.push(await makePlan(store, { ...input, tenant: `bench${tenant}` }));
  }
  await closeStore(store);
  return plans;
}

/** Deals the plans out to the processes and waits for all of them. */
async function runProcesses(
  { place, workshop, sandboxUrl, chunkRows }: Bench,
  { processes, inFlight, limit, isKnown }: RunInput,
  plans: readonly Plan[],
): Promise<readonly PushReport[]> {
  const jobs: PushJob[] = Array.from({ length: processes }, (_, at) => ({
    ...{ kind: 'push' as const, databaseUrl: place.toUrl(database), sandboxUrl, chunkRows, inFlight },
    plans: plans.filter((_plan, index) => index % processes === at),
    limit: isKnown ? limit : undefined,
  }));
  const ended = await Promise.all(jobs.map((job) => workshop.run<PushReport>(job)));
  return ended.map(({ report }) => report);
}

/** A fast run that lost rows is no result. */
function assertAllSent(bench: Bench, input: RunInput, reports: readonly PushReport[], created: number): void {
  const accepted = reports.reduce((sum, { counts }) => sum + counts.accepted, 0);
  const toCreate = toRows('bulk_create', bench.rows);
  if (accepted === bench.rows && created === toCreate) return;
  throw new Error(
    `${input.name}: ${accepted} of ${bench.rows} rows were accepted, ${created} of ${toCreate} contacts created.`,
  );
}

function toFewest({ rows, chunkRows }: Bench, tenants: number): number {
  const ofTenant = endpoints.map((endpoint) => Math.ceil(toRows(endpoint, rows / tenants) / chunkRows));
  return tenants * ofTenant.reduce((sum, chunks) => sum + chunks, 0);
}

/**
 * One run: set the world up, let the faults loose, run and disturb what is under test, end the faults, sync once, and look at what came of
 * it. Returns every violation; throws only when the harness itself cannot go on.
 */
import { setTimeout } from 'node:timers/promises';
import { clearFaults, fetchAllContacts, fetchLog, fetchWrites } from '../support/sandbox-admin.ts';
import { makeDice } from './dice.ts';
import {
  findDifferences,
  findDoubleCreates,
  findStepsSentTwice,
  findUnnamedDrops,
  findWrongDeadLetters,
} from './findings.ts';
import { openPlace, type Place, type Running, type Servers } from './place.ts';
import { makeRecord, writeRecord } from './record.ts';
import { findRefused, lastPatienceMs, poison, type Run } from './run.ts';
import { continueZombie, endCommand, runCommands } from './run-commands.ts';
import { endWithWorker, forgetNightly, runNightlies } from './run-nightlies.ts';
import { lateCommitMs, type Scenario } from './scenario.ts';
import { findLiftedStops, type RecordVersion } from './stops.ts';

export type RunResult = {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violations: readonly string[];
  /** How often a request met each kind of fault. */
  readonly faults: Readonly<Record<string, number>>;
  /** Processes that were killed, passed by or cut off, and queues lost, by kind. */
  readonly blows: Readonly<Record<string, number>>;
  /** How each command ended, in order: `sync 4`, `apply SIGKILL`. */
  readonly ends: readonly string[];
  readonly ms: number;
  /** Where the database and the folder were kept, when there are violations. */
  readonly kept: string;
};

export async function runScenario(servers: Servers, scenario: Scenario): Promise<RunResult> {
  const startedAt = performance.now();
  const place = await openPlace(servers, scenario);
  const run = await setUp(place, scenario);
  try {
    await (scenario.shell === 'worker' ? runNightlies(run) : runCommands(run));
    await endInPeace(run);
    await findAll(run);
  } catch (error) {
    run.violations.push(`the run could not be ended: ${error instanceof Error ? error.message : String(error)}`);
  }
  const faults = await countFaults(place);
  const { violations, blows, ends } = run;
  const isKept = violations.length > 0;
  await place.close(isKept);
  const kept = isKept ? `${place.databaseUrl} ${place.folder}` : '';
  return {
    seed: scenario.seed,
    scenario,
    violations,
    faults,
    blows,
    ends,
    ms: Math.round(performance.now() - startedAt),
    kept,
  };
}

async function setUp(place: Place, scenario: Scenario): Promise<Run> {
  // Apart from the scenario's own dice: what one throws more must not change the other.
  const dice = makeDice(scenario.seed + 500_000_000);
  const initial = await fetchAllContacts(place.sandbox);
  const rows = makeRecord(dice, initial, scenario.newAccounts);
  await writeRecord(place.record, rows);
  const versions = [{ since: 0, rows }];
  return {
    scenario,
    place,
    dice,
    initial,
    versions,
    violations: [],
    blows: {},
    ends: [],
    excepted: new Set(),
    zombie: undefined,
  };
}

/** The faults are over: one sync must be enough. */
async function endInPeace(run: Run): Promise<void> {
  const { place, scenario } = run;
  await clearFaults(place.sandbox);
  if (scenario.poison?.stays === true) await poison(run);
  // Until the last write that LiveVox shows late is shown, its faults are not over.
  await setTimeout(lateCommitMs);
  if (scenario.shell === 'worker') {
    // A nightly that goes on is nobody's to pass by, so the last word of one that was held up is waited for.
    await continueZombie(run);
    await forgetNightly(place);
  }
  if (scenario.endsWithWorker) return endWithWorker(run);
  const running = place.lvsync('sync', '--json');
  const continued = continueZombie(run);
  const code = await endCommand(run, 'sync', running, lastPatienceMs);
  await continued;
  const isRefused = code === 4 && (await findRefused(run)).size > 0;
  if (code !== 0 && !isRefused) run.violations.push(`the last sync ended with ${code}: ${await sayEnd(running)}`);
}

async function sayEnd(running: Running): Promise<string> {
  const { stdout, stderr } = await running.finished;
  const message = stdout === '' ? undefined : (JSON.parse(stdout) as { message?: string }).message;
  return message ?? stderr.trim().split('\n').at(-1) ?? '';
}

async function findAll(run: Run): Promise<void> {
  const { place, violations, initial, versions, excepted } = run;
  const writes = await fetchWrites(place.sandbox);
  violations.push(
    ...(await findDifferences(place, await findRefused(run))),
    ...(await findDoubleCreates(place, writes)),
    ...(await findStepsSentTwice(place)),
    ...findLiftedStops(initial, writes, await toPlanned(place, versions)),
    ...(await findUnnamedDrops(place)),
    ...(await findWrongDeadLetters(place, excepted)),
  );
}

/** A version counts from the first plan made of it: what was planned before could not know it, and may still be on its way. */
async function toPlanned(place: Place, versions: readonly RecordVersion[]): Promise<readonly RecordVersion[]> {
  const plans = await place.select<{ at: Date }>('select created_at as at from sync.change_sets order by created_at');
  const firstAfter = (since: number): number => plans.find(({ at }) => at.getTime() >= since)?.at.getTime() ?? Infinity;
  return versions.map(({ since, rows }) => ({ since: since === 0 ? 0 : firstAfter(since), rows }));
}

async function countFaults(place: Place): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { faults = [], accounts, status } of await fetchLog(place.sandbox)) {
    // The rule is for every request; it struck where one with accounts was refused.
    const struck = faults.filter((kind) => kind !== 'poison-row' || (accounts !== undefined && status === 400));
    for (const kind of struck) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

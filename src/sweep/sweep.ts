/**
 * The sweep: a pass over what LiveVox shows, with the fewest columns that serve, compared with the mirror. The only way to see deletions,
 * and the only proof that the increments lose nothing. A whole sweep marks what two independent sweeps missed; a slice of a rolling one
 * is pulled with all its fields besides, and finds values that moved without a modifyDate.
 * What a sweep finds changed in time that counted as pulled is drift: it is recorded with its cause and pulled again.
 * Called with the tenant's lock held, after a pull: nobody merges while the mirror is compared.
 */
import { FatalError, HeldError, toLogReason, toMessage } from '../errors.ts';
import {
  clearDeadSweeps,
  compareSweep,
  copyMirrorBefore,
  countAbsentIn,
  type DriftCounts,
  dropSweepTables,
  insertSilentDrift,
  insertSweep,
  type MirrorBefore,
  makeSweepTables,
  markDriftRepaired,
  markSweepFailed,
  markSweepHeld,
  type SettledSweep,
  type SweepComparison,
  type SweepEndCounts,
  type SweepScope,
  type SweepTables,
  selectCoveredUntil,
  selectDriftedWindows,
  selectSweepBounds,
  settleSweep,
  toSweepTables,
} from '../store/index.ts';
import { chooseSliceRequests, chooseWholeRequests, type SweepWindow, widenWindow } from './choose-requests.ts';
import { type CollectDeps, type Collected, collect } from './collect.ts';
import { findTrip, handful } from './guard.ts';

export { widenWindow } from './choose-requests.ts';

export type SweepDeps = CollectDeps & {
  readonly livevox: {
    /** LiveVox's clock, in whole seconds. */
    readonly fetchServerNow: (signal?: AbortSignal) => Promise<Date>;
  };
  /** Pulls all fields of a closed window of modifyDate into the mirror, in the same run. */
  readonly pullWindow: (window: SweepWindow) => Promise<unknown>;
};

export type SweepInput = {
  readonly tenant: string;
  /** A run that is running (sync.runs). */
  readonly runId: string;
  /** IANA zone of the client: zone-less times are in it. */
  readonly timeZone: string;
  /** One part of a rolling sweep, from 0; undefined: a whole sweep. */
  readonly slice?: { readonly index: number; readonly of: number };
  readonly chunkRows: number;
  readonly maxVanishedPercent: number;
  /** A person chose the per cent for this run. */
  readonly isPercentChosen: boolean;
  readonly independentAfterMs: number;
  /** How late LiveVox commits at most, milliseconds. */
  readonly overlapMs: number;
  readonly attempts: number;
  /** LiveVox takes bounds in whole days only. */
  readonly wholeDays: boolean;
  readonly signal?: AbortSignal;
};

/** mirrorRows = present + absent + notJudged; rows = accounts + repeated. */
export type SweepCounts = {
  readonly requests: number;
  readonly rows: number;
  readonly accounts: number;
  readonly repeated: number;
  /** Contacts of the mirror that were compared. */
  readonly mirrorRows: number;
  readonly present: number;
  readonly absent: number;
  /** Without a modifyDate: no bounded request need bring them. */
  readonly notJudged: number;
  /** In the mirror before the sweep. */
  readonly tombstones: number;
  readonly tombstoned: number;
  readonly restored: number;
  readonly lateCommit: number;
  readonly missedWindow: number;
  readonly silentChange: number;
  readonly rolledBack: number;
  readonly vanished: number;
  readonly drifted: number;
  /** Of those that drifted: the mirror agrees again. */
  readonly repaired: number;
  readonly driftPerTenThousand: number;
};

type Planned = {
  readonly before: MirrorBefore;
  readonly scope: SweepScope;
  readonly requests: readonly SweepWindow[];
  readonly settledUntil: Date;
  readonly serverNow: Date;
};

type Outcome = { readonly compared: SweepComparison; readonly collected: Collected; readonly settled: SettledSweep };

/** What drifted is pulled again in at most so many pieces. */
const maxRepairs = 8;

/**
 * One sweep.
 * @throws HeldError when a guard trips; RetriableError when no attempt brought a whole answer; FatalError when the columns are not those
 *   asked for or the counts do not add up; the signal's reason when aborted. Nothing is marked then.
 */
export async function sweep(deps: SweepDeps, input: SweepInput): Promise<SweepCounts> {
  const { store } = deps;
  const dead = await clearDeadSweeps(store.pool, input);
  if (dead > 0) deps.log.warn('sweep.leftovers.cleared', { sweeps: dead });
  const tables = await makeSweepTables(store.pool, input.runId);
  try {
    const planned = await planSweep(deps, input, tables);
    if (planned.before.contacts + planned.before.tombstones === 0) {
      deps.log.info('sweep.nothing', { reason: 'the mirror is empty' });
      return toCounts(planned.before);
    }
    const id = await insertSweep(store.pool, { ...input, ...planned.scope, serverNow: planned.serverNow });
    const outcome = await runSweep(deps, input, tables, id, planned);
    const silent = await pullAgain(deps, input, tables, id, planned.scope);
    const repaired = silent + (await markDriftRepaired(store.pool, id));
    const drift = { ...outcome.settled.drift, ...(silent > 0 ? { silent_change: silent } : {}) };
    const counts = toCounts(planned.before, { ...outcome, settled: { ...outcome.settled, drift } }, repaired);
    deps.log.info('sweep.done', { ...counts });
    return counts;
  } finally {
    await clearOwn(deps, input);
  }
}

async function planSweep(deps: SweepDeps, input: SweepInput, tables: SweepTables): Promise<Planned> {
  const { pool } = deps.store;
  const before = await copyMirrorBefore(pool, tables, input.tenant);
  const serverNow = await deps.livevox.fetchServerNow(input.signal);
  const coveredUntil = (await selectCoveredUntil(pool, input.tenant)) ?? new Date(0);
  const settledUntil = new Date(Math.min(coveredUntil.getTime(), serverNow.getTime()) - input.overlapMs);
  const { slice, timeZone, wholeDays } = input;
  const on = { settledUntil, timeZone, wholeDays };
  const dated = before.contacts - before.undated;
  const partRows = slice === undefined ? input.chunkRows : dated / slice.of;
  const bounds = await selectSweepBounds(pool, tables, partRows);
  if (slice !== undefined) {
    const edges = bounds.slice(0, slice.of - 1);
    const { scope, requests } = chooseSliceRequests({ ...on, bounds: edges, index: slice.index });
    return { before, scope: { ...scope, withUndated: isUnbounded(scope) }, requests, settledUntil, serverNow };
  }
  const requests = chooseWholeRequests({ ...on, bounds });
  const scope = { startsAt: undefined, endsAt: undefined, withUndated: requests.every(isUnbounded) };
  return { before, scope, requests, settledUntil, serverNow };
}

function isUnbounded({ startsAt, endsAt }: SweepWindow): boolean {
  return startsAt === undefined && endsAt === undefined;
}

/** From the first request to the end of the sweep's own transaction. */
async function runSweep(
  deps: SweepDeps,
  input: SweepInput,
  tables: SweepTables,
  sweepId: string,
  planned: Planned,
): Promise<Outcome> {
  const { pool } = deps.store;
  try {
    const { requests, scope, before, settledUntil } = planned;
    const collected = await collect(deps, {
      ...input,
      tables,
      requests,
      contacts: before.contacts,
      signal: input.signal,
    });
    const serverNow = await deps.livevox.fetchServerNow(input.signal);
    const compared = await compareSweep(pool, tables, scope);
    assertAddsUp(compared);
    input.signal?.throwIfAborted();
    const { rows, unreadable } = collected;
    const counts = {
      ...compared,
      serverNow,
      requests: collected.requests,
      rows,
      unreadable,
      tombstones: before.tombstones,
    };
    await assertGuard(deps, input, tables, sweepId, planned, counts, collected);
    const isWhole = input.slice === undefined;
    const { tenant, timeZone, independentAfterMs } = input;
    const settled = await settleSweep(deps.store, {
      sweepId,
      tenant,
      tables,
      isWhole,
      scope,
      timeZone,
      settledUntil,
      independentAfterMs,
      counts,
    });
    return { compared, collected, settled };
  } catch (error) {
    // The failure that matters is the sweep's own; that it could not be noted comes second.
    await markSweepFailed(pool, sweepId, toMessage(error)).catch(() => {});
    throw error;
  }
}

async function assertGuard(
  deps: SweepDeps,
  input: SweepInput,
  tables: SweepTables,
  sweepId: string,
  { before, requests }: Planned,
  counts: SweepEndCounts,
  { rowsOf }: Collected,
): Promise<void> {
  const { pool } = deps.store;
  let emptyWindows = 0;
  for (const [index, window] of requests.entries()) {
    if (rowsOf[index] === 0 && (await countAbsentIn(pool, tables, window)) > handful) emptyWindows += 1;
  }
  const trip = findTrip({
    contacts: before.contacts,
    absent: counts.absent,
    rows: counts.rows,
    unreadable: counts.unreadable,
    emptyWindows,
    maxVanishedPercent: input.maxVanishedPercent,
    isChosen: input.isPercentChosen,
  });
  if (trip === undefined) return;
  await markSweepHeld(pool, sweepId, counts, trip);
  throw new HeldError(trip, { facts: { absent: counts.absent, rows: counts.rows, unreadable: counts.unreadable } });
}

/** Brings what drifted into the mirror, and of a slice everything. How many values had moved in silence. */
async function pullAgain(
  deps: SweepDeps,
  input: SweepInput,
  tables: SweepTables,
  sweepId: string,
  { startsAt, endsAt }: SweepScope,
): Promise<number> {
  if (input.slice === undefined) {
    for (const { since, until } of await selectDriftedWindows(deps.store.pool, { sweepId }, maxRepairs)) {
      await deps.pullWindow(widenWindow({ startsAt: since, endsAt: until }, input));
    }
    return 0;
  }
  await deps.pullWindow(widenWindow({ startsAt, endsAt }, input));
  return insertSilentDrift(deps.store, { sweepId, tenant: input.tenant, tables, startsAt, endsAt });
}

function assertAddsUp({ mirrorRows, present, absent, notJudged }: SweepComparison): void {
  if (mirrorRows === present + absent + notJudged) return;
  throw new FatalError(
    `The mirror has ${mirrorRows} contacts to compare, but ${present} were found, ${absent} missed and ${notJudged} not judged; nothing was marked: report this.`,
    { facts: { mirrorRows, present, absent, notJudged } },
  );
}

function toCounts({ tombstones }: MirrorBefore, outcome?: Outcome, repaired = 0): SweepCounts {
  const { requests = 0, rows = 0 } = outcome?.collected ?? {};
  const { accounts = 0, mirrorRows = 0, present = 0, absent = 0, notJudged = 0 } = outcome?.compared ?? {};
  const drift: DriftCounts = outcome?.settled.drift ?? {};
  const drifted = Object.values(drift).reduce((sum, count) => sum + count, 0);
  return {
    requests,
    rows,
    accounts,
    repeated: rows - accounts,
    mirrorRows,
    present,
    absent,
    notJudged,
    tombstones,
    tombstoned: outcome?.settled.tombstoned ?? 0,
    restored: outcome?.settled.restored ?? 0,
    lateCommit: drift.late_commit ?? 0,
    missedWindow: drift.missed_window ?? 0,
    silentChange: drift.silent_change ?? 0,
    rolledBack: drift.rolled_back ?? 0,
    vanished: drift.vanished ?? 0,
    drifted,
    repaired,
    driftPerTenThousand: mirrorRows === 0 ? 0 : Math.round((drifted / mirrorRows) * 1_000_000) / 100,
  };
}

/** The working tables hold accounts. What cannot be cleared now, the next sweep clears. */
async function clearOwn(deps: SweepDeps, input: SweepInput): Promise<void> {
  try {
    await dropSweepTables(deps.store.pool, toSweepTables(input.runId));
  } catch (error) {
    deps.log.warn('sweep.leftovers.kept', { reason: toLogReason(error) });
  }
}

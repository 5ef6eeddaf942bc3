/**
 * What comes before any comparing: the system of record is read into the database, the mirror's digests are brought up to date, and
 * revocations reach every contact of the same number, where the policy is in force.
 */
import type { Clock } from '../clock.ts';
import type { FanOutConfig } from '../config.ts';
import { toComparedFields } from '../contact/index.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  type Comparison,
  fanOutRevocations,
  makeComparison,
  makeDesiredKeys,
  type Refreshed,
  refreshComparison,
  type Store,
  withTransaction,
} from '../store/index.ts';
import type { SystemOfRecord } from '../system-of-record/index.ts';
import { chooseFanOut } from './fan-out.ts';
import { type Loaded, loadDesired } from './load-desired.ts';

export type PrepareDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type PrepareInput = {
  readonly tenant: string;
  readonly runId: string;
  readonly timeZone: string;
  readonly sourceName: string;
  readonly source: SystemOfRecord;
  readonly fanOut: FanOutConfig | undefined;
  readonly signal?: AbortSignal;
};

export type Prepared = {
  readonly comparison: Comparison;
  readonly loaded: Loaded;
  readonly refreshed: Refreshed;
};

/** @throws what reading the system of record throws */
export async function prepareComparison(deps: PrepareDeps, input: PrepareInput): Promise<Prepared> {
  const fields = toComparedFields(input.source.owners);
  const comparison = await makeComparison(deps.store.pool, { ...input, systemOfRecord: input.sourceName });
  const loaded = await loadDesired(deps, comparison, fields, input);
  const refreshed = await refreshComparison(deps.store, comparison, { ...input, fields });
  await fanOut(deps, input, comparison);
  return { comparison, loaded, refreshed };
}

async function fanOut(deps: PrepareDeps, input: PrepareInput, comparison: Comparison): Promise<void> {
  const { tenant, timeZone, source } = input;
  const kinds = chooseFanOut(input.fanOut, deps.clock.now(), timeZone);
  if (kinds === undefined) return;
  const { owners } = source;
  const counts = await withTransaction(deps.store, (client) =>
    fanOutRevocations(client, { tenant, desiredTable: comparison.desiredTable, kinds, owners }),
  );
  if (counts.contacts > 0) await makeDesiredKeys(deps.store.pool, comparison);
  deps.log.info('diff.fanned_out', counts);
}

/** A row whose account cannot be read may be anybody's: while there is one, nobody is taken for gone. */
export function isAbsenceKnown(log: Log, { isComplete }: SystemOfRecord, { unnamed }: Loaded): boolean {
  if (isComplete && unnamed > 0) log.warn('diff.absence_not_judged', { unnamed });
  return isComplete && unnamed === 0;
}

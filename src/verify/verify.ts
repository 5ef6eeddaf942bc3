/**
 * Settles what was sent: compares sent patches with what the pull brought, rows with rows, without the network; deletions alone
 * are looked up one by one (verify-deletions.ts). Every sent patch gets a
 * verdict once a read-back that began after its answer is in; before that it stays unread. Where a push still follows in the run, what was lost
 * is taken back for it (repeat-lost.ts). A change set whose patches all have their end is settled as proven or not
 * proven. Runs after every pull, and finds what earlier runs left unsettled.
 */

import type { Clock } from '../clock.ts';
import { findField } from '../contact/index.ts';
import type { Log } from '../log.ts';
import {
  type ChangeSetTally,
  markChangeSetSettled,
  markVerdicts,
  type NewVerdict,
  resolveDeadLetters,
  type Store,
  selectOpenChangeSetIds,
  selectTally,
  selectUnverified,
  withTransaction,
} from '../store/index.ts';
import { isChangedAfter } from './changed-after.ts';
import { toVerdicts } from './confirm.ts';
import { confirmByKey, type KeyedInput } from './confirm-by-key.ts';
import type { LookUp } from './look-up.ts';
import { repeatLost } from './repeat-lost.ts';
import { verifyDeletions } from './verify-deletions.ts';

export { type KeyedInput, selectForKeyedReads } from './confirm-by-key.ts';

export type VerifyDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** One keyed read; the only thing here that needs the network. */
  readonly lookUp: LookUp;
};

export type VerifyInput = {
  readonly tenant: string;
  readonly timeZone: string;
  /** The user we write as; a change of its own is nobody else's. */
  readonly ownUser: string;
  /** The plan that a push of this run still follows for, and how often one of its patches may be sent again. @default none */
  readonly repeat?: { readonly changeSetId: string; readonly repeats: number } | undefined;
  /** What may be read back one by one. @default none: a pull brought it */
  readonly byKey?: KeyedInput | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type VerifyCounts = {
  readonly confirmed: number;
  readonly notTaken: number;
  readonly altered: number;
  readonly overtaken: number;
  /** Of those not taken: lost, and taken back to be sent again. */
  readonly repeated: number;
  /** Change sets that got their end. */
  readonly settled: number;
};

type Verdicts = Record<NewVerdict['verdict'], number>;

/** Gives verdicts to all that has been read back, and settles what is complete. */
export async function verify(deps: VerifyDeps, input: VerifyInput): Promise<VerifyCounts> {
  const counts = await judge(deps, input);
  const { byKey, signal } = input;
  if (byKey !== undefined) counts.confirmed += await confirmByKey(deps, { ...byKey, signal });
  const deletions = await verifyDeletions(deps, input.tenant, input.signal);
  counts.confirmed += deletions.confirmed;
  counts.not_taken += deletions.notTaken;
  const repeated = input.repeat === undefined ? 0 : await repeatLost(deps, { ...input, ...input.repeat });
  const settled = await settle(deps, input.tenant);
  deps.log.info('verify.done', { ...counts, repeated, settled });
  const { confirmed, not_taken: notTaken, altered, overtaken } = counts;
  return { confirmed, notTaken, altered, overtaken, repeated, settled };
}

/** The verdicts that need no network. */
async function judge(deps: VerifyDeps, input: VerifyInput): Promise<Verdicts> {
  const counts = { confirmed: 0, not_taken: 0, altered: 0, overtaken: 0 };
  const { tenant, timeZone, signal } = input;
  const contacts = selectUnverified(deps.store, {
    tenant,
    timeZone,
    now: deps.clock.now(),
    ...(signal ? { signal } : {}),
  });
  for await (const batch of contacts) {
    const verdicts = batch.flatMap(({ changeSetId, patches, shown, change, own }): NewVerdict[] => {
      const judging = { isBoolean, isChangedAfter: isChangedAfter(change, own, input) };
      return [...toVerdicts(patches, shown, judging)].map(([seq, verdict]) => ({ changeSetId, seq, verdict }));
    });
    for (const { verdict } of verdicts) counts[verdict] += 1;
    await markVerdicts(deps.store.pool, verdicts);
  }
  return counts;
}

function isBoolean(field: string): boolean {
  return findField(field)?.type === 'boolean';
}

async function settle(deps: VerifyDeps, tenant: string): Promise<number> {
  let settled = 0;
  for (const id of await selectOpenChangeSetIds(deps.store.pool, tenant)) {
    const tally = await selectTally(deps.store.pool, id);
    if (!isComplete(tally)) continue;
    // Together: nobody looks at the letters of a settled plan again.
    await withTransaction(deps.store, async (client) => {
      await resolveDeadLetters(client, tenant, id);
      await markChangeSetSettled(client, id, isProven(tally) ? 'proven' : 'not_proven');
    });
    settled += 1;
  }
  return settled;
}

/** Nothing is on its way any more, and nothing will be. */
function isComplete(tally: ChangeSetTally): boolean {
  return tally.unread === 0 && tally.unsent === 0;
}

/**
 * Every change was read back as sent, overtaken by somebody else's, or refused with a reason that stands in a dead letter. A refused stop is no
 * end: somebody may be dialled who must not be.
 */
export function isProven(tally: ChangeSetTally): boolean {
  const { notTaken, altered, refusedStops, refusedUnnamed, leftOut } = tally;
  return isComplete(tally) && notTaken + altered + refusedStops + refusedUnnamed + leftOut === 0;
}

/** What still differs from the system of record, in patches. */
export function toDifferencesLeft(tally: ChangeSetTally): number {
  const { notTaken, altered, overtaken, refused, leftOut, notExpressible, unread, unsent } = tally;
  return notTaken + altered + overtaken + refused + leftOut + notExpressible + unread + unsent;
}

/**
 * Settles what was sent: compares sent patches with what the pull brought, rows with rows, without the network; deletions alone
 * are looked up one by one (verify-deletions.ts). Every sent patch gets a
 * verdict once a read-back that began after its answer is in; before that it stays unread. A change set whose patches all have their
 * end is settled as proven or not proven. Runs after every pull, and finds what earlier runs left unsettled.
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
} from '../store/index.ts';
import { toVerdicts } from './confirm.ts';
import { type DeletionDeps, verifyDeletions } from './verify-deletions.ts';

export type VerifyDeps = DeletionDeps & { readonly store: Store; readonly clock: Clock; readonly log: Log };

export type VerifyInput = { readonly tenant: string; readonly timeZone: string; readonly signal?: AbortSignal };

export type VerifyCounts = {
  readonly confirmed: number;
  readonly notTaken: number;
  readonly altered: number;
  readonly overtaken: number;
  /** Change sets that got their end. */
  readonly settled: number;
};

/** Gives verdicts to all that has been read back, and settles what is complete. */
export async function verify(deps: VerifyDeps, input: VerifyInput): Promise<VerifyCounts> {
  const counts = { confirmed: 0, not_taken: 0, altered: 0, overtaken: 0 };
  const contacts = selectUnverified(deps.store, { ...input, now: deps.clock.now() });
  for await (const batch of contacts) {
    const verdicts = batch.flatMap((contact): NewVerdict[] =>
      [...toVerdicts(contact.patches, contact.shown, isBoolean)].map(([seq, verdict]) => ({
        changeSetId: contact.changeSetId,
        seq,
        verdict,
      })),
    );
    for (const { verdict } of verdicts) counts[verdict] += 1;
    await markVerdicts(deps.store.pool, verdicts);
  }
  const deletions = await verifyDeletions(deps, input.tenant, input.signal);
  counts.confirmed += deletions.confirmed;
  counts.not_taken += deletions.notTaken;
  const settled = await settle(deps, input.tenant);
  deps.log.info('verify.done', { ...counts, settled });
  return {
    confirmed: counts.confirmed,
    notTaken: counts.not_taken,
    altered: counts.altered,
    overtaken: counts.overtaken,
    settled,
  };
}

function isBoolean(field: string): boolean {
  return findField(field)?.type === 'boolean';
}

async function settle(deps: VerifyDeps, tenant: string): Promise<number> {
  let settled = 0;
  for (const id of await selectOpenChangeSetIds(deps.store.pool, tenant)) {
    const tally = await selectTally(deps.store.pool, id);
    if (!isComplete(tally)) continue;
    await markChangeSetSettled(deps.store.pool, id, isProven(tally) ? 'proven' : 'not_proven');
    await resolveDeadLetters(deps.store.pool, tenant, id);
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

/**
 * Takes changes whose answer was lost, and that the read-back did not show, back to unsent, so that the push that follows in the same run sends them
 * again. Which of them may be repeated is decided one by one (choose-fate.ts); creates and lifts are looked up by their account
 * first. Can be called again: what was taken back is not lost any more.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type LostPatch, markLost, type Store, selectLost } from '../store/index.ts';
import { chooseFateByKey, chooseFateByMirror, type Fate, needsLookUp } from './choose-fate.ts';
import type { LookUp } from './look-up.ts';

export type RepeatDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly lookUp: LookUp;
};

export type RepeatInput = {
  readonly tenant: string;
  readonly timeZone: string;
  readonly changeSetId: string;
  /** Most repeats of one patch. */
  readonly repeats: number;
  readonly signal?: AbortSignal | undefined;
};

const batchRows = 200;

/** How many patches go out again. */
export async function repeatLost(deps: RepeatDeps, input: RepeatInput): Promise<number> {
  const counts = { repeat: 0, unread: 0, stay: 0 };
  for (let after = '0'; ; ) {
    const found = { ...input, now: deps.clock.now(), after, rows: batchRows };
    const lost = await selectLost(deps.store, found);
    if (lost.length === 0) break;
    const seqs = await sortByFate(deps, lost, input.signal);
    await markLost(deps.store, input.changeSetId, { repeated: seqs.repeat, unread: seqs.unread });
    for (const fate of ['repeat', 'unread', 'stay'] as const) counts[fate] += seqs[fate].length;
    after = lost.at(-1)!.seq;
  }
  if (counts.repeat + counts.unread + counts.stay > 0)
    deps.log.info('verify.lost', { repeated: counts.repeat, thereByNow: counts.unread, left: counts.stay });
  return counts.repeat;
}

async function sortByFate(
  deps: RepeatDeps,
  lost: readonly LostPatch[],
  signal?: AbortSignal,
): Promise<Readonly<Record<Fate, readonly string[]>>> {
  const seqs: Record<Fate, string[]> = { repeat: [], unread: [], stay: [] };
  for (const patch of lost) {
    signal?.throwIfAborted();
    const fate = needsLookUp(patch)
      ? chooseFateByKey(patch, await deps.lookUp(patch.account, signal))
      : chooseFateByMirror(patch);
    seqs[fate].push(patch.seq);
  }
  return seqs;
}

/**
 * Before a plan is cut: whom it would create although an earlier create of the same account got no answer is asked for by the account. Only
 * whom LiveVox surely does not have is created. Whoever is there, or cannot be asked for, is left out; the next plan sees the contact
 * once a pull has brought it. Can be repeated.
 */
import { type DoubtedCreate, leaveOutDoubted, selectDoubtedCreates } from '../store/index.ts';
import type { PushRun } from './push-run.ts';

const batchRows = 200;

const reasons = {
  found: 'LiveVox has this contact already: an earlier create of it arrived, though its answer was lost',
  unknown:
    'the answer to an earlier create of this contact was lost, and its account cannot be asked for; look for it in LiveVox',
} as const;

/** How many creates were left out. @throws what a keyed read failed with */
export async function lookUpDoubted(run: PushRun, changeSetId: string): Promise<number> {
  const { deps, input } = run;
  const { pool } = deps.store;
  let leftOut = 0;
  for (let after = '0'; ; ) {
    const doubted = await selectDoubtedCreates(pool, { tenant: input.tenant, changeSetId, after, rows: batchRows });
    if (doubted.length === 0) return leftOut;
    const seqs = await lookUpEach(run, doubted);
    for (const kind of ['found', 'unknown'] as const) {
      await leaveOutDoubted(pool, changeSetId, seqs[kind], reasons[kind]);
      leftOut += seqs[kind].length;
    }
    deps.log.info('push.doubted', { found: seqs.found.length, unknown: seqs.unknown.length, of: doubted.length });
    after = doubted.at(-1)!.seq;
  }
}

async function lookUpEach(
  { deps, input }: PushRun,
  doubted: readonly DoubtedCreate[],
): Promise<Readonly<Record<'found' | 'unknown', readonly string[]>>> {
  const seqs = { found: [] as string[], unknown: [] as string[] };
  for (const { seq, account } of doubted) {
    input.signal?.throwIfAborted();
    const { kind } = await deps.lookUp(account, input.signal);
    if (kind !== 'absent') seqs[kind].push(seq);
  }
  return seqs;
}

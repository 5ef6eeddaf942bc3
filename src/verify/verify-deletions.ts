/**
 * Looks up each deleted contact by its account: absent is confirmed, and becomes a tombstone; still there is not taken. The one verdict that
 * needs the network, because no pull can show that a contact is gone. What it may do there is passed in: it can ask, not send.
 */
import { markDeleted, markVerdicts, type SentDeletion, type Store, selectSentDeletions } from '../store/index.ts';
import type { LookUp } from './look-up.ts';

export type DeletionDeps = { readonly store: Store; readonly lookUp: LookUp };

export type DeletionCounts = { readonly confirmed: number; readonly notTaken: number };

const batchRows = 100;

/** Gives a verdict to every deletion that was answered, or whose answer was lost. */
export async function verifyDeletions(
  deps: DeletionDeps,
  tenant: string,
  signal?: AbortSignal,
): Promise<DeletionCounts> {
  let confirmed = 0;
  let notTaken = 0;
  for (;;) {
    const due = await selectSentDeletions(deps.store.pool, tenant, batchRows);
    if (due.length === 0) return { confirmed, notTaken };
    const left = await listLeft(deps, due, signal);
    const gone = due.filter((deletion) => !left.has(deletion));
    await markDeleted(
      deps.store.pool,
      tenant,
      gone.map(({ account }) => account),
    );
    await markVerdicts(
      deps.store.pool,
      due.map((deletion) => ({ ...deletion, verdict: left.has(deletion) ? 'not_taken' : 'confirmed' })),
    );
    confirmed += gone.length;
    notTaken += left.size;
  }
}

/** Those that LiveVox still has, or cannot be asked for. */
async function listLeft(
  { lookUp }: DeletionDeps,
  due: readonly SentDeletion[],
  signal?: AbortSignal,
): Promise<ReadonlySet<SentDeletion>> {
  const left = new Set<SentDeletion>();
  for (const deletion of due) {
    signal?.throwIfAborted();
    if ((await lookUp(deletion.account, signal)).kind !== 'absent') left.add(deletion);
  }
  return left;
}

/**
 * Merges the stage of a run into the mirror: one transaction with the history, the quarantine, the custom fields and the coverage. Either all of
 * it is so, or nothing. Writes only rows that differ; before it commits, it proves that every row of the download is accounted for.
 * A download never overwrites a newer one: the merge is refused when one that was asked for later has been merged, and outside of a
 * repair a row with an older modifyDate than the mirror's does not win (an answer from a replica that lags behind).
 * Index: the key of mirror.contacts. Locks: the rows it writes, and the tenant's merge (advisory), held to the end.
 */
import { FatalError, RetriableError } from '../errors.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { makeHistoryMonths } from './make-history-months.ts';
import { type Found, findDifferences } from './merge-found.ts';
import { beginMerge, endMerge, type MergeCounts, type MergeInput, moveRejected } from './merge-frame.ts';
import { markPushed } from './merge-pushed.ts';
import { quarantineRepeated } from './merge-repeated.ts';
import { writeFound } from './merge-write.ts';

/**
 * Merges and counts.
 * @throws RetriableError when another pull was merged meanwhile, or somebody else wrote to the mirror; FatalError when the counts do not add up.
 *   Nothing is written then.
 */
export async function mergeStage(store: Store, input: MergeInput): Promise<MergeCounts> {
  await makeHistoryMonths(store, input.now);
  return withTransaction(store, async (client) => {
    const begunAt = await beginMerge(client, input);
    const rejected = await moveRejected(client, input);
    const { staged, repeated } = await quarantineRepeated(client, input);
    const found = await findDifferences(client, input);
    const mergedAt = toLater(begunAt, found.youngest);
    if (found.changed > 0) await markPushed(client, input);
    await write(client, input, found, mergedAt);
    const { added, changed, older } = found;
    const counts = { added, changed, unchanged: staged - added - changed, quarantined: rejected + repeated, older };
    assertAddsUp(counts, input.download.rows);
    await endMerge(client, input, mergedAt);
    return counts;
  });
}

/** A merge that covers nothing leaves its instant in the rows alone. */
function toLater(begunAt: Date, youngest: Date | null): Date {
  return youngest === null || youngest < begunAt ? begunAt : new Date(youngest.getTime() + 1);
}

/** What was found is what is written, or nothing is. */
async function write(client: Queryable, input: MergeInput, found: Found, mergedAt: Date): Promise<void> {
  const written = await writeFound(client, input, mergedAt);
  const isAll =
    written.added === found.added && written.changed === found.changed && written.versions === found.changed;
  if (isAll) return;
  throw new RetriableError(
    'Somebody else wrote to the mirror while a download was merged, so nothing was merged; pull again.',
    { facts: { foundAdded: found.added, foundChanged: found.changed, ...written } },
  );
}

function assertAddsUp(counts: MergeCounts, rows: number): void {
  const { added, changed, unchanged, quarantined } = counts;
  if (unchanged >= 0 && rows === added + changed + unchanged + quarantined) return;
  throw new FatalError(
    `The download had ${rows} rows, but ${added} were new, ${changed} changed, ${unchanged} unchanged and ${quarantined} quarantined; nothing was merged: report this.`,
    { facts: { rows, added, changed, unchanged, quarantined } },
  );
}

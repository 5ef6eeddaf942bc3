/**
 * The first load of a tenant: while the mirror has no row of it, COPY goes straight into mirror.contacts, inside the transaction of the merge. No
 * stage, no comparison, no history; quarantine, custom fields, coverage and the download's state as in every merge.
 * What the file does not hold comes from column defaults that read settings of this transaction.
 * Locks: the tenant's merge (advisory), and the rows it writes; another tenant's first load goes on beside it. Index: the key of mirror.contacts.
 * What would surprise: an account that repeats, or a value that Postgres refuses, ends it without a word: undefined, nothing written, and the
 * ordinary way over the stage knows what to do with both.
 */
import type { PoolClient } from 'pg';
import { FatalError, LvsyncError } from '../errors.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { type CopyInput, copyRows, toCopyError } from './copy-stage.ts';
import { beginMerge, endMerge, type MergeCounts, type MergeInput, moveRejected } from './merge-frame.ts';
import { endComparisons } from './touch-contacts.ts';

export type FirstLoadInput = Omit<MergeInput, 'download'> &
  CopyInput & {
    readonly download: Pick<MergeInput['download'], 'id' | 'file'>;
    /** Settles when the download is whole and on record as landed: the rows may be read before. */
    readonly landed: Promise<Pick<MergeInput['download'], 'bytes' | 'sha256'>>;
    /** Rows given to COPY and rows rejected, once all were read. */
    readonly countRows: () => { readonly passed: number; readonly rejected: number };
  };

/**
 * Loads and counts; undefined when it is not for this way, because the tenant has rows, an account repeats or a value is refused.
 * @throws what reading the rows throws; RetriableError and FatalError as mergeStage.
 */
export async function loadFirst(store: Store, input: FirstLoadInput): Promise<MergeCounts | undefined> {
  try {
    return await withTransaction(store, (client) => load(client, input));
  } catch (error) {
    input.signal?.throwIfAborted();
    if (isForTheStage(error)) return undefined;
    throw toCopyError(error, input.toLine);
  }
}

/** Whether the mirror has any row of the tenant. */
export async function hasContacts(db: Queryable, tenant: string): Promise<boolean> {
  const found = await db.query<{ exists: boolean }>(
    `select exists (select from mirror.contacts where tenant = $1) as "exists"`,
    [tenant],
  );
  return found.rows[0]?.exists === true;
}

async function load(client: PoolClient, input: FirstLoadInput): Promise<MergeCounts | undefined> {
  const mergedAt = await beginMerge(client, input);
  if (await hasContacts(client, input.tenant)) return undefined;
  await client.query(
    `select set_config('lvsync.tenant', $1, true), set_config('lvsync.run', $2, true), set_config('lvsync.merged_at', $3, true)`,
    [input.tenant, input.stage.runId, String(mergedAt.getTime() / 1000)],
  );
  const added = await copyRows(client, 'mirror.contacts', input);
  const { passed, rejected } = input.countRows();
  const { bytes, sha256 } = await input.landed;
  const download = { ...input.download, rows: passed + rejected, bytes, sha256 };
  const quarantined = await moveRejected(client, { ...input, download });
  if (added !== passed || quarantined !== rejected) {
    throw new FatalError(
      `Postgres loaded ${added} of ${passed} rows and quarantined ${quarantined} of ${rejected}, so nothing was merged; report this.`,
      { facts: { added, passed, quarantined, rejected } },
    );
  }
  await endComparisons(client, input.tenant);
  await endMerge(client, { ...input, download }, mergedAt);
  return { added, changed: 0, unchanged: 0, quarantined, older: 0 };
}

/** A duplicate key, or a value of a class that the stage sets aside row by row. */
function isForTheStage(error: unknown): boolean {
  if (error instanceof LvsyncError || !(error instanceof Error) || !('code' in error)) return false;
  return error.code === '23505' || (/^22/.test(String(error.code)) && error.code !== '22023');
}

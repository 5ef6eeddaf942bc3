/**
 * The seal that a plan's stored rows have now: the rows come in batches through a cursor, so memory does not grow with the plan. Whoever
 * is about to approve or to send compares it with the seal that was noted when the plan was made. Index: primary key.
 */
import { Seal, type SealedRow } from '../contact/index.ts';
import type { Store } from './connection.ts';
import { toVersionSql } from './row-version.ts';
import { streamRows } from './stream-rows.ts';

type Selected = Omit<SealedRow, 'seq'> & { readonly seq: string };

/** SHA-256, hex, over the patches, the policy and the holds as they are stored; of a plan that is not there, that of nothing. */
export async function selectSeal(store: Store, changeSetId: string, signal?: AbortSignal): Promise<string> {
  const seal = new Seal();
  const batches = streamRows<Selected>(
    store,
    `select p.seq::text, p.account, p.lv_account_id::text as "lvAccountId", p.operation, p.endpoint, p.changes, p.sends,
            ${toVersionSql('p.base_merged_at')} as base
       from sync.patches p where p.change_set_id = $1 order by p.seq`,
    [changeSetId],
    { batchRows: 5_000, signal },
  );
  for await (const batch of batches) for (const row of batch) seal.add({ ...row, seq: Number(row.seq) });
  const found = await store.pool.query<{ policy: unknown; holds: readonly unknown[] }>(
    `select policy, holds from sync.change_sets where id = $1`,
    [changeSetId],
  );
  return seal.finish(found.rows[0]?.policy ?? {}, found.rows[0]?.holds ?? []);
}

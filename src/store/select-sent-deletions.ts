/**
 * Deletions that LiveVox has answered, or whose answer was lost, and that nobody has looked up yet. A pull cannot show them: a contact
 * that is gone is simply in no download any more. Index: change_sets_by_tenant, patches_by_chunk.
 */
import type { Queryable } from './connection.ts';

export type SentDeletion = { readonly changeSetId: string; readonly seq: string; readonly account: string };

/** The next of them, at most `rows`; each goes away when it gets its verdict. */
export async function selectSentDeletions(
  db: Queryable,
  tenant: string,
  rows: number,
): Promise<readonly SentDeletion[]> {
  const found = await db.query<SentDeletion>(
    `select p.change_set_id as "changeSetId", p.seq::text, p.account
       from sync.change_sets s
       join sync.chunks c on c.change_set_id = s.id and c.endpoint = 'delete_contact' and c.state in ('accepted', 'in_doubt')
       join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
      where s.tenant = $1 and s.state in ('pushing', 'pushed') and p.verdict is null
      order by s.created_at, p.seq
      limit $2`,
    [tenant, rows],
  );
  return found.rows;
}

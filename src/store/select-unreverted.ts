/** What a revert left as it is: how many contacts for each reason, and the first of them. Index: primary key. */
import type { Queryable } from './connection.ts';
import type { UnrevertedReason, UnrevertedRow } from './insert-unreverted.ts';

export type UnrevertedSummary = {
  /** Contacts of which anything was left. */
  readonly contacts: number;
  /** The commonest first; a contact may have two. */
  readonly reasons: readonly { readonly reason: UnrevertedReason; readonly contacts: number }[];
  /** In the order of accounts. */
  readonly first: readonly UnrevertedRow[];
};

export async function selectUnreverted(db: Queryable, changeSetId: string, limit: number): Promise<UnrevertedSummary> {
  const counted = await db.query<{ contacts: number }>(
    `select count(distinct account)::int as contacts from sync.unreverted where change_set_id = $1`,
    [changeSetId],
  );
  const reasons = await db.query<UnrevertedSummary['reasons'][number]>(
    `select reason, count(*)::int as contacts from sync.unreverted
      where change_set_id = $1 group by reason order by 2 desc, reason`,
    [changeSetId],
  );
  const first = await db.query<UnrevertedRow>(
    `select account, reason, fields from sync.unreverted
      where change_set_id = $1 order by account collate "C", reason limit $2`,
    [changeSetId, limit],
  );
  return { contacts: counted.rows[0]!.contacts, reasons: reasons.rows, first: first.rows };
}

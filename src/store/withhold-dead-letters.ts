/**
 * Leaves out of a plan what LiveVox has refused before with the same values, and nobody wants to be sent again. Stops are never left
 * out: LiveVox may take today what it refused yesterday, and a person must not be dialled for want of trying. A lift behind such a patch stays
 * behind, and says why. Starts from the letters, of which there are few. Index: patches_by_account.
 */
import type { Queryable } from './connection.ts';
import { toSendsDigest } from './sends-digest.ts';
import { isStop } from './stop-condition.ts';

export type WithholdInput = { readonly tenant: string; readonly changeSetId: string };

/** Called when a plan is cut, in its transaction; only patches without a chunk are looked at. Returns how many stay. */
export async function withholdDeadLetters(db: Queryable, { tenant, changeSetId }: WithholdInput): Promise<number> {
  // Found by contact first, so that only the few that may be meant are digested and looked into.
  const withheld = await db.query(
    `with same_contact as materialized (
       select p.seq, p.operation, p.changes, p.sends, d.id, d.sends_digest
         from sync.dead_letters d
         join sync.patches p on p.change_set_id = $2 and p.account = d.account and p.endpoint = d.endpoint
        where d.tenant = $1 and d.state in ('open', 'dropped')
          and p.chunk_seq is null and p.left_out_because is null and p.dead_letter_id is null
     ), known as materialized (
       select p.seq, p.id from same_contact p where p.sends_digest = ${toSendsDigest('p.sends')} and not ${isStop}
     )
     update sync.patches p
        set dead_letter_id = k.id, left_out_because = 'LiveVox has refused this change before (dead letter ' || k.id || ')'
       from known k
      where p.change_set_id = $2 and p.seq = k.seq`,
    [tenant, changeSetId],
  );
  const behind = await db.query(
    `update sync.patches p
        set dead_letter_id = o.letter_id,
            left_out_because = 'LiveVox refuses an earlier step for this contact (dead letter ' || o.letter_id || ')'
       from (select account, min(dead_letter_id) as letter_id from sync.patches
              where change_set_id = $1 and dead_letter_id is not null and verdict is distinct from 'confirmed'
              group by account) o
      where p.change_set_id = $1 and p.account = o.account and p.operation = 'lift'
        and p.chunk_seq is null and p.left_out_because is null and p.dead_letter_id is null`,
    [changeSetId],
  );
  return (withheld.rowCount ?? 0) + (behind.rowCount ?? 0);
}

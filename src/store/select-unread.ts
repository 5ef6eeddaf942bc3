/**
 * What of a plan was sent since the last merged pull and waits for its read-back: few enough contacts to ask for one by one, or a pull.
 * Indexes: patches_by_chunk, the key of sync.chunks.
 */
import type { Changes, Operation } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type UnreadContact = {
  readonly account: string;
  /** In the order of sending. */
  readonly patches: readonly {
    readonly seq: string;
    readonly operation: Operation;
    readonly changes: Changes;
    /** False when the answer was lost. */
    readonly isAccepted: boolean;
  }[];
};

/** Contacts with a sent patch that has no verdict, with all their sent patches; at most `limit`. */
export async function selectUnread(
  db: Queryable,
  changeSetId: string,
  limit: number,
): Promise<readonly UnreadContact[]> {
  const found = await db.query<UnreadContact>(
    `select p.account,
            jsonb_agg(jsonb_build_object('seq', p.seq::text, 'operation', p.operation, 'changes', p.changes,
                                         'isAccepted', c.state = 'accepted') order by p.seq) as "patches"
       from sync.chunks c
       join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
      where c.change_set_id = $1 and c.state in ('sent', 'accepted', 'in_doubt')
      group by p.account
     having bool_or(p.verdict is null)
      limit $2`,
    [changeSetId, limit],
  );
  return found.rows;
}

/** SQL, `$1` is the tenant: when the newest merged pull was asked for. What was answered later, the mirror cannot show. */
export const pulledAt = `(select coalesce(max(d.asked_at), '-infinity') from sync.downloads d
        where d.tenant = $1 and d.state = 'merged' and d.reason <> 'replay')`;

/** Whether the plan has a request that may have had an effect since the newest merged pull. */
export async function hasSentSincePull(db: Queryable, tenant: string, changeSetId: string): Promise<boolean> {
  const found = await db.query(
    `select from sync.chunks c
      where c.change_set_id = $2 and c.state in ('sent', 'accepted', 'in_doubt') and coalesce(c.answered_at, c.sent_at) > ${pulledAt}
      limit 1`,
    [tenant, changeSetId],
  );
  return found.rowCount === 1;
}

/** A plan that a new one would replace, with sent patches that have no verdict yet; undefined: there is none. Index: change_sets_by_tenant. */
export async function selectUnreadChangeSetId(db: Queryable, tenant: string): Promise<string | undefined> {
  const found = await db.query<{ id: string }>(
    `select s.id from sync.change_sets s
      where s.tenant = $1 and not s.urgent and s.state in ('pushing', 'pushed')
        and exists (select from sync.chunks c
                      join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
                     where c.change_set_id = s.id and c.state in ('sent', 'accepted', 'in_doubt') and p.verdict is null)
      order by s.created_at limit 1`,
    [tenant],
  );
  return found.rows[0]?.id;
}

/**
 * Creates of a plan whose contact an earlier plan may have created already: the answer to that request was lost, and no read-back has shown the
 * contact since. Sending them blindly might create somebody twice, so they are looked up first, and left out where that does not help.
 * Starts from the chunks in doubt, of which there are few. Indexes: chunks_open, patches_by_chunk, patches_by_account.
 */
import type { Queryable } from './connection.ts';

export type DoubtedCreate = { readonly seq: string; readonly account: string };

export type DoubtedInput = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** Only patches after this `seq`. */
  readonly after: string;
  readonly rows: number;
};

/** The next of them that no chunk holds yet, by `seq`. */
export async function selectDoubtedCreates(
  db: Queryable,
  { tenant, changeSetId, after, rows }: DoubtedInput,
): Promise<readonly DoubtedCreate[]> {
  const found = await db.query<DoubtedCreate>(
    `with doubted as materialized (
       select distinct o.account
         from sync.change_sets s
         join sync.chunks c on c.change_set_id = s.id and c.state in ('sent', 'in_doubt') and c.operation = 'create'
         join sync.patches o on o.change_set_id = c.change_set_id and o.chunk_seq = c.seq
        where s.tenant = $1 and s.id <> $2 and (o.verdict is null or o.verdict = 'not_taken')
     )
     select p.seq::text, p.account
       from doubted join sync.patches p on p.change_set_id = $2 and p.account = doubted.account
      where p.operation = 'create' and p.chunk_seq is null and p.left_out_because is null and p.seq > $3::bigint
      order by p.seq
      limit $4`,
    [tenant, changeSetId, after, rows],
  );
  return found.rows;
}

/** Leaves patches out that no chunk holds; by `seq`. */
export async function leaveOutDoubted(
  db: Queryable,
  changeSetId: string,
  seqs: readonly string[],
  because: string,
): Promise<void> {
  if (seqs.length === 0) return;
  await db.query(
    `update sync.patches set left_out_because = $3
      where change_set_id = $1 and seq = any ($2::bigint[]) and chunk_seq is null and left_out_because is null`,
    [changeSetId, seqs, because],
  );
}

/**
 * Cuts the next planned chunks of one kind anew, because a request may carry fewer contacts by now, or more. Only a window of them, right
 * before the first is claimed: what lies further back is cut when its turn comes, so a size that changes often costs the same for a plan of
 * any length. Parts of a chunk that was split are cut further, never put together again. One statement; the caller holds the change set
 * (lockChunks). Indexes: chunks_planned, patches_by_chunk.
 */
import type { Endpoint, Operation } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type RecutInput = {
  readonly changeSetId: string;
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  /** Contacts in a request, at most. */
  readonly sizeRows: number;
};

/** How many requests are cut at a time. */
const windowChunks = 32;

/** A planned chunk that has left before (a block whose answer was lost) is kept as `split`; one that never has goes without a trace. */
export async function recutChunks(client: Queryable, input: RecutInput): Promise<void> {
  const { changeSetId, operation, endpoint, sizeRows } = input;
  await client.query(
    `with upcoming as (
       select seq, split_from, size_rows, sum(size_rows) over (order by position, seq) as rows_until
         from sync.chunks
        where change_set_id = $1 and operation = $2 and endpoint = $3 and state = 'planned' and not single
     ), chosen as (
       select seq, split_from from upcoming where rows_until - size_rows < $4::bigint * ${windowChunks}
     ), sliced as (
       select p.seq, c.split_from, case when c.split_from is null then 0 else c.seq end as part,
              (row_number() over (partition by case when c.split_from is null then 0 else c.seq end order by p.seq) - 1) / $4::bigint as slice
         from chosen c join sync.patches p on p.change_set_id = $1 and p.chunk_seq = c.seq
     ), numbered as (
       select seq, split_from, dense_rank() over (order by part, slice)
              + (select max(c.seq) from sync.chunks c where c.change_set_id = $1) as chunk_seq
         from sliced
     ), cut as (
       insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, split_from, position)
       select $1, chunk_seq, $2, $3, count(*), split_from, min(seq) from numbered group by chunk_seq, split_from
     ), assigned as (
       update sync.patches p set chunk_seq = n.chunk_seq from numbered n where p.change_set_id = $1 and p.seq = n.seq
     ), kept as (
       update sync.chunks c set state = 'split'
         from chosen o where c.change_set_id = $1 and c.seq = o.seq and c.attempts > 0
     )
     delete from sync.chunks c using chosen o where c.change_set_id = $1 and c.seq = o.seq and c.attempts = 0`,
    [changeSetId, operation, endpoint, sizeRows],
  );
}

/**
 * Splits a chunk into smaller ones: each of its patches is in exactly one of them afterwards, and they leave where the chunk stood, before
 * what comes after it. The chunk stays, as `split`, with what LiveVox answered to it. One transaction, under the fence of the push.
 * Indexes: the key of sync.chunks, patches_by_chunk.
 */
import { type Queryable, type Store, withTransaction } from './connection.ts';
import type { ChunkKey } from './mark-chunk.ts';
import { assertFence, FencedError } from './take-fence.ts';

export type SplitInput = {
  /** Contacts in a part, at most. */
  readonly partRows: number;
  /** The parts go by the methods for a single contact; they hold one each. @default false */
  readonly single?: boolean;
};

/** Numbers chunks of a change set for the caller's transaction alone: claims, cuts and splits take turns. */
export async function lockChunks(client: Queryable, changeSetId: string): Promise<void> {
  await client.query(`select from sync.change_sets where id = $1 for no key update`, [changeSetId]);
}

/** @throws FencedError when another push has taken over, or the chunk is not there to be split. */
export async function splitChunk(store: Store, key: ChunkKey, input: SplitInput): Promise<void> {
  await withTransaction(store, async (client) => {
    await assertFence(client, key.fence);
    await splitChunkIn(client, key, input);
  });
}

/** The same within the caller's transaction, which holds the fence. */
export async function splitChunkIn(client: Queryable, key: ChunkKey, { partRows, single }: SplitInput): Promise<void> {
  const { fence, changeSetId, seq } = key;
  await lockChunks(client, changeSetId);
  const parted = await client.query(
    `with parted as (
       update sync.chunks set state = 'split', fence = $3::bigint
        where change_set_id = $1 and seq = $2 and state in ('sent', 'refused')
       returning operation, endpoint
     ), numbered as (
       select p.seq, p.operation, p.endpoint, (row_number() over (order by p.seq) - 1) / $4::bigint + 1
              + (select max(c.seq) from sync.chunks c where c.change_set_id = $1) as chunk_seq
         from sync.patches p where p.change_set_id = $1 and p.chunk_seq = $2 and exists (select from parted)
     ), cut as (
       insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, split_from, single, position)
       select $1, n.chunk_seq, o.operation, o.endpoint, count(*), $2, $5, min(n.seq)
         from numbered n cross join parted o group by n.chunk_seq, o.operation, o.endpoint
     ), assigned as (
       update sync.patches p set chunk_seq = n.chunk_seq from numbered n where p.change_set_id = $1 and p.seq = n.seq
     )
     select from parted`,
    [changeSetId, seq, fence.token, partRows, single ?? false],
  );
  if (parted.rowCount !== 1) throw new FencedError();
}

/**
 * Chunks that LiveVox refused and that a push which ended has left whole: those of several contacts, and with `singly` those of one
 * that no method for a single contact has been asked about.
 */
export async function selectUnsplitChunks(
  db: Queryable,
  changeSetId: string,
  singly: boolean,
): Promise<readonly { readonly seq: number; readonly sizeRows: number }[]> {
  const found = await db.query<{ seq: number; sizeRows: number }>(
    `select c.seq, count(*)::int as "sizeRows"
       from sync.chunks c join sync.patches p on p.change_set_id = c.change_set_id and p.chunk_seq = c.seq
      where c.change_set_id = $1 and c.state = 'refused' and p.dead_letter_id is null
        and (c.size_rows > 1 or $2 and not c.single and c.endpoint <> 'delete_contact')
      group by c.seq order by c.seq`,
    [changeSetId, singly],
  );
  return found.rows;
}

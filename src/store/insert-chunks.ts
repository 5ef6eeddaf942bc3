/**
 * Cuts a change set into chunks, in the order of sending: blocks by DND, blocks by update, creates, updates, deactivations, deletions (one
 * to a chunk), lifts by update, lifts by DND. A patch whose contact has moved since the plan is left out, also one that was cut before and
 * has not left: a crash and a pull may lie between. So is what LiveVox has refused before (withhold-dead-letters.ts). Set-based and repeatable: only patches without a chunk are looked at, so a second call after a crash, or after a
 * read-back, continues where the first ended. Everything here is one transaction, committed before anything is sent.
 */
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { withholdDeadLetters } from './withhold-dead-letters.ts';

export type InsertChunksInput = { readonly tenant: string; readonly changeSetId: string; readonly chunkRows: number };

export type ChunksInserted = {
  /** Patches left out: their mirror row has moved since the plan, or a step they wait for was not confirmed. */
  readonly leftOut: number;
  readonly chunks: number;
};

/**
 * A lift waits until every other patch of its account is confirmed by a read-back: a block that got lost must not be followed
 * by the lift that was meant to come after it.
 */
const isReady = `
  (p.operation <> 'lift' or not exists (
     select from sync.patches o
      where o.change_set_id = p.change_set_id and o.account = p.account
        and o.operation not in ('lift', 'not_expressible')
        and o.verdict is distinct from 'confirmed'))`;

const order = `
  case when p.operation = 'block' and p.endpoint = 'multi_dnd' then 1
       when p.operation = 'block' then 2
       when p.operation = 'create' then 3
       when p.operation = 'update' then 4
       when p.operation = 'deactivate' then 5
       when p.operation = 'delete' then 6
       when p.endpoint = 'bulk_update' then 7
       else 8 end`;

export async function insertChunks(store: Store, input: InsertChunksInput): Promise<ChunksInserted> {
  return withTransaction(store, async (client) => {
    const moved = await leaveOutMoved(client, input);
    await withholdDeadLetters(client, input);
    const abandoned = await client.query(
      `update sync.patches p
          set left_out_because = 'an earlier step for this contact was not confirmed'
        where p.change_set_id = $1 and p.chunk_seq is null and p.operation = 'lift' and p.left_out_because is null
          and exists (select from sync.patches o
                       left join sync.chunks c on c.change_set_id = o.change_set_id and c.seq = o.chunk_seq
                       where o.change_set_id = p.change_set_id and o.account = p.account
                         and o.operation not in ('lift', 'not_expressible')
                         and (o.verdict <> 'confirmed' or c.state = 'refused' or o.left_out_because is not null))`,
      [input.changeSetId],
    );
    const cut = await client.query(
      `with ready as (
         select p.seq, p.operation, p.endpoint, ${order} as rank
           from sync.patches p
          where p.change_set_id = $1 and p.chunk_seq is null and p.endpoint is not null and p.left_out_because is null and ${isReady}
       ), sliced as (
         select seq, operation, endpoint, rank, (row_number() over (partition by rank order by seq) - 1)
                / case when endpoint = 'delete_contact' then 1 else $2::bigint end as slice
           from ready
       ), numbered as (
         select seq, operation, endpoint, dense_rank() over (order by rank, slice)
                + coalesce((select max(c.seq) from sync.chunks c where c.change_set_id = $1), 0) as chunk_seq
           from sliced
       ), cut as (
         insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows)
         select $1, chunk_seq, operation, endpoint, count(*) from numbered group by chunk_seq, operation, endpoint
         returning seq
       ), assigned as (
         update sync.patches p set chunk_seq = n.chunk_seq
           from numbered n where p.change_set_id = $1 and p.seq = n.seq
         returning p.seq
       )
       select (select count(*) from cut)::int as chunks`,
      [input.changeSetId, input.chunkRows],
    );
    return {
      leftOut: moved + (abandoned.rowCount ?? 0),
      chunks: (cut.rows[0] as { chunks: number } | undefined)?.chunks ?? 0,
    };
  });
}

/**
 * Leaves out what has moved: patches that are not on their way, of contacts none of whose patches is, whose mirror row is no longer the one
 * that was planned from. What was cut and has not left shrinks its chunk.
 */
async function leaveOutMoved(client: Queryable, { tenant, changeSetId }: InsertChunksInput): Promise<number> {
  const moved = await client.query(
    `update sync.patches p
        set left_out_because = 'the contact has changed in LiveVox since the plan', chunk_seq = null
      where p.change_set_id = $2 and p.endpoint is not null and p.left_out_because is null
        and not exists (select from sync.patches o
                          join sync.chunks c on c.change_set_id = o.change_set_id and c.seq = o.chunk_seq and c.state <> 'planned'
                         where o.change_set_id = p.change_set_id and o.account = p.account)
        and p.base_merged_at is distinct from
            (select m.merged_at from mirror.contacts m
              where m.tenant = $1 and m.account = p.account and m.tombstoned_at is null)`,
    [tenant, changeSetId],
  );
  if (moved.rowCount !== null && moved.rowCount > 0) await shrinkChunks(client, changeSetId);
  return moved.rowCount ?? 0;
}

async function shrinkChunks(client: Queryable, changeSetId: string): Promise<void> {
  await client.query(
    `delete from sync.chunks c
      where c.change_set_id = $1 and c.state = 'planned'
        and not exists (select from sync.patches p where p.change_set_id = $1 and p.chunk_seq = c.seq)`,
    [changeSetId],
  );
  await client.query(
    `update sync.chunks c set size_rows = n.rows
       from (select chunk_seq, count(*) as rows from sync.patches where change_set_id = $1 and chunk_seq is not null group by chunk_seq) n
      where c.change_set_id = $1 and c.state = 'planned' and c.seq = n.chunk_seq and c.size_rows <> n.rows`,
    [changeSetId],
  );
}

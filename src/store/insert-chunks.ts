/**
 * Cuts a change set into chunks, in the order of sending: blocks by DND, blocks by update, creates, updates, deactivations, deletions (one
 * to a chunk), lifts by update, lifts by DND. A patch whose contact has moved since the plan is left out, also one that was cut before and
 * has not left: a crash and a pull may lie between. So is what LiveVox has refused before (withhold-dead-letters.ts). Set-based and repeatable: only patches without a chunk are looked at, so a second call after a crash, or after a
 * read-back, continues where the first ended. Everything here is one transaction, committed before anything is sent.
 */
import { toRankSql } from './chunk-order.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { lockChunks } from './split-chunk.ts';
import { withholdDeadLetters } from './withhold-dead-letters.ts';

export type InsertChunksInput = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** Contacts in a bulk request, at most; fewer where LiveVox has taught so (sync.chunk_sizes). */
  readonly chunkRows: number;
  /** Every contact by a method for a single one. @default false */
  readonly singly?: boolean;
};

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

export async function insertChunks(store: Store, input: InsertChunksInput): Promise<ChunksInserted> {
  return withTransaction(store, async (client) => {
    await lockChunks(client, input.changeSetId);
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
    const chunks = await cutReady(client, input);
    return { leftOut: moved + (abandoned.rowCount ?? 0), chunks };
  });
}

async function cutReady(client: Queryable, input: InsertChunksInput): Promise<number> {
  const cut = await client.query<{ chunks: number }>(
    `with ready as (
       select p.seq, p.operation, p.endpoint, ${toRankSql('p')} as rank,
              case when p.endpoint = 'delete_contact' or $4 then 1 else least($2::bigint, z.size_rows) end as size_rows
         from sync.patches p
         left join sync.chunk_sizes z on z.tenant = $3 and z.endpoint = p.endpoint
        where p.change_set_id = $1 and p.chunk_seq is null and p.endpoint is not null and p.left_out_because is null and ${isReady}
     ), sliced as (
       select seq, operation, endpoint, rank, (row_number() over (partition by rank order by seq) - 1) / size_rows as slice
         from ready
     ), numbered as (
       select seq, operation, endpoint, dense_rank() over (order by rank, slice)
              + coalesce((select max(c.seq) from sync.chunks c where c.change_set_id = $1), 0) as chunk_seq
         from sliced
     ), cut as (
       insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, single, position)
       select $1, chunk_seq, operation, endpoint, count(*), $4 and endpoint <> 'delete_contact', min(seq)
         from numbered group by chunk_seq, operation, endpoint
       returning seq
     ), assigned as (
       update sync.patches p set chunk_seq = n.chunk_seq
         from numbered n where p.change_set_id = $1 and p.seq = n.seq
       returning p.seq
     )
     select (select count(*) from cut)::int as chunks`,
    [input.changeSetId, input.chunkRows, input.tenant, input.singly ?? false],
  );
  return cut.rows[0]?.chunks ?? 0;
}

/**
 * Leaves out what has moved: patches that are not on their way, of contacts none of whose patches is, whose mirror row is no longer the one
 * that was planned from. What was cut and has not left shrinks its chunk. Urgent plans hold blocks alone, which are right from every state:
 * nobody who asked to be left alone waits for the next plan, because the contact has moved.
 */
async function leaveOutMoved(client: Queryable, { tenant, changeSetId }: InsertChunksInput): Promise<number> {
  const moved = await client.query<{ patches: number; chunks: readonly number[] | null }>(
    `with moved as (
       select p.seq, p.chunk_seq from sync.patches p
        where p.change_set_id = $2 and not (select urgent from sync.change_sets where id = $2) and p.endpoint is not null and p.left_out_because is null
          and not exists (select from sync.patches o
                            join sync.chunks c on c.change_set_id = o.change_set_id and c.seq = o.chunk_seq and c.state <> 'planned'
                           where o.change_set_id = p.change_set_id and o.account = p.account)
          and p.base_merged_at is distinct from
              (select m.merged_at from mirror.contacts m
                where m.tenant = $1 and m.account = p.account and m.tombstoned_at is null)
     ), left_out as (
       update sync.patches p
          set left_out_because = 'the contact has changed in LiveVox since the plan', chunk_seq = null
         from moved t where p.change_set_id = $2 and p.seq = t.seq
       returning t.chunk_seq
     )
     select count(*)::int as patches, array_agg(distinct chunk_seq) filter (where chunk_seq is not null) as chunks from left_out`,
    [tenant, changeSetId],
  );
  const { patches = 0, chunks } = moved.rows[0] ?? {};
  await shrinkChunks(client, changeSetId, chunks ?? []);
  return patches;
}

/** Brings those of the chunks that have not left to the patches that are still theirs; an empty one goes. */
export async function shrinkChunks(client: Queryable, changeSetId: string, seqs: readonly number[]): Promise<void> {
  if (seqs.length === 0) return;
  await client.query(
    `delete from sync.chunks c
      where c.change_set_id = $1 and c.seq = any ($2::integer[]) and c.state in ('planned', 'claimed')
        and not exists (select from sync.patches p where p.change_set_id = $1 and p.chunk_seq = c.seq)`,
    [changeSetId, seqs],
  );
  await client.query(
    `update sync.chunks c set size_rows = n.rows
       from (select chunk_seq, count(*) as rows from sync.patches
              where change_set_id = $1 and chunk_seq = any ($2::integer[]) group by chunk_seq) n
      where c.change_set_id = $1 and c.state in ('planned', 'claimed') and c.seq = n.chunk_seq and c.size_rows <> n.rows`,
    [changeSetId, seqs],
  );
}

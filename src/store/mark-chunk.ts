/**
 * Notes that a chunk is about to leave, what LiveVox answered to it, and what became of chunks whose process died. Single rows by primary key;
 * every write of a push bears its fence, and one that is no longer in force writes nothing.
 */
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { assertFence, type Fence, FencedError, takeFence } from './take-fence.ts';

/** What a chunk has come to; the database lets it go only the ways that src/README.md draws. */
export type ChunkState = 'planned' | 'claimed' | 'sent' | 'accepted' | 'refused' | 'in_doubt' | 'split';

export type ChunkOutcome = {
  readonly state: 'accepted' | 'refused' | 'in_doubt';
  readonly httpStatus?: number;
  readonly reportedRows?: number;
  readonly serverDate?: Date;
  /** LiveVox's error code on a refusal. */
  readonly code?: string;
  readonly message?: string;
};

/** A claimed chunk: what leaves as one request. */
export type ChunkKey = { readonly fence: Fence; readonly changeSetId: string; readonly seq: number };

/**
 * On record before the request leaves, at each attempt. Returns how many contacts it carries by now: fewer than when it was claimed where
 * some were left out meanwhile, 0 when all were. @throws FencedError when another push has taken over.
 */
export async function markChunkSent(store: Store, { fence, changeSetId, seq }: ChunkKey): Promise<number> {
  return withTransaction(store, async (client) => {
    await assertFence(client, fence);
    const marked = await client.query<{ rows: number }>(
      `update sync.chunks set state = 'sent', sent_at = clock_timestamp(), attempts = attempts + 1
        where change_set_id = $1 and seq = $2 and fence = $3::bigint and state in ('claimed', 'sent') returning size_rows as rows`,
      [changeSetId, seq, fence.token],
    );
    return marked.rows[0]?.rows ?? 0;
  });
}

/** Settles a sent chunk, or one that no method can carry as it waits for its slot (`refused`). @throws FencedError when another push has taken over, which has settled it already. */
export async function markChunkOutcome(
  db: Queryable,
  { fence, changeSetId, seq }: ChunkKey,
  outcome: ChunkOutcome,
): Promise<void> {
  const marked = await db.query(
    `update sync.chunks
        set state = $3, answered_at = clock_timestamp(), http_status = $4, reported_rows = $5, server_date = $6, message = $7, code = $8
      where change_set_id = $1 and seq = $2 and fence = $9::bigint and state in ('sent', 'claimed')`,
    [
      changeSetId,
      seq,
      outcome.state,
      outcome.httpStatus ?? null,
      outcome.reportedRows ?? null,
      outcome.serverDate ?? null,
      outcome.message ?? null,
      outcome.code ?? null,
      fence.token,
    ],
  );
  if (marked.rowCount !== 1) throw new FencedError();
}

/**
 * A chunk in doubt whose requests may be repeated at once, because they are right from every state: planned again, and counted with its
 * patches. What was answered stays on record. @throws FencedError
 */
export async function markChunkRepeated(db: Queryable, { fence, changeSetId, seq }: ChunkKey): Promise<void> {
  const marked = await db.query(
    `update sync.chunks set state = 'planned' where change_set_id = $1 and seq = $2 and fence = $3::bigint and state = 'in_doubt'`,
    [changeSetId, seq, fence.token],
  );
  if (marked.rowCount !== 1) throw new FencedError();
  await db.query(`update sync.patches set attempts = attempts + 1 where change_set_id = $1 and chunk_seq = $2`, [
    changeSetId,
    seq,
  ]);
}

/** A claimed chunk of one contact that no method for a single contact can carry: a bulk method takes it after all. */
export async function markChunkBulk(db: Queryable, { fence, changeSetId, seq }: ChunkKey): Promise<void> {
  await db.query(
    `update sync.chunks set single = false where change_set_id = $1 and seq = $2 and fence = $3::bigint and state = 'claimed'`,
    [changeSetId, seq, fence.token],
  );
}

/** A request that surely never had an effect: the chunk can be sent again. */
export async function markChunkUnsent(db: Queryable, { fence, changeSetId, seq }: ChunkKey): Promise<void> {
  await db.query(
    `update sync.chunks set state = 'planned', sent_at = null
      where change_set_id = $1 and seq = $2 and fence = $3::bigint and state in ('claimed', 'sent')`,
    [changeSetId, seq, fence.token],
  );
}

/**
 * Chunks of the tenant that were marked sent by a process that died before it noted an answer: they are in doubt.
 * Those that only waited for their turn have surely not left, and are planned again. Called with the push lock held; draws a fence first, so
 * that a process that is held up rather than dead cannot send any more. Returns how many were sent, and when the youngest chunk in doubt that is not settled was given up -
 * without any answer: was sent -, those of earlier calls included: its request may still be at work in LiveVox. Index: chunks_open.
 */
export async function markLostChunks(
  db: Queryable,
  tenant: string,
): Promise<{ readonly chunks: number; readonly youngestAt: Date | null }> {
  await takeFence(db, tenant);
  await db.query(
    `update sync.chunks c set state = 'planned'
       from sync.change_sets s where s.id = c.change_set_id and s.tenant = $1 and c.state = 'claimed'`,
    [tenant],
  );
  const lost = await db.query<{ chunks: number; youngestAt: Date | null }>(
    `with lost as (
       update sync.chunks c set state = 'in_doubt', message = 'the process ended before an answer was noted'
         from sync.change_sets s
        where s.id = c.change_set_id and s.tenant = $1 and c.state = 'sent'
       returning c.sent_at
     )
     select (select count(*) from lost)::int as chunks,
            greatest((select max(sent_at) from lost),
                     (select max(greatest(c.answered_at, c.sent_at)) from sync.chunks c join sync.change_sets s on s.id = c.change_set_id
                       where s.tenant = $1 and c.state = 'in_doubt'
                         and s.state not in ('proven', 'not_proven', 'superseded'))) as "youngestAt"`,
    [tenant],
  );
  return lost.rows[0] ?? { chunks: 0, youngestAt: null };
}

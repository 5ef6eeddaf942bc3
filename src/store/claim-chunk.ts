/**
 * Reads the next chunk to send with its patches, and claims it for a push; it is marked sent when its request has its slot and is about to
 * leave (mark-chunk.ts). Chunks of one change set leave in the order of their numbers; the fence keeps other pushes away,
 * `skip locked` keeps the senders of one push apart. Index: primary keys, patches_by_chunk.
 */
import type { Endpoint, Operation, Sends } from '../contact/index.ts';
import { type Store, withTransaction } from './connection.ts';
import { assertFence, type Fence } from './take-fence.ts';

type ClaimedPatch = { readonly account: string; readonly lvAccountId?: string; readonly sends: Sends };

export type ClaimedChunk = {
  readonly seq: number;
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly patches: readonly ClaimedPatch[];
};

export type ChunkGroup = { readonly operation: Operation; readonly endpoint: Endpoint };

type PendingGroup = ChunkGroup & { readonly rows: number; readonly chunks: number };

/** The next planned chunk of that operation and endpoint, now claimed; undefined when none is left. @throws FencedError */
export async function claimChunk(
  store: Store,
  fence: Fence,
  changeSetId: string,
  group: ChunkGroup,
): Promise<ClaimedChunk | undefined> {
  return withTransaction(store, async (client) => {
    await assertFence(client, fence);
    const next = await client.query<{ seq: number }>(
      `select seq from sync.chunks
        where change_set_id = $1 and state = 'planned' and operation = $2 and endpoint = $3
        order by seq limit 1 for update skip locked`,
      [changeSetId, group.operation, group.endpoint],
    );
    const seq = next.rows[0]?.seq;
    if (seq === undefined) return undefined;
    const patches = await client.query<{ account: string; lvAccountId: string | null; sends: Sends }>(
      `select account, lv_account_id::text as "lvAccountId", sends from sync.patches
        where change_set_id = $1 and chunk_seq = $2 order by seq`,
      [changeSetId, seq],
    );
    await client.query(
      `update sync.chunks set state = 'claimed', fence = $3::bigint, claimed_at = clock_timestamp()
        where change_set_id = $1 and seq = $2`,
      [changeSetId, seq, fence.token],
    );
    return {
      seq,
      ...group,
      patches: patches.rows.map((row) => ({
        account: row.account,
        lvAccountId: row.lvAccountId ?? undefined,
        sends: row.sends,
      })),
    };
  });
}

/** What is still to be sent, one entry per operation and endpoint, in the order of sending, with its number of contacts and requests. */
export async function selectChunkGroups(store: Store, changeSetId: string): Promise<readonly PendingGroup[]> {
  const groups = await store.pool.query<PendingGroup>(
    `select operation, endpoint, sum(size_rows)::int as rows, count(*)::int as chunks from sync.chunks
      where change_set_id = $1 and state = 'planned' group by operation, endpoint order by min(seq)`,
    [changeSetId],
  );
  return groups.rows;
}

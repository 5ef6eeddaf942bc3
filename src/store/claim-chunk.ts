/**
 * Reads the next chunk to send with its patches, and claims it for a push; it is marked sent when its request has its slot and is about to
 * leave (mark-chunk.ts). Chunks of one kind leave by their position, and hold as many contacts as a request may carry right now: where they do
 * not, the next ones are cut anew first. The fence keeps other pushes away, the lock on the change set keeps the senders
 * of one push apart. Indexes: primary keys, chunks_planned, patches_by_chunk.
 */
import type { Endpoint, Operation, Sends } from '../contact/index.ts';
import { toRankSql } from './chunk-order.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { recutChunks } from './recut-chunks.ts';
import { lockChunks } from './split-chunk.ts';
import { assertFence, type Fence } from './take-fence.ts';

export type ClaimedPatch = { readonly account: string; readonly lvAccountId?: string; readonly sends: Sends };

export type ClaimedChunk = {
  readonly seq: number;
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  /** True when a method for a single contact is to carry it. */
  readonly single: boolean;
  /** What LiveVox said of the chunk that it is a part of, where it is one. */
  readonly splitFrom?: Refused;
  /** How often its patches were repeated, because an answer was lost. */
  readonly repeats: number;
  readonly patches: readonly ClaimedPatch[];
};

type Refused = { readonly httpStatus?: number; readonly code?: string; readonly message?: string };

export type ChunkGroup = { readonly operation: Operation; readonly endpoint: Endpoint };

export type PendingGroup = ChunkGroup & { readonly rows: number; readonly chunks: number };

type Planned = { readonly seq: number; readonly rows: number; readonly isPart: boolean; readonly single: boolean };

/**
 * The next planned chunk of that operation and endpoint, now claimed; undefined when none is left. `sizeRows`: how many contacts a request
 * may carry. @default as it was cut
 * @throws FencedError
 */
export async function claimChunk(
  store: Store,
  fence: Fence,
  changeSetId: string,
  group: ChunkGroup,
  sizeRows?: number,
): Promise<ClaimedChunk | undefined> {
  return withTransaction(store, async (client) => {
    await assertFence(client, fence);
    await lockChunks(client, changeSetId);
    const next = await chooseNext(client, changeSetId, group, sizeRows);
    if (next === undefined) return undefined;
    const claimed = await client.query<{ single: boolean; splitFrom: Refused | null }>(
      `update sync.chunks c set state = 'claimed', fence = $3::bigint, claimed_at = clock_timestamp()
        where c.change_set_id = $1 and c.seq = $2
       returning c.single, (select jsonb_strip_nulls(jsonb_build_object('httpStatus', o.http_status, 'code', o.code, 'message', o.message))
                              from sync.chunks o where o.change_set_id = c.change_set_id and o.seq = c.split_from) as "splitFrom"`,
      [changeSetId, next.seq, fence.token],
    );
    const { single = false, splitFrom } = claimed.rows[0] ?? {};
    const { patches, repeats } = await selectChunkPatches(client, changeSetId, next.seq);
    return { seq: next.seq, ...group, single, splitFrom: splitFrom ?? undefined, repeats, patches };
  });
}

/** The patches of a chunk, in their order, and how often the one repeated most was. */
export async function selectChunkPatches(
  db: Queryable,
  changeSetId: string,
  seq: number,
): Promise<Pick<ClaimedChunk, 'patches' | 'repeats'>> {
  const found = await db.query<{ account: string; lvAccountId: string | null; sends: Sends; attempts: number }>(
    `select account, lv_account_id::text as "lvAccountId", sends, attempts from sync.patches
      where change_set_id = $1 and chunk_seq = $2 order by seq`,
    [changeSetId, seq],
  );
  return {
    repeats: found.rows.reduce((most, { attempts }) => Math.max(most, attempts), 0),
    patches: found.rows.map(({ account, lvAccountId, sends }) => ({
      account,
      lvAccountId: lvAccountId ?? undefined,
      sends,
    })),
  };
}

/** What is still to be sent, one entry per operation and endpoint, in the order of sending, with its number of contacts and requests. */
export async function selectChunkGroups(store: Store, changeSetId: string): Promise<readonly PendingGroup[]> {
  const groups = await store.pool.query<PendingGroup>(
    `select operation, endpoint, sum(size_rows)::int as rows, count(*)::int as chunks from sync.chunks c
      where change_set_id = $1 and state = 'planned' group by operation, endpoint order by min(${toRankSql('c')})`,
    [changeSetId],
  );
  return groups.rows;
}

async function chooseNext(
  client: Queryable,
  changeSetId: string,
  group: ChunkGroup,
  sizeRows: number | undefined,
): Promise<Planned | undefined> {
  const upcoming = await selectUpcoming(client, changeSetId, group);
  if (sizeRows === undefined || !isWrongSize(upcoming, sizeRows)) return upcoming[0];
  await recutChunks(client, { changeSetId, ...group, sizeRows });
  return (await selectUpcoming(client, changeSetId, group))[0];
}

/** The next two planned chunks of a kind. */
async function selectUpcoming(
  client: Queryable,
  changeSetId: string,
  { operation, endpoint }: ChunkGroup,
): Promise<readonly Planned[]> {
  const found = await client.query<Planned>(
    `select seq, size_rows as rows, split_from is not null as "isPart", single from sync.chunks
      where change_set_id = $1 and state = 'planned' and operation = $2 and endpoint = $3
      order by position, seq limit 2 for update`,
    [changeSetId, operation, endpoint],
  );
  return found.rows;
}

/** Too large; or smaller than need be, although another follows that could fill it up. */
function isWrongSize([next, after]: readonly Planned[], sizeRows: number): boolean {
  if (next === undefined || next.single) return false;
  if (next.rows > sizeRows) return true;
  return next.rows < sizeRows && !next.isPart && after !== undefined && !after.isPart && !after.single;
}

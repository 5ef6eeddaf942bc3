/**
 * Leaves out of a plan what newer stops contradict: lifts of what they block, requests that carry another value of a field that
 * they send, and requests that bring a number which they block to a place where it would be open. What waits for its slot is taken out of its chunk, too; the sender sees that its chunk has shrunk when its slot has
 * come (markChunkSent). What has left is out of reach. One transaction, under the fence. Index: patches_by_account.
 */
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { shrinkChunks } from './insert-chunks.ts';
import { lockChunks } from './split-chunk.ts';
import { selectBringing, selectStoppedNumbers } from './stopped-numbers.ts';
import { assertFence, type Fence } from './take-fence.ts';

export type StoppedInput = {
  readonly tenant: string;
  /** The plan that is being sent, or about to be. */
  readonly changeSetId: string;
};

/** Returns how many patches were left out. @throws FencedError */
export async function leaveOutStopped(store: Store, fence: Fence, input: StoppedInput): Promise<number> {
  const { changeSetId } = input;
  const stops = await selectNewerStops(store.pool, input);
  if (stops.length === 0) return 0;
  const bringing = await selectBringing(store.pool, changeSetId, await selectStoppedNumbers(store.pool, stops));
  return withTransaction(store, async (client) => {
    await assertFence(client, fence);
    await lockChunks(client, changeSetId);
    const chunks = await leaveOut(client, changeSetId, stops, bringing);
    await shrinkChunks(
      client,
      changeSetId,
      [...new Set(chunks)].filter((seq) => seq !== null),
    );
    return chunks.length;
  });
}

/**
 * Urgent plans that the plan has not been made with: those that came after its making began, however they stand by now - it may go on days later -
 * and older ones that LiveVox has not been seen to have.
 */
async function selectNewerStops(db: Queryable, { tenant, changeSetId }: StoppedInput): Promise<readonly string[]> {
  const found = await db.query<{ id: string }>(
    `select u.id from sync.change_sets u, sync.change_sets s
      where s.id = $2 and u.tenant = $1 and u.urgent and u.id <> s.id and u.seal is not null
        and (u.state in ('planned', 'approved', 'pushing', 'pushed')
             or u.created_at >= least(s.created_at, (select min(t.started_at) from sync.run_steps t
                                                      where t.run_id = s.run_id and t.step in ('diff', 'revert'))))`,
    [tenant, changeSetId],
  );
  return found.rows.map(({ id }) => id);
}

/** Returns the chunk that each patch left out was in; null for one that was not cut. */
async function leaveOut(
  client: Queryable,
  changeSetId: string,
  stops: readonly string[],
  bringing: readonly string[],
): Promise<readonly (number | null)[]> {
  const waiting = await client.query<{ seq: number }>(
    `select seq from sync.chunks
      where change_set_id = $1 and operation <> 'block' and state in ('planned', 'claimed') for update`,
    [changeSetId],
  );
  const left = await client.query<{ chunkSeq: number | null }>(
    `with stopped as materialized (
       select p.seq, p.chunk_seq
         from sync.patches u join sync.patches p on p.change_set_id = $1 and p.account = u.account
        where u.change_set_id = any ($2::uuid[])
          and p.operation not in ('block', 'not_expressible') and p.left_out_because is null
          and (p.chunk_seq is null or p.chunk_seq = any ($3::integer[]))
          and (p.operation = 'lift' and p.changes ?| array(select jsonb_object_keys(u.changes))
               or exists (select from jsonb_each(u.sends) s where p.sends ? s.key and p.sends -> s.key is distinct from s.value))
       union
       select p.seq, p.chunk_seq from sync.patches p
        where p.change_set_id = $1 and p.seq = any ($4::bigint[]) and p.left_out_because is null
          and (p.chunk_seq is null or p.chunk_seq = any ($3::integer[]))
     )
     update sync.patches p set left_out_because = 'a newer stop came in', chunk_seq = null
       from stopped t where p.change_set_id = $1 and p.seq = t.seq
     returning t.chunk_seq as "chunkSeq"`,
    [changeSetId, stops, waiting.rows.map(({ seq }) => seq), bringing],
  );
  return left.rows.map(({ chunkSeq }) => chunkSeq);
}

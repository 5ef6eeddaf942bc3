/**
 * Leaves out of a plan under way what a newer stop contradicts: lifts of what it blocks, and requests that carry another value of a field that
 * it sends. What waits for its slot is taken out of its chunk, too; the sender sees that its chunk has shrunk when its slot has
 * come (markChunkSent). What has left is out of reach. One transaction, under the fence. Index: patches_by_account.
 */
import { type Store, withTransaction } from './connection.ts';
import { shrinkChunks } from './insert-chunks.ts';
import { lockChunks } from './split-chunk.ts';
import { assertFence, type Fence } from './take-fence.ts';

export type StoppedInput = {
  /** The plan that is being sent. */
  readonly changeSetId: string;
  /** The newer one, of blocks only. */
  readonly urgentId: string;
};

/** Returns how many patches were left out. @throws FencedError */
export async function leaveOutStopped(store: Store, fence: Fence, input: StoppedInput): Promise<number> {
  return withTransaction(store, async (client) => {
    await assertFence(client, fence);
    await lockChunks(client, input.changeSetId);
    const waiting = await client.query<{ seq: number }>(
      `select seq from sync.chunks
        where change_set_id = $1 and operation <> 'block' and state in ('planned', 'claimed') for update`,
      [input.changeSetId],
    );
    const left = await client.query(
      `update sync.patches p set left_out_because = 'a newer stop came in', chunk_seq = null
         from sync.patches u
        where p.change_set_id = $1 and u.change_set_id = $2 and u.account = p.account
          and p.operation not in ('block', 'not_expressible') and p.left_out_because is null
          and (p.chunk_seq is null or p.chunk_seq = any ($3::integer[]))
          and (p.operation = 'lift' and p.changes ?| array(select jsonb_object_keys(u.changes))
               or exists (select from jsonb_each(u.sends) s where p.sends ? s.key and p.sends -> s.key is distinct from s.value))`,
      [input.changeSetId, input.urgentId, waiting.rows.map(({ seq }) => seq)],
    );
    const leftOut = left.rowCount ?? 0;
    if (leftOut > 0) await shrinkChunks(client, input.changeSetId);
    return leftOut;
  });
}

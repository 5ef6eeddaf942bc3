/**
 * Sends all chunks of one operation and method, as many at once as that method may have in flight. When one sender fails, the others
 * take no further chunk, and all are waited for: nothing is sent any more once this has ended and the tenant is let go.
 */
import { type ChunkGroup, claimChunk } from '../store/index.ts';
import type { OpenPlan } from './open-plan.ts';
import type { PushRun } from './push-run.ts';
import { sendChunk, toUntil } from './send-chunk.ts';
import { isTimeToStop, StopTimeError } from './stop-time.ts';

/** `beforeClaim` is called before each chunk is taken. */
export async function sendGroup(
  run: PushRun,
  plan: OpenPlan,
  group: ChunkGroup,
  beforeClaim: () => Promise<void>,
): Promise<void> {
  const { failed, input } = run;
  const guarded = (): Promise<void> =>
    sendInTurn(run, plan, group, beforeClaim).catch((error: unknown) => {
      failed.abort(error);
    });
  await Promise.all(Array.from({ length: Math.max(1, input.inFlight(group.endpoint)) }, guarded));
  failed.signal.throwIfAborted();
}

/** One sender: a chunk after the other, until none is left. */
async function sendInTurn(
  run: PushRun,
  plan: OpenPlan,
  group: ChunkGroup,
  beforeClaim: () => Promise<void>,
): Promise<void> {
  const { failed, input, deps, fence } = run;
  while (!failed.signal.aborted) {
    input.signal?.throwIfAborted();
    await beforeClaim();
    if (isTimeToStop({ clock: deps.clock, until: toUntil(run, plan) })) return;
    const chunk = await claimChunk(deps.store, fence, plan.changeSetId, group, toSizeRows(run, group));
    if (chunk === undefined) return;
    try {
      await sendChunk(run, chunk, plan);
    } catch (error) {
      // Nothing is wrong: the chunk is planned again, and the next push goes on with it.
      if (error instanceof StopTimeError) return;
      throw error;
    }
  }
}

/** Contacts in a request of that kind, at most; a deletion names one, whatever there is to learn. */
function toSizeRows({ sizes, input }: PushRun, { endpoint }: ChunkGroup): number {
  if (endpoint === 'delete_contact') return 1;
  return Math.min(sizes.get(endpoint)?.sizeRows ?? Number.POSITIVE_INFINITY, input.push.chunkRows);
}

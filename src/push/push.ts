/**
 * Sends a change set, chunk by chunk, one kind of patch after the other (store/chunk-order.ts), and only as it was sealed. What is about to
 * be sent is on record before it leaves; what LiveVox answers is noted after; an answer that got lost leaves the chunk in doubt: the read-back decides.
 * A refused chunk is bisected, down to the contact at fault. Can be called again: it continues with what has not been
 * sent, and with the lifts whose blocks have been read back.
 */
import { leaveOutStopped, markChangeSetPushed, selectChunkSizes, takeFence } from '../store/index.ts';
import { type OpenPlan, openPlan } from './open-plan.ts';
import { makePushRun, type PushCounts, type PushDeps, type PushInput, type PushRun } from './push-run.ts';
import { sendGroup } from './send-group.ts';
import { withUrgentPlans } from './urgent.ts';

export type { PushCounts, PushDeps, PushInput } from './push-run.ts';
export { isTimeToStop } from './stop-time.ts';

/**
 * Sends what of the change set can be sent now, and what urgent plans hold that come in meanwhile.
 * @throws HeldError when a guard holds it; FatalError when it cannot be pushed (assert-pushable.ts), or another push has taken over
 */
export async function push(deps: PushDeps, input: PushInput): Promise<PushCounts> {
  const { store, log } = deps;
  const { changeSetId } = input;
  const fence = await takeFence(store.pool, input.tenant);
  const run = makePushRun(deps, input, fence, await selectChunkSizes(store.pool, input.tenant));
  const send = (open: OpenPlan, beforeClaim: () => Promise<void>): Promise<void> => sendPlan(run, open, beforeClaim);
  await withUrgentPlans(run, send, async (look) => {
    if (changeSetId === undefined) return look();
    return send(await openMain(run, changeSetId), look);
  });
  if (changeSetId !== undefined) await markChangeSetPushed(store.pool, changeSetId);
  log.info('push.done', { changeSet: changeSetId, ...run.counts });
  return run.counts;
}

/** Takes minutes for a large plan; urgent ones are sent meanwhile, so what they stop is looked for once more before anything leaves. */
async function openMain(run: PushRun, changeSetId: string): Promise<OpenPlan> {
  const { deps, input, fence, counts } = run;
  const plan = await openPlan(run, changeSetId, false);
  run.isOpen = true;
  counts.leftOut += await leaveOutStopped(deps.store, fence, { tenant: input.tenant, changeSetId });
  return plan;
}

/** One group after the other: a contact's block has its answer before its update leaves. */
async function sendPlan(run: PushRun, plan: OpenPlan, beforeClaim: () => Promise<void>): Promise<void> {
  for (const group of plan.groups) await sendGroup(run, plan, group, beforeClaim);
}

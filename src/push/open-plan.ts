/**
 * Makes a plan ready to be sent: it may be pushed, what an earlier push left half done is brought to an end, and what can leave now is cut
 * into chunks and on record. Can be repeated: it goes on where the last call ended.
 */
import {
  insertAudit,
  insertChunks,
  leaveOutStopped,
  type PendingGroup,
  selectChunkGroups,
  selectUnsplitChunks,
  splitChunk,
} from '../store/index.ts';
import { assertPushable } from './assert-pushable.ts';
import { lookUpDoubted } from './look-up-doubted.ts';
import type { PushRun } from './push-run.ts';

export type OpenPlan = {
  readonly changeSetId: string;
  /** Blocks that came in while another plan is being sent. */
  readonly isUrgent: boolean;
  /** What is to be sent, in the order of sending. */
  readonly groups: readonly PendingGroup[];
};

/** @throws HeldError when a guard holds it; FatalError when it cannot be pushed (assert-pushable.ts) */
export async function openPlan(run: PushRun, changeSetId: string, isUrgent: boolean): Promise<OpenPlan> {
  const { deps, input, counts } = run;
  const { tenant, signal } = input;
  const seal = await assertPushable(deps.store, { tenant, changeSetId, signal });
  // First of all: a chunk that was refused whole, and not looked into yet, is no word on the contacts in it.
  await splitRefused(run, changeSetId);
  counts.leftOut += await lookUpDoubted(run, changeSetId);
  const { chunkRows, singleContact } = input.push;
  const singly = singleContact === 'always';
  // A plan that goes on later than it began does not undo the stops that came in between.
  if (!isUrgent) counts.leftOut += await leaveOutStopped(deps.store, run.fence, { tenant, changeSetId });
  const { leftOut } = await insertChunks(deps.store, { tenant, changeSetId, chunkRows, singly });
  counts.leftOut += leftOut;
  const groups = await selectChunkGroups(deps.store, changeSetId);
  run.total += sum(groups.map(({ rows }) => rows));
  await noteApplied(run, { changeSetId, isUrgent, groups }, seal);
  return { changeSetId, isUrgent, groups };
}

async function splitRefused({ deps, input, fence }: PushRun, changeSetId: string): Promise<void> {
  const mayGoSingly = input.push.singleContact !== 'never';
  for (const { seq, sizeRows } of await selectUnsplitChunks(deps.store.pool, changeSetId, mayGoSingly)) {
    const part = sizeRows > 1 ? { partRows: Math.ceil(sizeRows / 2) } : { partRows: 1, single: mayGoSingly };
    await splitChunk(deps.store, { fence, changeSetId, seq }, part);
  }
}

/** Who sends what, on record before anything leaves. */
async function noteApplied({ deps, input }: PushRun, { changeSetId, groups }: OpenPlan, seal: string): Promise<void> {
  if (groups.length === 0) return;
  const { tenant, actor } = input;
  const rows = sum(groups.map((group) => group.rows));
  const chunks = sum(groups.map((group) => group.chunks));
  const detail = `${rows} rows in ${chunks} requests, seal ${seal}`;
  await insertAudit(deps.store.pool, { tenant, actor, action: 'applied', changeSetId, detail });
  deps.log.info('plan.applied', { changeSet: changeSetId, rows, chunks });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

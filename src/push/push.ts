/**
 * Sends a change set, chunk by chunk, in the order blocks → creates → updates → lifts. What is about to be sent is on record before it
 * leaves; what LiveVox answers is noted after; an answer that got lost is `unknown` and never sent again from here: the read-back
 * decides. Can be called again: it continues with what has not been sent, and with the lifts whose blocks have been read back.
 */
import type { Clock } from '../clock.ts';
import type { PushConfig } from '../config.ts';
import type { Endpoint } from '../contact/index.ts';
import { FatalError, HeldError, RetriableError } from '../errors.ts';
import type { ContactWrite, WriteAnswer } from '../livevox/index.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  type ChangeSet,
  type ChunkGroup,
  type ChunkOutcome,
  type ClaimedChunk,
  claimChunk,
  insertChunks,
  markChangeSetPushed,
  markChangeSetPushing,
  markChunkOutcome,
  markChunkUnsent,
  type Store,
  selectChangeSet,
  selectChunkGroups,
} from '../store/index.ts';

/** The three bulk methods, as the push needs them. */
type BulkWriter = {
  readonly sendBulkCreate: (rows: readonly ContactWrite[], signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendBulkUpdate: (rows: readonly ContactWrite[], signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendMultipleContactsDnd: (rows: readonly ContactWrite[], signal?: AbortSignal) => Promise<WriteAnswer>;
};

export type PushDeps = {
  readonly livevox: BulkWriter;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type PushInput = {
  readonly tenant: string;
  readonly changeSetId: string;
  readonly push: PushConfig;
  /** Requests in flight per bulk method. @default 1 */
  readonly inFlight: (endpoint: Endpoint) => number;
  readonly signal?: AbortSignal;
};

export type PushCounts = {
  /** Requests sent. */
  chunks: number;
  /** Contacts in them, by outcome. */
  accepted: number;
  refused: number;
  unknown: number;
  /** Patches left out, because their contact has moved since the plan. */
  leftOut: number;
};

/** A LiveVox that stopped answering is not sent the rest: it would all end as unknown. */
const maxUnknownInARow = 3;

/** Sends what of the change set can be sent now. Throws HeldError when a guard holds it, FatalError when it cannot be pushed. */
export async function push(deps: PushDeps, input: PushInput): Promise<PushCounts> {
  await assertPushable(deps.store, input);
  const { leftOut } = await insertChunks(deps.store, {
    tenant: input.tenant,
    changeSetId: input.changeSetId,
    chunkRows: input.push.chunkRows,
  });
  const counts: PushCounts = { chunks: 0, accepted: 0, refused: 0, unknown: 0, leftOut };
  const groups = await selectChunkGroups(deps.store, input.changeSetId);
  const total = groups.reduce((sum, group) => sum + group.rows, 0);
  // One group after the other: a contact's block has its answer before its update leaves.
  for (const group of groups) await sendGroup(deps, input, group, counts, total);
  await markChangeSetPushed(deps.store.pool, input.changeSetId);
  deps.log.info('push.done', { changeSet: input.changeSetId, ...counts });
  return counts;
}

async function assertPushable(store: Store, input: PushInput): Promise<void> {
  const changeSet = await selectChangeSet(store.pool, input.tenant, input.changeSetId);
  if (changeSet === undefined)
    throw new FatalError(`Tenant ${input.tenant} has no plan ${input.changeSetId}; lvsync status lists the open ones.`);
  if (changeSet.state === 'held')
    throw new HeldError(`Plan ${changeSet.id} is held: ${changeSet.heldBecause.join(' ')}`);
  const canPush = await markChangeSetPushing(store.pool, changeSet.id);
  if (!canPush)
    throw new FatalError(`Plan ${changeSet.id} ${sayState(changeSet.state)}; make a new one with lvsync plan.`);
}

function sayState(state: ChangeSet['state']): string {
  return state === 'superseded' ? 'was replaced by a newer plan' : 'has been pushed already';
}

/**
 * Sends all chunks of one operation and method, as many at once as that method may have in flight. When one sender fails, the others
 * take no further chunk, and all are waited for: nothing is sent any more once this has ended and the tenant is let go.
 */
async function sendGroup(
  deps: PushDeps,
  input: PushInput,
  group: ChunkGroup,
  counts: PushCounts,
  total: number,
): Promise<void> {
  const failed = new AbortController();
  let unknownInARow = 0;
  const sender = async (): Promise<void> => {
    while (!failed.signal.aborted) {
      input.signal?.throwIfAborted();
      const chunk = await claimChunk(deps.store, input.changeSetId, group);
      if (chunk === undefined) return;
      const outcome = await sendChunk(deps, input, chunk);
      await markChunkOutcome(deps.store.pool, input.changeSetId, chunk.seq, outcome);
      countOutcome(deps, counts, chunk, outcome, total);
      unknownInARow = outcome.state === 'unknown' ? unknownInARow + 1 : 0;
      if (unknownInARow >= maxUnknownInARow) {
        throw new RetriableError(
          `LiveVox gave no answer to ${unknownInARow} requests in a row; run lvsync sync again when it answers.`,
        );
      }
    }
  };
  const guarded = (): Promise<void> =>
    sender().catch((error: unknown) => {
      failed.abort(error);
    });
  await Promise.all(Array.from({ length: Math.max(1, input.inFlight(group.endpoint)) }, guarded));
  failed.signal.throwIfAborted();
}

/** One request. The client throws only when the request surely had no effect: then the chunk is as good as never sent. */
async function sendChunk(deps: PushDeps, input: PushInput, chunk: ClaimedChunk): Promise<ChunkOutcome> {
  const rows = chunk.patches.map((patch) => toContactWrite(patch, input.push.identifyBy));
  const answer = await sendRows(deps.livevox, chunk.endpoint, rows, input.signal).catch(async (error: unknown) => {
    await markChunkUnsent(deps.store.pool, input.changeSetId, chunk.seq);
    throw error;
  });
  switch (answer.kind) {
    case 'accepted':
      return { state: 'accepted', ...answer };
    case 'refused':
      return { state: 'refused', ...answer };
    case 'unknown':
      return { state: 'unknown', httpStatus: answer.httpStatus, message: answer.reason };
  }
}

function sendRows(
  livevox: BulkWriter,
  endpoint: Endpoint,
  rows: readonly ContactWrite[],
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  switch (endpoint) {
    case 'bulk_create':
      return livevox.sendBulkCreate(rows, signal);
    case 'bulk_update':
      return livevox.sendBulkUpdate(rows, signal);
    case 'multi_dnd':
      return livevox.sendMultipleContactsDnd(rows, signal);
  }
}

function toContactWrite(patch: ClaimedChunk['patches'][number], identifyBy: PushConfig['identifyBy']): ContactWrite {
  const { account, lvAccountId, sends } = patch;
  return identifyBy === 'account' ? { account, sends } : { account, lvAccountId, sends };
}

function countOutcome(
  deps: PushDeps,
  counts: PushCounts,
  chunk: ClaimedChunk,
  outcome: ChunkOutcome,
  total: number,
): void {
  counts.chunks += 1;
  counts[outcome.state] += chunk.patches.length;
  const facts = {
    chunk: chunk.seq,
    operation: chunk.operation,
    rows: chunk.patches.length,
    httpStatus: outcome.httpStatus,
  };
  if (outcome.state === 'accepted') deps.log.debug('push.chunk.accepted', facts);
  else deps.log.warn(`push.chunk.${outcome.state}`, facts);
  deps.progress({
    step: 'push',
    what: 'contacts sent',
    done: counts.accepted + counts.refused + counts.unknown,
    total,
  });
}

/**
 * Sends a change set, chunk by chunk, in the order blocks → creates → updates → deactivations → deletions → lifts, and only as it was
 * sealed. What is about to be sent is on record before it leaves; what LiveVox answers is noted after; an answer that got lost is
 * `unknown` and never sent again from here: the read-back decides. Can be called again: it continues with what has not been sent, and with the lifts whose blocks have been read back.
 */
import type { Clock } from '../clock.ts';
import type { PushConfig } from '../config.ts';
import type { Endpoint } from '../contact/index.ts';
import { FatalError, RetriableError } from '../errors.ts';
import type { BeforeSend, ContactRows, ContactWrite, WriteAnswer } from '../livevox/index.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  type ChunkGroup,
  type ChunkKey,
  type ChunkOutcome,
  type ClaimedChunk,
  claimChunk,
  type Fence,
  insertAudit,
  insertChunks,
  markChangeSetPushed,
  markChunkOutcome,
  markChunkSent,
  markChunkUnsent,
  type Store,
  selectChunkGroups,
  takeFence,
} from '../store/index.ts';
import { assertPushable } from './assert-pushable.ts';
import type { SingleContactWriter } from './send-singly.ts';
import { isTimeToStop, StopTimeError, startStopWatch } from './stop-time.ts';

export { isTimeToStop } from './stop-time.ts';

/** The three bulk methods, their single forms and the one that deletes, as the push needs them. */
type ContactWriter = SingleContactWriter & {
  readonly sendBulkCreate: (rows: ContactRows, signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendBulkUpdate: (rows: ContactRows, signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendMultipleContactsDnd: (rows: ContactRows, signal?: AbortSignal) => Promise<WriteAnswer>;
  readonly sendDeleteContact: (account: string, signal?: AbortSignal, beforeSend?: BeforeSend) => Promise<WriteAnswer>;
};

export type PushDeps = {
  readonly livevox: ContactWriter;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type PushInput = {
  readonly tenant: string;
  readonly changeSetId: string;
  /** Who sends, for the record. */
  readonly actor: string;
  readonly push: PushConfig;
  /** Requests in flight per bulk method. @default 1 */
  readonly inFlight: (endpoint: Endpoint) => number;
  /** From then on nothing more leaves, and the rest stays planned (stop-time.ts). @default no such time */
  readonly until?: Date;
  readonly signal?: AbortSignal;
};

export type PushCounts = {
  /** Requests sent. */
  chunks: number;
  /** Contacts in them, by outcome. */
  accepted: number;
  refused: number;
  in_doubt: number;
  /** Patches left out, because their contact has moved since the plan. */
  leftOut: number;
};

/** A LiveVox that stopped answering is not sent the rest: it would all end as unknown. */
const maxUnknownInARow = 3;

/** Sends what of the change set can be sent now. Throws HeldError when a guard holds it, FatalError when it cannot be pushed (assert-pushable.ts). */
export async function push(deps: PushDeps, input: PushInput): Promise<PushCounts> {
  const fence = await takeFence(deps.store.pool, input.tenant);
  const seal = await assertPushable(deps.store, input);
  const { leftOut } = await insertChunks(deps.store, {
    tenant: input.tenant,
    changeSetId: input.changeSetId,
    chunkRows: input.push.chunkRows,
  });
  const counts: PushCounts = { chunks: 0, accepted: 0, refused: 0, in_doubt: 0, leftOut };
  const groups = await selectChunkGroups(deps.store, input.changeSetId);
  const total = groups.reduce((sum, group) => sum + group.rows, 0);
  const chunks = groups.reduce((sum, group) => sum + group.chunks, 0);
  await noteApplied(deps, input, seal, chunks, total);
  // One group after the other: a contact's block has its answer before its update leaves.
  for (const group of groups) await sendGroup(deps, input, fence, group, counts, total);
  await markChangeSetPushed(deps.store.pool, input.changeSetId);
  deps.log.info('push.done', { changeSet: input.changeSetId, ...counts });
  return counts;
}

/** Who sends what, on record before anything leaves. */
async function noteApplied(
  { store }: PushDeps,
  input: PushInput,
  seal: string,
  chunks: number,
  rows: number,
): Promise<void> {
  if (chunks === 0) return;
  const { tenant, actor, changeSetId } = input;
  const detail = `${rows} rows in ${chunks} requests, seal ${seal}`;
  await insertAudit(store.pool, { tenant, actor, action: 'applied', changeSetId, detail });
}

/**
 * Sends all chunks of one operation and method, as many at once as that method may have in flight. When one sender fails, the others
 * take no further chunk, and all are waited for: nothing is sent any more once this has ended and the tenant is let go.
 */
async function sendGroup(
  deps: PushDeps,
  input: PushInput,
  fence: Fence,
  group: ChunkGroup,
  counts: PushCounts,
  total: number,
): Promise<void> {
  const failed = new AbortController();
  let unknownInARow = 0;
  const sender = async (): Promise<void> => {
    while (!failed.signal.aborted) {
      input.signal?.throwIfAborted();
      if (isTimeToStop({ clock: deps.clock, until: input.until })) return;
      const chunk = await claimChunk(deps.store, fence, input.changeSetId, group);
      if (chunk === undefined) return;
      const key = { fence, changeSetId: input.changeSetId, seq: chunk.seq };
      const outcome = await sendChunk(deps, input, chunk, key);
      await markChunkOutcome(deps.store.pool, key, outcome);
      countOutcome(deps, counts, chunk, outcome, total);
      unknownInARow = outcome.state === 'in_doubt' ? unknownInARow + 1 : 0;
      if (unknownInARow >= maxUnknownInARow) {
        throw new RetriableError(
          `LiveVox gave no answer to ${unknownInARow} requests in a row; run lvsync sync again when it answers.`,
        );
      }
    }
  };
  const guarded = (): Promise<void> =>
    sender().catch((error: unknown) => {
      if (!(error instanceof StopTimeError)) failed.abort(error);
    });
  await Promise.all(Array.from({ length: Math.max(1, input.inFlight(group.endpoint)) }, guarded));
  failed.signal.throwIfAborted();
}

/** What leaves, and what must be on record before it does. */
type Sending = { readonly rows: readonly ContactWrite[]; readonly beforeSend: BeforeSend };

/** One request. The client throws only when the request surely had no effect: then the chunk is as good as never sent. */
async function sendChunk(deps: PushDeps, input: PushInput, chunk: ClaimedChunk, key: ChunkKey): Promise<ChunkOutcome> {
  const rows = chunk.patches.map((patch) => toContactWrite(patch, input.push.identifyBy));
  const watch = startStopWatch({ clock: deps.clock, until: input.until }, input.signal);
  const beforeSend = async (): Promise<void> => {
    watch.assertInTime();
    await markChunkSent(deps.store, key);
  };
  const sending = sendRows(deps.livevox, chunk.endpoint, { rows, beforeSend }, watch.signal).finally(watch.end);
  const answer = await sending.catch(async (error: unknown) => {
    await markChunkUnsent(deps.store.pool, key);
    throw watch.toReason(error);
  });
  switch (answer.kind) {
    case 'accepted':
      return { state: 'accepted', ...answer };
    case 'refused':
      return { state: 'refused', ...answer };
    case 'unknown':
      return { state: 'in_doubt', httpStatus: answer.httpStatus, message: answer.reason };
  }
}

function sendRows(
  livevox: ContactWriter,
  endpoint: Endpoint,
  sending: Sending,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const rows = async (): Promise<readonly ContactWrite[]> => {
    await sending.beforeSend();
    return sending.rows;
  };
  switch (endpoint) {
    case 'bulk_create':
      return livevox.sendBulkCreate(rows, signal);
    case 'bulk_update':
      return livevox.sendBulkUpdate(rows, signal);
    case 'multi_dnd':
      return livevox.sendMultipleContactsDnd(rows, signal);
    case 'delete_contact':
      return sendDeletion(livevox, sending, signal);
  }
}

/** One contact to a request, by its account. Whoever is not there any more is as deleted as can be. */
async function sendDeletion(
  livevox: ContactWriter,
  { rows, beforeSend }: Sending,
  signal?: AbortSignal,
): Promise<WriteAnswer> {
  const [contact, another] = rows;
  if (contact === undefined || another !== undefined) throw new FatalError('A deletion goes out alone; plan again.');
  const answer = await livevox.sendDeleteContact(contact.account, signal, beforeSend);
  if (answer.kind !== 'refused' || answer.httpStatus !== 404) return answer;
  return { kind: 'accepted', httpStatus: 404, message: 'LiveVox has no such contact', serverDate: answer.serverDate };
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
    done: counts.accepted + counts.refused + counts.in_doubt,
    total,
  });
}

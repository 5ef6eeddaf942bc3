/**
 * Sends a claimed chunk as one request and has its answer settled. What leaves is on record before it leaves, at each attempt. The client
 * throws only when the request surely had no effect: then the chunk is as good as never claimed.
 */
import type { PushConfig } from '../config.ts';
import { FatalError } from '../errors.ts';
import { type ContactRows, type ContactWrite, isAddressable, type WriteAnswer } from '../livevox/index.ts';
import {
  type ClaimedChunk,
  type ClaimedPatch,
  markChunkBulk,
  markChunkSent,
  markChunkUnsent,
  selectChunkPatches,
} from '../store/index.ts';
import { awaitDoubtedLifts, noteDoubtedLift } from './doubted-lifts.ts';
import type { Leaving, PushRun } from './push-run.ts';
import { sendSingly } from './send-singly.ts';
import { settleChunk } from './settle-chunk.ts';
import { startStopWatch } from './stop-time.ts';

/** Which plan a claimed chunk is of. */
export type ChunkOf = { readonly changeSetId: string; readonly isUrgent: boolean };

type BulkEndpoint = Exclude<ClaimedChunk['endpoint'], 'delete_contact'>;

/** When its requests stop; a stop that a person asked for meanwhile does not wait for the next day. */
export function toUntil({ input }: PushRun, { isUrgent }: ChunkOf): Date | undefined {
  return isUrgent ? undefined : input.until;
}

/** All that the chunk held was left out while it waited for its slot: there is nothing to send. */
class NothingLeftError extends Error {}

/** @throws what keeps the push from going on; the chunk is settled then, or planned again. */
export async function sendChunk(run: PushRun, chunk: ClaimedChunk, plan: ChunkOf): Promise<void> {
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const key = { fence: run.fence, changeSetId: plan.changeSetId, seq: chunk.seq };
  const rows = toContactWrites(chunk.patches, run.input.push);
  const watch = startStopWatch({ clock: run.deps.clock, until: toUntil(run, plan) }, run.input.signal);
  const leaving: Leaving = { chunk, key, isUrgent: plan.isUrgent, watch, rows, over };
  try {
    const answer = await requestOrUnclaim(run, leaving);
    if (typeof answer === 'object') noteDoubtedLift(run, leaving, answer);
    // From here on there is an answer: whatever fails now, the chunk stays sent, and the read-back decides.
    if (answer !== 'nothing_left') await settleChunk(run, leaving, answer === 'inexpressible' ? undefined : answer);
  } finally {
    watch.end();
    run.underWay.delete(leaving);
    end();
  }
}

/** Where no request had an effect, the chunk is planned again. */
async function requestOrUnclaim(
  run: PushRun,
  leaving: Leaving,
): Promise<WriteAnswer | 'inexpressible' | 'nothing_left'> {
  try {
    return await request(run, leaving);
  } catch (error) {
    if (error instanceof NothingLeftError) return 'nothing_left';
    await markChunkUnsent(run.deps.store.pool, leaving.key);
    throw leaving.watch.toReason(error);
  }
}

/**
 * The answer, or `inexpressible` when no method can carry the contact: a bulk method has refused it and no method for a single one can say all
 * of it, or it is to be deleted and its account cannot stand in an address.
 */
async function request(run: PushRun, leaving: Leaving): Promise<WriteAnswer | 'inexpressible'> {
  const { endpoint, single, splitFrom } = leaving.chunk;
  await awaitDoubtedLifts(run, leaving);
  if (endpoint === 'delete_contact') return sendDeletion(run, leaving);
  if (single) {
    const answer = await sendOne(run, leaving);
    if (answer !== undefined) return answer;
    if (splitFrom !== undefined) return 'inexpressible';
    await markChunkBulk(run.deps.store.pool, leaving.key);
  }
  const call = (next: () => Leaving, end: AbortSignal): Promise<WriteAnswer> => sendBulk(run, endpoint, next, end);
  return run.turns.take(endpoint, leaving, call, leaving.watch.late);
}

/** The time to stop is that of the chunk on board, not of the one that the call was made for. */
function sendBulk(run: PushRun, endpoint: BulkEndpoint, next: () => Leaving, end: AbortSignal): Promise<WriteAnswer> {
  const { livevox } = run.deps;
  const signal = AbortSignal.any([end, ...(run.input.signal === undefined ? [] : [run.input.signal])]);
  const rows: ContactRows = async () => {
    const leaving = next();
    leaving.watch.assertInTime();
    return depart(run, leaving);
  };
  switch (endpoint) {
    case 'bulk_create':
      return livevox.sendBulkCreate(rows, signal);
    case 'bulk_update':
      return livevox.sendBulkUpdate(rows, signal);
    case 'multi_dnd':
      return livevox.sendMultipleContactsDnd(rows, signal);
  }
}

async function sendOne(run: PushRun, leaving: Leaving): Promise<WriteAnswer | undefined> {
  const { row, beforeSend } = toLonely(run, leaving);
  return sendSingly(run.deps.livevox, leaving.chunk.endpoint, row, { signal: leaving.watch.signal, beforeSend });
}

/** One contact to a request, by its account. Whoever is not there any more is as deleted as can be. */
async function sendDeletion(run: PushRun, leaving: Leaving): Promise<WriteAnswer | 'inexpressible'> {
  const { row, beforeSend } = toLonely(run, leaving);
  if (!isAddressable(row.account)) return 'inexpressible';
  const answer = await run.deps.livevox.sendDeleteContact(row.account, leaving.watch.signal, beforeSend);
  if (answer.kind !== 'refused' || answer.httpStatus !== 404) return answer;
  return { kind: 'accepted', httpStatus: 404, message: 'LiveVox has no such contact', serverDate: answer.serverDate };
}

function toLonely(run: PushRun, leaving: Leaving): { row: ContactWrite; beforeSend: () => Promise<void> } {
  const [row, another] = leaving.rows;
  if (row === undefined || another !== undefined) {
    throw new FatalError('A request for a single contact holds another number of them; plan again.');
  }
  const beforeSend = async (): Promise<void> => {
    leaving.watch.assertInTime();
    await depart(run, leaving);
  };
  return { row, beforeSend };
}

/** The slot has come: on record as sent, and what leaves is what the chunk holds by now. */
async function depart(run: PushRun, leaving: Leaving): Promise<readonly ContactWrite[]> {
  const { store } = run.deps;
  const { key } = leaving;
  run.underWay.add(leaving);
  const rowsLeft = await markChunkSent(store, key);
  if (rowsLeft === 0) throw new NothingLeftError();
  if (rowsLeft !== leaving.rows.length) {
    const { patches } = await selectChunkPatches(store.pool, key.changeSetId, key.seq);
    leaving.rows = toContactWrites(patches, run.input.push);
  }
  return leaving.rows;
}

function toContactWrites(
  patches: readonly ClaimedPatch[],
  { identifyBy }: Pick<PushConfig, 'identifyBy'>,
): readonly ContactWrite[] {
  return patches.map(({ account, lvAccountId, sends }) =>
    identifyBy === 'account' ? { account, sends } : { account, lvAccountId, sends },
  );
}

/**
 * Notes what LiveVox answered to a chunk, and what follows from it (choose-step.ts). Each step is one transaction under the fence: killed
 * between two, the chunk is left in a state from which the next push goes on (open-plan.ts).
 */
import { FatalError, RetriableError } from '../errors.ts';
import type { WriteAnswer } from '../livevox/index.ts';
import {
  type ChunkOutcome,
  insertDeadLetter,
  markChunkOutcome,
  markChunkRepeated,
  markChunkSize,
  type Queryable,
  splitChunk,
  splitChunkIn,
  withTransaction,
} from '../store/index.ts';
import { chooseSize, type SizeLesson } from './choose-size.ts';
import { chooseStep, type Step } from './choose-step.ts';
import type { Leaving, PushRun } from './push-run.ts';

/** A LiveVox that stopped answering is not sent the rest: it would all end in doubt. */
const maxUnknownInARow = 3;
/** A LiveVox that refuses so many contacts and takes none in between refuses something else than these contacts. */
const maxRefusedInARow = 50;

/**
 * Settles a chunk by its answer; without one, no method for a single contact can carry it, and what was said of it in bulk stands. Of a deletion
 * nothing was said: it is refused by nobody but us.
 * @throws FencedError when another push has taken over; RetriableError, FatalError when it makes no sense to go on
 */
export async function settleChunk(run: PushRun, leaving: Leaving, answer: WriteAnswer | undefined): Promise<void> {
  const { chunk, rows } = leaving;
  const settled = answer ?? toEarlierRefusal(chunk);
  const step = chooseStep({ ...chunk, rows: rows.length }, settled, run.input.push);
  await noteStep(run, leaving, step, toOutcome(settled));
  if (answer !== undefined) run.counts.chunks += 1;
  countStep(run, leaving, step, settled.httpStatus);
  assertWorthwhile(run, step, settled);
}

/** What LiveVox never answered. */
const unsaid = 0;

function toEarlierRefusal({ endpoint, splitFrom: said }: Leaving['chunk']): WriteAnswer {
  const why =
    endpoint === 'delete_contact'
      ? 'its account cannot be part of an address, and no other method deletes it'
      : 'no method for a single contact can carry it';
  return { kind: 'refused', httpStatus: said?.httpStatus ?? unsaid, code: said?.code, message: said?.message ?? why };
}

async function noteStep(run: PushRun, leaving: Leaving, step: Step, outcome: ChunkOutcome): Promise<void> {
  const { store } = run.deps;
  const { key } = leaving;
  const rows = leaving.rows.length;
  switch (step.kind) {
    case 'accepted':
    case 'in_doubt':
    case 'repeat':
      return withTransaction(store, async (client) => {
        await markChunkOutcome(client, key, outcome);
        if (step.kind === 'repeat') await markChunkRepeated(client, key);
        if (step.kind === 'accepted') await learnSize(client, run, leaving, 'accepted');
        else if (isTimeOut(outcome)) await learnSize(client, run, leaving, 'lost');
      });
    case 'cut':
      return withTransaction(store, async (client) => {
        await markChunkOutcome(client, key, outcome);
        await learnSize(client, run, leaving, 'too_many');
        const known = run.sizes.get(leaving.chunk.endpoint)?.sizeRows ?? rows;
        await splitChunkIn(client, key, { partRows: Math.min(known, Math.ceil(rows / 2)) });
      });
    case 'bisect':
      await markChunkOutcome(store.pool, key, outcome);
      return splitChunk(store, key, { partRows: Math.ceil(rows / 2) });
    case 'singly':
      await markChunkOutcome(store.pool, key, outcome);
      return splitChunk(store, key, { partRows: 1, single: true });
    case 'refused':
      // A contact that is refused for good has its dead letter from the moment on that the refusal is on record.
      return withTransaction(store, async (client) => {
        await markChunkOutcome(client, key, outcome);
        const { httpStatus, code, message } = outcome;
        const where = { tenant: run.input.tenant, changeSetId: key.changeSetId, chunkSeq: key.seq };
        await insertDeadLetter(client, { ...where, httpStatus, code, message });
      });
  }
}

async function learnSize(
  client: Queryable,
  { input, sizes }: PushRun,
  { chunk: { endpoint, single }, rows }: Leaving,
  kind: SizeLesson['kind'],
): Promise<void> {
  if (single || endpoint === 'delete_contact') return;
  const size = chooseSize(sizes.get(endpoint), { kind, rows: rows.length }, input.push.chunkRows);
  if (size === undefined) return;
  sizes.set(endpoint, size);
  await markChunkSize(client, { tenant: input.tenant, endpoint }, size);
}

/** No answer at all, or a gateway's word that none came in time; other 5xx say nothing about the size of a request. */
function isTimeOut({ httpStatus }: ChunkOutcome): boolean {
  return httpStatus === undefined || httpStatus === 408 || httpStatus === 504;
}

function toOutcome(answer: WriteAnswer): ChunkOutcome {
  switch (answer.kind) {
    case 'accepted':
      return { state: 'accepted', ...answer };
    case 'refused':
      return { state: 'refused', ...answer, httpStatus: answer.httpStatus === unsaid ? undefined : answer.httpStatus };
    case 'unknown':
      return { state: 'in_doubt', httpStatus: answer.httpStatus, message: answer.reason };
  }
}

function countStep(
  { counts, deps, total }: PushRun,
  { chunk, isUrgent, rows }: Leaving,
  { kind }: Step,
  httpStatus: number | undefined,
): void {
  const facts = { chunk: chunk.seq, operation: chunk.operation, rows: rows.length, httpStatus };
  if (kind === 'accepted') deps.log.debug('push.chunk.accepted', facts);
  else deps.log.warn('push.chunk.not_accepted', { ...facts, because: kind });
  if (kind !== 'accepted' && kind !== 'refused' && kind !== 'in_doubt') return;
  counts[kind] += rows.length;
  if (isUrgent) counts.urgent += rows.length;
  const done = counts.accepted + counts.refused + counts.in_doubt;
  deps.progress({ step: 'push', what: 'contacts sent', done, total });
}

function assertWorthwhile(run: PushRun, step: Step, answer: WriteAnswer): void {
  run.unknownInARow = answer.kind === 'unknown' ? run.unknownInARow + 1 : 0;
  if (run.unknownInARow >= maxUnknownInARow) {
    throw new RetriableError(
      `LiveVox gave no answer to ${run.unknownInARow} requests in a row; run lvsync sync again when it answers.`,
    );
  }
  if (step.kind === 'accepted') run.refusedInARow = 0;
  if (step.kind === 'refused' && answer.kind === 'refused' && answer.httpStatus !== unsaid) run.refusedInARow += 1;
  if (run.refusedInARow >= maxRefusedInARow) {
    throw new FatalError(
      `LiveVox refused ${run.refusedInARow} contacts one after the other and took none between them; nothing more was sent. Look at what it says of them (lvsync show), and run lvsync sync again.`,
    );
  }
}

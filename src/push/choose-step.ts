/**
 * What follows an answer of LiveVox. Only what surely had no effect is sent again, with one exception: a block whose answer was lost,
 * because it leads to the same end from every state. Everything else in doubt waits for the read-back. Pure.
 */
import type { PushConfig } from '../config.ts';
import type { WriteAnswer } from '../livevox/index.ts';
import type { ClaimedChunk } from '../store/index.ts';
import { isTooMany } from './choose-size.ts';

export type Step =
  | { readonly kind: 'accepted' }
  /** Waits for the read-back. */
  | { readonly kind: 'in_doubt' }
  /** In doubt, and sent again in this push. */
  | { readonly kind: 'repeat' }
  /** Too large, so nothing of it was done: again in smaller requests. */
  | { readonly kind: 'cut' }
  /** Refused for a row that is still to be found: again in halves. */
  | { readonly kind: 'bisect' }
  /** One contact, refused in bulk: once more by a method for a single one. */
  | { readonly kind: 'singly' }
  /** One contact, refused for good. */
  | { readonly kind: 'refused' };

export type SentChunk = Pick<ClaimedChunk, 'operation' | 'endpoint' | 'single' | 'repeats'> & { readonly rows: number };

export function chooseStep(
  chunk: SentChunk,
  answer: WriteAnswer,
  { singleContact, repeats }: Pick<PushConfig, 'singleContact' | 'repeats'>,
): Step {
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'accepted' };
    case 'unknown':
      return { kind: isRepeatable(chunk) && chunk.repeats < repeats ? 'repeat' : 'in_doubt' };
    case 'refused':
      if (chunk.rows > 1) return { kind: isTooMany(answer) ? 'cut' : 'bisect' };
      return { kind: isForSingle(chunk) && singleContact !== 'never' ? 'singly' : 'refused' };
  }
}

function isRepeatable({ operation, endpoint }: SentChunk): boolean {
  return operation === 'block' && endpoint === 'multi_dnd';
}

/** A contact that no method for a single one has been asked about. */
function isForSingle({ endpoint, single }: SentChunk): boolean {
  return !single && endpoint !== 'delete_contact';
}

/**
 * What LiveVox answered a write of many contacts, as the push records it. Thrown errors mean the request surely had no effect;
 * everything that leaves it open is `unknown`, and the read-back decides.
 * The answers hold at most a count, for bulk writes in prose ("Successfully updated contacts 3", for creates too); nothing says
 * which rows were refused.
 */
import type { Reply } from './reply.ts';
import { type ErrorContext, toReplyError } from './reply-error.ts';
import { writeAnswerBody } from './wire.ts';

export type WriteAnswer =
  | {
      readonly kind: 'accepted';
      readonly httpStatus: number;
      /** The count LiveVox named; undefined when it named none (204). */
      readonly reportedRows?: number;
      readonly message?: string;
      /** LiveVox's id of what a create made; undefined when it named none. */
      readonly id?: string;
      readonly serverDate?: Date;
    }
  | {
      readonly kind: 'refused';
      readonly httpStatus: number;
      readonly code?: string;
      /** The vendor's words; may quote a contact, so they are for the outcome, not for logs. */
      readonly message: string;
      readonly serverDate?: Date;
    }
  | { readonly kind: 'unknown'; readonly reason: string; readonly httpStatus?: number };

/**
 * The answer to a write.
 * @throws FatalError (401 after a new login, 403), RateLimitedError (429), RetriableError (never left this machine).
 */
export function toWriteAnswer(reply: Reply, context: ErrorContext): WriteAnswer {
  const { httpStatus = 0, serverDate } = reply;
  switch (reply.kind) {
    case 'done':
      return readAccepted(reply, httpStatus, serverDate);
    case 'refused':
      return { kind: 'refused', httpStatus, code: reply.code, message: reply.message, serverDate };
    case 'not_found':
      return { kind: 'refused', httpStatus, message: reply.message, serverDate };
    case 'unavailable':
    case 'failed':
    case 'lost':
    case 'redirected':
    case 'unreadable':
      return { kind: 'unknown', reason: reply.message, httpStatus: reply.httpStatus };
    default:
      throw toReplyError(reply, { ...context, isPrivate: true });
  }
}

/** The only whole number in a sentence; undefined when there is none or more than one. */
export function parseCount(words: string): number | undefined {
  const numbers = words.match(/\b\d+\b/g) ?? [];
  return numbers.length === 1 ? Number(numbers[0]) : undefined;
}

function readAccepted(reply: Extract<Reply, { kind: 'done' }>, httpStatus: number, serverDate?: Date): WriteAnswer {
  if (typeof reply.body === 'string' && parseCount(reply.body) === undefined && !/success/i.test(reply.body)) {
    return { kind: 'unknown', reason: `HTTP ${httpStatus} with a text that is no answer`, httpStatus };
  }
  const body = writeAnswerBody.safeParse(reply.body).data ?? {};
  const message = typeof reply.body === 'string' ? reply.body : body.message;
  const reportedRows = body.updated ?? (message === undefined ? undefined : parseCount(message));
  return { kind: 'accepted', httpStatus, reportedRows, message, id: body.id, serverDate };
}

/**
 * Turns a reply that is no answer into the error that says what to do: tell a person, wait, or try again.
 * Messages name the method and the host, one sentence, ending in what to do. Where a request carried contacts, the vendor's own
 * words stay out of the error, because errors reach logs and the words may quote a contact.
 */
import { FatalError, type LvsyncError, RateLimitedError, RetriableError } from '../errors.ts';
import type { Reply } from './reply.ts';

export type ErrorContext = {
  /** The vendor's name of the method. */
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** True when the vendor's words may quote a contact. @default false */
  readonly isPrivate?: boolean;
};

/** The error for a reply that carries no result. `done` and `streaming` are none of them and give a FatalError that says so. */
export function toReplyError(reply: Reply, context: ErrorContext): LvsyncError {
  const { method, origin } = context;
  const options = { facts: { method, httpStatus: reply.httpStatus, reply: reply.kind } };
  switch (reply.kind) {
    case 'unreachable':
      return new RetriableError(`LiveVox at ${origin} cannot be reached: ${reply.message}`, options);
    case 'lost':
      return new RetriableError(
        `LiveVox at ${origin} gave no whole answer to "${method}" (${reply.message}): try again`,
        options,
      );
    case 'failed':
      return new RetriableError(
        `LiveVox at ${origin} failed at "${method}" (${toWords(reply, context)}): try again later`,
        options,
      );
    case 'limited':
    case 'unavailable':
      return toWaitError(reply, context, options);
    default:
      return new FatalError(toFatalMessage(reply, context), options);
  }
}

type WaitReply = Extract<Reply, { kind: 'limited' | 'unavailable' }>;

function toWaitError(
  reply: WaitReply,
  { method, origin }: ErrorContext,
  options: { facts: LvsyncError['facts'] },
): LvsyncError {
  const { retryAfterMs } = reply;
  const when = retryAfterMs === undefined ? 'later' : `in ${Math.ceil(retryAfterMs / 1000)} s`;
  if (reply.kind === 'limited') {
    return new RateLimitedError(
      `LiveVox limits the calls of "${method}" (HTTP 429): try again ${when}`,
      retryAfterMs,
      options,
    );
  }
  const message = `LiveVox at ${origin} is unavailable for "${method}" (HTTP 503): try again ${when}`;
  return retryAfterMs === undefined
    ? new RetriableError(message, options)
    : new RateLimitedError(message, retryAfterMs, options);
}

function toFatalMessage(reply: Reply, context: ErrorContext): string {
  const { method, origin } = context;
  const words = toWords(reply, context);
  switch (reply.kind) {
    case 'session_refused':
      return `LiveVox refused "${method}" right after a new login (HTTP 401): check LIVEVOX_ACCESS_TOKEN and the user's role`;
    case 'forbidden':
      return `LiveVox does not let this user call "${method}" (HTTP 403): give it the role; a change shows after 5 minutes`;
    case 'redirected':
      return `LiveVox at ${origin} answered "${method}" with a redirect (${words}): check LIVEVOX_BASE_URL`;
    case 'unreadable':
      return `LiveVox at ${origin} answered "${method}" with nothing we can read (${words}): check LIVEVOX_BASE_URL`;
    case 'not_found':
      return `LiveVox at ${origin} has no answer to "${method}" at this address (${words}): check LIVEVOX_BASE_URL`;
    default:
      return `LiveVox refused "${method}" (${words}): correct the request`;
  }
}

function toWords(reply: Reply, { isPrivate = false }: ErrorContext): string {
  if (isPrivate || !('message' in reply)) return `HTTP ${reply.httpStatus ?? '?'}`;
  return reply.message;
}

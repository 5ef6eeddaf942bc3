/**
 * The time by LiveVox's clock, from the `Date` header of a cheap call (IsSessionValid). The end of a window comes from here:
 * our own clock may be ahead, and what is modified between the two would never be pulled. Whole seconds.
 */
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import type { Reply } from './reply.ts';
import { toReplyError } from './reply-error.ts';
import { isSessionValidMethod } from './session.ts';

/** The instant it is at LiveVox; logs in when there is no session, or it has ended. */
export async function fetchServerNow(calls: Calls, signal?: AbortSignal): Promise<Date> {
  const sessionId = await calls.session.current(signal);
  const first = await calls.session.ask(sessionId, signal);
  const reply = isOver(first) ? await calls.session.ask(await calls.session.renew(sessionId, signal), signal) : first;
  if (reply.kind !== 'done') throw toReplyError(reply, { method: isSessionValidMethod.name, origin: calls.origin });
  if (reply.serverDate !== undefined) return reply.serverDate;
  throw new FatalError(`LiveVox at ${calls.origin} answers without a Date header: check what stands between us and it`);
}

/** Whether the session in use is alive; false when there is none. */
export async function isSessionValid(calls: Calls): Promise<boolean> {
  const sessionId = await calls.session.peek();
  if (sessionId === undefined) return false;
  const reply = await calls.session.ask(sessionId);
  if (reply.kind !== 'done' && !isOver(reply)) {
    throw toReplyError(reply, { method: isSessionValidMethod.name, origin: calls.origin });
  }
  return reply.kind === 'done';
}

function isOver(reply: Reply): boolean {
  return reply.kind === 'not_found' || reply.kind === 'session_refused';
}

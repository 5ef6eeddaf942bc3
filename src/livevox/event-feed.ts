/**
 * The long-polled feeds: Retrieve Agent Event Feed (POST /realtime/agentEvent/feed) and Retrieve Interaction Event Feed
 * (POST /realtime/event/feed). Each answer's token goes into the next request, so events come at least once and in order; nothing is asked for
 * before the step handed out has been dealt with. The first request, without a token, brings a token and no events; when nothing has
 * happened LiveVox holds the request for about 10 seconds. A token older than 24 hours (400, code 202) is a gap, not an error.
 */
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { FatalError } from '../errors.ts';
import type { Calls } from './calls.ts';
import { type FeedStep, type ReadEvents, readEvents } from './feed-step.ts';
import { type AgentEvent, agentEvent, type InteractionEvent, interactionEvent } from './realtime-events.ts';
import { type InteractionFilter, toInteractionFilter } from './realtime-filter.ts';
import type { Reply } from './reply.ts';
import { toReplyError } from './reply-error.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';
import { optionalText, wireList } from './wire-scalars.ts';
import { withQuery } from './with-query.ts';

export const agentEventFeedMethod: VendorMethod = { name: 'Retrieve Agent Event Feed', verb: 'POST', kind: 'read' };
export const interactionEventFeedMethod: VendorMethod = {
  name: 'Retrieve Interaction Event Feed',
  verb: 'POST',
  kind: 'read',
};

/** LiveVox holds a request for 10 s, and sends a sign of life on a stream as often; three times that is silence. */
export const feedTimeoutMs = 30_000;

export type FeedOptions = {
  /** Where to go on: the token of the last step dealt with. @default none: from now on */
  readonly token?: string;
  /** Ask for a compressed answer. @default false */
  readonly gzip?: boolean;
};

export type InteractionFeedOptions = FeedOptions & {
  /** Most events per answer, 500 to 1000. @default 1000, LiveVox's own */
  readonly count?: number;
  /** @default everything */
  readonly filter?: InteractionFilter;
};

type Feed<Event> = {
  readonly method: VendorMethod;
  readonly toInput: (token: string | undefined) => CallInput;
  /** The events' key in the answer. */
  readonly key: string;
  readonly event: z.ZodType<Event>;
};

type FeedAnswer<Event> = ReadEvents<Event> & { readonly token: string };

/** An idle answer should have been held back; one that comes at once must not make us ask without a pause. */
const leastIdleMs = 1000;

/** The agents' changes of state. */
export function readAgentEventFeed(
  calls: Calls,
  clock: Clock,
  { token, gzip }: FeedOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<FeedStep<AgentEvent>, void, undefined> {
  const toInput = (current?: string): CallInput => ({
    path: '/realtime/agentEvent/feed',
    body: current === undefined ? {} : { token: current },
    headers: toFeedHeaders(gzip),
    minTimeoutMs: feedTimeoutMs,
  });
  const feed = { method: agentEventFeedMethod, toInput, key: 'agentEvent', event: agentEvent };
  return readFeed(calls, clock, feed, token, signal);
}

/** Calls, e-mails and text messages. @throws FatalError for a count or filter LiveVox does not have. */
export function readInteractionEventFeed(
  calls: Calls,
  clock: Clock,
  options: InteractionFeedOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<FeedStep<InteractionEvent>, void, undefined> {
  const path = withQuery('/realtime/event/feed', toFeedQuery(options));
  const filter = toInteractionFilter(options.filter);
  const toInput = (current = ''): CallInput => ({
    path,
    body: { token: current, filter },
    headers: toFeedHeaders(options.gzip),
    minTimeoutMs: feedTimeoutMs,
  });
  const feed = { method: interactionEventFeedMethod, toInput, key: 'events', event: interactionEvent };
  return readFeed(calls, clock, feed, options.token, signal);
}

/** The query of an interaction feed. @throws FatalError for a count LiveVox does not take. */
export function toFeedQuery({ count }: InteractionFeedOptions): { readonly count: string | undefined } {
  if (count !== undefined && !(Number.isInteger(count) && count >= 500 && count <= 1000)) {
    throw new FatalError('A feed brings 500 to 1000 events at a time: correct count');
  }
  return { count: count?.toString() };
}

/** The headers of a feed's request. */
export function toFeedHeaders(gzip: boolean | undefined): Readonly<Record<string, string>> {
  return gzip === true ? { 'accept-encoding': 'gzip' } : {};
}

/** True when LiveVox says that it no longer has the events since the token. Other refusals may carry the same code. */
export function isExpired(reply: Reply): boolean {
  return reply.kind === 'refused' && (reply.code === '202' || /24 hours/i.test(reply.message));
}

async function* readFeed<Event>(
  calls: Calls,
  clock: Clock,
  feed: Feed<Event>,
  start: string | undefined,
  signal?: AbortSignal,
): AsyncGenerator<FeedStep<Event>, void, undefined> {
  // LiveVox's pages write "no token" as an empty one.
  let token = start === '' ? undefined : start;
  for (;;) {
    signal?.throwIfAborted();
    const askedAt = clock.now().getTime();
    const asked = token;
    let answer = await ask(calls, feed, asked, signal);
    if (answer === 'expired') {
      answer = await askAnew(calls, feed, signal);
      yield { kind: 'gap', lostToken: asked ?? '', token: answer.token };
    }
    token = answer.token;
    const { events, unreadable } = answer;
    if (events.length > 0 || unreadable.length > 0) {
      yield { kind: 'events', events, unreadable, token };
      continue;
    }
    yield { kind: 'idle', token };
    const tookMs = clock.now().getTime() - askedAt;
    if (asked !== undefined && tookMs < leastIdleMs) await clock.sleep(leastIdleMs - tookMs, signal);
  }
}

async function askAnew<Event>(calls: Calls, feed: Feed<Event>, signal?: AbortSignal): Promise<FeedAnswer<Event>> {
  const answer = await ask(calls, feed, undefined, signal);
  if (answer !== 'expired') return answer;
  throw new FatalError(`LiveVox gives no new token for "${feed.method.name}": report it`);
}

async function ask<Event>(
  calls: Calls,
  feed: Feed<Event>,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<FeedAnswer<Event> | 'expired'> {
  const reply = await calls.call(feed.method, feed.toInput(token), signal);
  if (token !== undefined && isExpired(reply)) return 'expired';
  if (reply.kind !== 'done') throw toReplyError(reply, { method: feed.method.name, origin: calls.origin });
  return parseFeedAnswer(feed, reply.body, token);
}

function parseFeedAnswer<Event>({ method, key, event }: Feed<Event>, body: unknown, asked?: string): FeedAnswer<Event> {
  const shape = z.object({ token: optionalText, [key]: wireList(z.unknown()) });
  const parsed = shape.safeParse(body);
  // A page that forgets the token would start the feed over again; the one we have is still good.
  const token = parsed.data?.['token'] ?? asked;
  if (!parsed.success || typeof token !== 'string') {
    const message = `LiveVox answered "${method.name}" in a shape we do not know: report the shape`;
    throw new FatalError(message, { facts: { method: method.name } });
  }
  const entries = parsed.data[key];
  return { token, ...readEvents(Array.isArray(entries) ? entries : [], event) };
}

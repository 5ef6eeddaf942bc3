/**
 * Retrieve Event Feed Through Server-Sent Event (POST /realtime/event/feed/sse): the interaction events as they happen, over one long
 * answer. LiveVox closes it after five minutes without an event; it is opened again from the last `eventId`, which is the token
 * of this form, so events come at least once and in order. Until the first event there is no token, so a connection that ends
 * before it leaves a gap. A connection on which nothing comes, not even a comment, for half a minute counts as broken.
 */
import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { RateLimitedError, RetriableError, toLogReason, toMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Calls } from './calls.ts';
import { feedTimeoutMs, type InteractionFeedOptions, isExpired, toFeedHeaders, toFeedQuery } from './event-feed.ts';
import { type FeedStep, readEvents } from './feed-step.ts';
import { type InteractionEvent, interactionEvent } from './realtime-events.ts';
import { toInteractionFilter } from './realtime-filter.ts';
import { toReplyError } from './reply-error.ts';
import { type StreamMessage, StreamMessages } from './stream-messages.ts';
import { readStreamText } from './stream-text.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';
import { withQuery } from './with-query.ts';

export const eventStreamMethod: VendorMethod = {
  name: 'Retrieve Event Feed Through Server-Sent Event (SSE)',
  verb: 'POST',
  kind: 'read',
};

export type StreamDeps = { readonly clock: Clock; readonly random: () => number; readonly log: Log };

/** A step of the stream; its token is undefined until the first event has come. */
export type StreamStep = FeedStep<InteractionEvent, string | undefined>;

type Token = string | undefined;
type Connection =
  | { readonly kind: 'open'; readonly body: Readable }
  | { readonly kind: 'expired' }
  | { readonly kind: 'broken'; readonly error: RetriableError };
/** How a connection ended. */
type End = { readonly token: Token; readonly hasEvents: boolean; readonly error: RetriableError };

/** Connections in a row that may fail, or end at once without an event, before the caller is told. */
const maxFailures = 8;
const firstDelayMs = 500;
const maxDelayMs = 60_000;
/** A connection that lasted as long was a good one, even without events. */
const leastGoodMs = 60_000;

/**
 * The events as they happen; goes on over connections that end or break.
 * @throws RetriableError after eight bad connections in a row; RateLimitedError and FatalError as every read; the signal's reason.
 */
export async function* readEventStream(
  calls: Calls,
  deps: StreamDeps,
  options: InteractionFeedOptions = {},
  signal?: AbortSignal,
): AsyncGenerator<StreamStep, void, undefined> {
  const toInput = makeToInput(options);
  let token: Token = options.token === '' ? undefined : options.token;
  let gap: { readonly lostToken: Token } | undefined;
  let failures = 0;
  for (;;) {
    const startedAt = deps.clock.now().getTime();
    const connection = await connect(calls, toInput(token), token, signal);
    if (connection.kind === 'expired') {
      gap = { lostToken: token };
      token = undefined;
      continue;
    }
    let end: End = { token, hasEvents: false, error: toClosedError(calls) };
    if (connection.kind === 'broken') end = { ...end, error: connection.error };
    else {
      if (gap !== undefined) yield { kind: 'gap', lostToken: gap.lostToken, token };
      end = yield* readConnection(connection.body, end, signal);
      token = end.token;
      gap = token === undefined ? { lostToken: undefined } : undefined;
    }
    const isGood = end.hasEvents || deps.clock.now().getTime() - startedAt >= leastGoodMs;
    failures = isGood ? 0 : failures + 1;
    if (failures >= maxFailures) throw end.error;
    await pause(deps, failures, end.error, signal);
  }
}

/** Milliseconds until the stream is opened again; `failures` counts the bad connections in a row, `random` is in [0, 1). */
export function chooseReopenDelayMs(failures: number, random: number): number {
  return Math.round(Math.min(maxDelayMs, firstDelayMs * 2 ** failures) * (0.5 + random / 2));
}

function makeToInput(options: InteractionFeedOptions): (token: Token) => CallInput {
  const path = withQuery('/realtime/event/feed/sse', toFeedQuery(options));
  const filter = toInteractionFilter(options.filter);
  const headers = { accept: 'text/event-stream, application/json', ...toFeedHeaders(options.gzip) };
  return (token = '') => ({ path, body: { token, filter }, headers, minTimeoutMs: feedTimeoutMs });
}

async function connect(calls: Calls, input: CallInput, token: Token, signal?: AbortSignal): Promise<Connection> {
  try {
    const reply = await calls.stream(eventStreamMethod, input, signal);
    if (reply.kind === 'streaming') return { kind: 'open', body: reply.body };
    if (token !== undefined && isExpired(reply)) return { kind: 'expired' };
    throw toReplyError(reply, { method: eventStreamMethod.name, origin: calls.origin });
  } catch (error) {
    // A wait that LiveVox asked for has been kept as far as it is ours to keep.
    if (!(error instanceof RetriableError) || error instanceof RateLimitedError) throw error;
    return { kind: 'broken', error };
  }
}

async function* readConnection(
  body: Readable,
  start: End,
  signal?: AbortSignal,
): AsyncGenerator<StreamStep, End, undefined> {
  const messages = new StreamMessages();
  let { token, hasEvents, error } = start;
  try {
    for await (const text of readStreamText(body)) {
      const step = toStep(messages.take(text), token);
      if (step === undefined) continue;
      token = step.token;
      hasEvents ||= step.kind === 'events';
      yield step;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    error = new RetriableError(`The event stream from LiveVox broke off (${toMessage(cause)}): try again`, { cause });
  }
  const last = toStep(messages.end(), token);
  if (last !== undefined) yield last;
  return { token: last?.token ?? token, hasEvents: hasEvents || last?.kind === 'events', error };
}

function toStep(messages: readonly StreamMessage[], token: Token): StreamStep | undefined {
  if (messages.length === 0) return undefined;
  const entries = messages.flatMap((message) => (message.kind === 'entry' ? [message.entry] : []));
  const lost = messages.flatMap((one) => (one.kind === 'unreadable' ? [{ raw: one.raw, reason: one.reason }] : []));
  const read = readEvents(entries, interactionEvent);
  // Whether a stream resumes after the event of the token or with it is not said.
  const events = read.events.filter(({ eventId }) => eventId !== token);
  const unreadable = [...read.unreadable, ...lost];
  const next = messages.findLast((message) => toEventId(message) !== undefined);
  const nextToken = next === undefined ? token : toEventId(next);
  if (events.length === 0 && unreadable.length === 0) return { kind: 'idle', token: nextToken };
  return { kind: 'events', events, unreadable, token: nextToken };
}

/** The id of a message's event, also of one that cannot be read: the stream must get past it. */
function toEventId(message: StreamMessage): string | undefined {
  if (message.kind === 'alive') return undefined;
  const text = message.kind === 'entry' ? JSON.stringify(message.entry) : message.raw;
  return /"eventId"\s*:\s*"?([^"\\,}]+)/.exec(text)?.[1]?.trim();
}

function toClosedError(calls: Calls): RetriableError {
  return new RetriableError(`LiveVox at ${calls.origin} closes the event stream again and again: try again later`, {
    facts: { method: eventStreamMethod.name },
  });
}

async function pause(deps: StreamDeps, failures: number, error: RetriableError, signal?: AbortSignal): Promise<void> {
  const delayMs = chooseReopenDelayMs(failures, deps.random());
  deps.log.info('livevox.stream.reopened', { failures, delayMs, reason: toLogReason(error) });
  await deps.clock.sleep(delayMs, signal);
}

/**
 * The two feeds by long polling. The first call, without a token, gets one and no events; a call with a token gets what
 * happened since, or is held for a while when nothing did. Both are bound to what the token says: nothing is remembered
 * of who read what.
 */
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { type Answer, Refusal, refuseInvalid } from '../answer.ts';
import { formatWallTime } from '../model/event-samples.ts';
import { type EventPage, type Feed, type StoredEvent, toToken } from '../model/events.ts';
import { toEpochMs } from '../model/time-token.ts';
import type { Exchange } from '../router.ts';
import { idNumber } from '../wire/agent-details.ts';
import { acceptsGzip } from '../wire/gzip.ts';
import { parseBody } from '../wire/parse-body.ts';
import type { World } from '../world.ts';

const mostEvents = 1000;
const leastCount = 500;

const ids = z.array(z.strictObject({ id: idNumber })).optional();
const filterBody = z.strictObject({
  interactionType: z.array(z.strictObject({ type: z.string() })).optional(),
  callCenter: ids,
  service: ids,
});
const token = z.string().nullish();
const agentFeedBody = z.strictObject({ token });
const interactionFeedBody = z.strictObject({ token, filter: filterBody.nullish() });

type Filter = z.infer<typeof filterBody>;

/** What a request of the interaction feed asks for, checked. */
export type FeedRequest = {
  /** Undefined in a first call. */
  readonly after: bigint | undefined;
  readonly count: number;
  readonly matches: (event: StoredEvent) => boolean;
};

/** `POST /realtime/agentEvent/feed` */
export async function retrieveAgentEventFeed({ world, body }: Exchange): Promise<Answer> {
  const asked = parseBody(agentFeedBody, body);
  const request = { after: locate(world, 'agent', asked.token), count: mostEvents, matches: () => true };
  return toFeedAnswer('agentEvent', await awaitPage(world, 'agent', request));
}

/** `POST /realtime/event/feed` */
export async function retrieveInteractionEventFeed(exchange: Exchange): Promise<Answer> {
  const { world, header } = exchange;
  const page = await awaitPage(world, 'interaction', readFeedRequest(exchange));
  const answer = toFeedAnswer('events', page);
  if (!acceptsGzip(header('accept-encoding'))) return answer;
  const headers = { ...answer.headers, ...(world.dialect.feedEncoding ? { 'content-encoding': 'gzip' } : {}) };
  return { ...answer, gzip: true, headers };
}

/**
 * The request of the interaction feed in either form.
 * @throws Refusal 400, with code 202 when the token is older than the events are kept.
 */
export function readFeedRequest({ world, body, query }: Exchange): FeedRequest {
  const asked = parseBody(interactionFeedBody, body);
  const count = query.get('count') ?? String(mostEvents);
  if (!/^\d{1,6}$/.test(count) || Number(count) < leastCount || Number(count) > mostEvents)
    throw refuseInvalid(`count is not between ${leastCount} and ${mostEvents}`);
  return {
    after: locate(world, 'interaction', asked.token),
    count: Number(count),
    matches: makeMatcher(asked.filter ?? {}),
  };
}

function locate(world: World, feed: Feed, asked: string | null | undefined): bigint | undefined {
  if (asked === undefined || asked === null || asked === '') return undefined;
  const tick = world.events.locate(feed, asked);
  if (tick === undefined) throw refuseInvalid('token is none of ours');
  if (!world.events.isGone(tick)) return tick;
  const time = formatWallTime(world.zone, toEpochMs(tick));
  throw new Refusal(400, 202, `Time "${time}" is more than 24 hours old. This type of data is kept for 24 hours.`);
}

/** All lists of a filter must agree; what nobody can read passes every filter. */
function makeMatcher({ interactionType, callCenter, service }: Filter): (event: StoredEvent) => boolean {
  const types = interactionType?.map(({ type }) => type.toUpperCase());
  const among = (wanted: readonly (string | number)[] | undefined, value: unknown): boolean =>
    wanted === undefined || wanted.some((one) => String(one) === String(value));
  return ({ fields }) =>
    fields === undefined ||
    (among(types, String(fields['interactionType']).toUpperCase()) &&
      among(
        callCenter?.map(({ id }) => id),
        fields['callCenterId'],
      ) &&
      among(
        service?.map(({ id }) => id),
        fields['serviceId'],
      ));
}

/** What happened since; when nothing did, waits as long as the sandbox holds requests. */
async function awaitPage(world: World, feed: Feed, { after, count, matches }: FeedRequest): Promise<EventPage> {
  if (after === undefined) return { events: [], last: world.events.mark() };
  const deadline = makeDeadline(world, world.feedTimes.holdMs);
  for (;;) {
    const page = world.events.search(feed, { after, count, matches });
    if (page.events.length > 0 || deadline.isOver()) return page;
    await world.events.waitForNews(deadline.leftMs());
  }
}

export type Deadline = { readonly isOver: () => boolean; readonly leftMs: () => number };

/** Over after so much real time, or as soon as the sandbox's clock has been set past it. */
export function makeDeadline(world: World, ms: number): Deadline {
  const until = { machine: performance.now() + ms, sandbox: world.now() + ms };
  // A timer may end a little early; what is left then is no reason to wait again.
  const leftMs = (): number => Math.max(0, Math.ceil(until.machine - performance.now()));
  return { isOver: () => leftMs() === 0 || world.now() >= until.sandbox, leftMs };
}

function toFeedAnswer(key: 'agentEvent' | 'events', { events, last }: EventPage): Answer & { readonly kind: 'bytes' } {
  const text = `{"${key}":[${events.map(toJsonText).join(',')}],"token":"${toToken(last)}"}`;
  const bytes = [Buffer.from(text)];
  return {
    kind: 'bytes',
    status: 200,
    gzip: false,
    headers: { 'content-type': 'application/json' },
    bytes: iterate(bytes),
  };
}

/** Raw text that is no JSON stands in the array as a text, so that the answer around it can be read. */
function toJsonText({ text, fields }: StoredEvent): string {
  if (fields !== undefined) return text;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

async function* iterate(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

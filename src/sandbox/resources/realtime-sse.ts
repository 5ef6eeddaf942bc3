/**
 * The interaction feed as Server-Sent Events: one `data:` line per event, a comment while nothing happens, and after
 * five minutes without an event the end. Without a token it tells what happens from now on; with one, or with the
 * `eventId` of the last event seen, what happened since.
 */
import { Buffer } from 'node:buffer';
import { type Answer, Refusal } from '../answer.ts';
import { formatWallTime } from '../model/event-samples.ts';
import type { Exchange } from '../router.ts';
import { acceptsGzip, compressEach } from '../wire/gzip.ts';
import type { World } from '../world.ts';
import { type FeedRequest, makeDeadline, readFeedRequest } from './realtime-feeds.ts';

/** `POST /realtime/event/feed/sse` */
export function retrieveEventFeedThroughSse(exchange: Exchange): Answer {
  const { world, header } = exchange;
  assertAcceptsEvents(header('accept'));
  const request = readFeedRequest(exchange);
  const gzip = acceptsGzip(header('accept-encoding'));
  const stream = streamEvents(world, request, request.after ?? world.events.mark());
  return {
    kind: 'bytes',
    status: 200,
    gzip: false,
    headers: {
      'content-type': 'text/event-stream',
      ...(gzip && world.dialect.feedEncoding ? { 'content-encoding': 'gzip' } : {}),
    },
    // Compressed here, because each event has to arrive at once.
    bytes: gzip ? compressEach(stream) : stream,
  };
}

function assertAcceptsEvents(accept: string | undefined): void {
  if (accept !== undefined && !/text\/(event-stream|\*)|\*\/\*/i.test(accept))
    throw new Refusal(406, 406, 'Not Acceptable: Accept must name text/event-stream');
}

async function* streamEvents(world: World, { count, matches }: FeedRequest, from: bigint): AsyncGenerator<Uint8Array> {
  const { events, feedTimes } = world;
  let after = from;
  let idle = makeDeadline(world, feedTimes.idleMs);
  for (;;) {
    const page = events.search('interaction', { after, count, matches });
    after = page.last;
    if (page.events.length > 0) {
      yield Buffer.from(page.events.map(({ text }) => toMessage(text)).join(''));
      idle = makeDeadline(world, feedTimes.idleMs);
      continue;
    }
    if (idle.isOver()) {
      yield toComment(world, 'closed, no events');
      return;
    }
    const isNews = await events.waitForNews(Math.min(feedTimes.keepAliveMs, idle.leftMs()));
    if (!isNews && !idle.isOver()) yield toComment(world, 'keepalive');
  }
}

/** One line for an event; raw text with line ends becomes as many `data:` lines. */
function toMessage(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${lines.join('')}\n`;
}

function toComment(world: World, words: string): Uint8Array {
  return Buffer.from(`: ${words} ${formatWallTime(world.zone, world.now())}\n\n`);
}

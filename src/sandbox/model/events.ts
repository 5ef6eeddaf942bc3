/**
 * What the two feeds tell: agent events and interaction events, each kept for 24 hours as the text that goes out. Every
 * event and every token has a tick of its own, rising, so that a token given out between two events of the same
 * millisecond parts them.
 */
import { formatTick, parseTick, toEpochMs, toTick } from './time-token.ts';

export type Feed = 'agent' | 'interaction';

export type StoredEvent = {
  readonly tick: bigint;
  /** Its `eventId`, which the SSE form takes for a token. */
  readonly id: string | undefined;
  /** What goes out: JSON, or something nobody can read. */
  readonly text: string;
  /** The event as a value, for filters; undefined for text that is no JSON object. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
};

type Search = {
  /** Events after that tick. */
  readonly after: bigint;
  readonly count: number;
  readonly matches: (event: StoredEvent) => boolean;
};

export type EventPage = {
  readonly events: readonly StoredEvent[];
  /** Where the next page begins. */
  readonly last: bigint;
};

export type EventBook = {
  /** Adds an event; `make` gets its tick and its instant (epoch ms). */
  readonly push: (feed: Feed, make: (tick: bigint, epochMs: number) => Omit<StoredEvent, 'tick'>) => StoredEvent;
  readonly search: (feed: Feed, search: Search) => EventPage;
  /** Where a token, or an `eventId` used as one, stands; undefined when it is neither. */
  readonly locate: (feed: Feed, token: string) => bigint | undefined;
  /** A tick behind everything so far, which no later event will have. */
  readonly mark: () => bigint;
  /** True when the tick is more than 24 hours ago. */
  readonly isGone: (tick: bigint) => boolean;
  /** Resolves when something was pushed or `wake` was called (true), or after so many ms (false). */
  readonly waitForNews: (ms: number) => Promise<boolean>;
  /** Lets all who wait look again. */
  readonly wake: () => void;
};

const keptMs = 24 * 3_600_000;

export function makeEventBook(now: () => number): EventBook {
  const feeds: Record<Feed, StoredEvent[]> = { agent: [], interaction: [] };
  const waiting = new Set<() => void>();
  let latest = 0n;

  const mark = (): bigint => {
    const tick = toTick(now());
    latest = tick > latest ? tick : latest + 1n;
    return latest;
  };
  const isGone = (tick: bigint): boolean => now() - toEpochMs(tick) > keptMs;
  const wake = (): void => {
    for (const resolve of [...waiting]) resolve();
  };
  const push: EventBook['push'] = (feed, make) => {
    const tick = mark();
    const event = { tick, ...make(tick, toEpochMs(tick)) };
    if (feeds[feed][0] !== undefined && isGone(feeds[feed][0].tick))
      feeds[feed] = feeds[feed].filter((old) => !isGone(old.tick));
    feeds[feed].push(event);
    wake();
    return event;
  };
  const search: EventBook['search'] = (feed, { after, count, matches }) => {
    const found = feeds[feed].filter((event) => event.tick > after && !isGone(event.tick) && matches(event));
    const events = found.slice(0, count);
    const cut = found.length > count ? events.at(-1)?.tick : undefined;
    return { events, last: cut ?? mark() };
  };
  const locate: EventBook['locate'] = (feed, token) =>
    feeds[feed].find((event) => event.id === token)?.tick ?? parseTick(token);
  const waitForNews = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const settle = (news: boolean): void => {
        clearTimeout(timer);
        waiting.delete(settleWithNews);
        resolve(news);
      };
      const settleWithNews = (): void => settle(true);
      // A held request keeps no process alive.
      const timer = setTimeout(() => settle(false), ms).unref();
      waiting.add(settleWithNews);
    });
  return { push, search, locate, mark, isGone, waitForNews, wake };
}

/** The token for a place in the feed. */
export function toToken(tick: bigint): string {
  return formatTick(tick, 'token');
}

/**
 * Every example of the vendor's page Real-Time Reporting API through the client: asked as printed, the printed answer read without
 * loss; and its events through the sandbox back to the client, by long poll and by stream.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { afterLogin, json, makeClient, type SeenRequest, secret, startOddServer } from './odd-server.ts';
import { exampleNames, expectNothingLost, type PageExample, readExample, readPrintedEvents } from './realtime-page.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Realtime = LiveVoxClient['realtime'];
type Step = { readonly kind: string; readonly events?: readonly unknown[]; readonly unreadable?: readonly unknown[] };

async function answering(example: PageExample): Promise<{ realtime: Realtime; asked: () => SeenRequest }> {
  const server = await startOddServer(
    afterLogin((response, nth) => {
      if (!example.path.includes('/sse'))
        json(response, nth === 1 ? example.status : 200, nth === 1 ? example.text : later);
      else if (nth === 1) response.writeHead(200, { 'content-type': 'text/event-stream' }).end(example.text);
    }),
  );
  const client = makeClient(server.baseUrl);
  open.push(client, server);
  return {
    realtime: client.realtime,
    asked: () => server.requests.find(({ path }) => !path.startsWith('/session/'))!,
  };
}
const later = { token: 'later', agentEvent: [], events: [] };

/** All events, until as many have come; nothing may be unreadable. */
async function takeEvents(feed: AsyncIterable<Step>, count: number, onIdle = async () => {}): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const step of feed) {
    expect(step.unreadable ?? []).toEqual([]);
    found.push(...(step.events ?? []));
    if (found.length >= count) break;
    if (step.kind === 'idle') await onIdle();
  }
  return found;
}

async function takeFirst<Item>(feed: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const step of feed) return step;
  return undefined;
}

/** The options that make the client ask for a printed token and filter. */
function toOptions({ path, body }: PageExample) {
  const { token, filter } = (body ?? {}) as { token?: string; filter?: Record<string, { type: string; id: number }[]> };
  const count = /count=(\d+)/.exec(path)?.[1];
  return {
    ...(token === undefined || token === '' ? {} : { token }),
    ...(count === undefined ? {} : { count: Number(count) }),
    ...(filter === undefined
      ? {}
      : {
          filter: {
            interactionTypes: filter['interactionType']!.map(({ type }) => type),
            callCenterIds: filter['callCenter']!.map(({ id }) => id),
            serviceIds: filter['service']!.map(({ id }) => id),
          },
        }),
  };
}

const call = { clientId: 4199, sessionId: 'UD6134T518A1E40@10.10.112.81', transactionId: 21162784221 };
const services = { serviceIds: ['38049'] };

/** The examples with one answer: how to ask, and the attribute of the answer that is given out, if not the whole. */
const reports: Record<string, readonly [ask: (realtime: Realtime) => Promise<unknown>, attribute?: string]> = {
  'call-metadata-in-call': [(realtime) => realtime.readInCallMetadata(call)],
  'call-metadata-post-call': [(realtime) => realtime.readPostCallMetadata(call)],
  'campaign-statistics': [(realtime) => realtime.campaignLevelStatistics({ campaignIds: ['103629512'] }), 'stats'],
  'agent-averages': [(realtime) => realtime.getAgentAverages(services)],
  'agent-statistics': [(realtime) => realtime.getAgentStatistics(services), 'agentStatistics'],
  'agent-statistics-ex': [(realtime) => realtime.getAgentStatisticsEx(), 'agentStatistics'],
  'agent-status': [(realtime) => realtime.getAgentStatus(services)],
  'calls-on-hold': [(realtime) => realtime.getHoldServiceDetails(services)],
  'live-connects': [(realtime) => realtime.getLiveConnects(services), 'liveConnects'],
  'service-statistics': [(realtime) => realtime.getServiceStatistics(services), 'stats'],
};

type ReadFeed = (realtime: Realtime, options: ReturnType<typeof toOptions>) => AsyncIterable<Step>;
const readAgents: ReadFeed = (realtime, options) => realtime.retrieveAgentEventFeed(options);
const readInteractions: ReadFeed = (realtime, options) => realtime.retrieveInteractionEventFeed(options);
const readStream: ReadFeed = (realtime, options) => realtime.retrieveEventFeedThroughServerSentEvent(options);

/** The examples that bring a first token, and those that bring so many events. */
const firstTokens: Record<string, ReadFeed> = {
  'agent-feed-first-token': readAgents,
  'interaction-feed-first-token': readInteractions,
};
const feeds: Record<string, readonly [read: ReadFeed, count: number]> = {
  'agent-feed': [readAgents, 1],
  'interaction-feed': [readInteractions, 2],
  'interaction-feed-multiple-events': [readInteractions, 5],
  'interaction-stream': [readStream, 2],
  'interaction-stream-resumed': [readStream, 2],
};
const oldToken = 'interaction-feed-old-token';

it('every example of the page has its test', () => {
  const tested = [...Object.keys(reports), ...Object.keys(firstTokens), ...Object.keys(feeds), oldToken];
  expect(exampleNames).toEqual(tested.sort());
  expect(exampleNames).toHaveLength(18);
});

function expectAsked(asked: SeenRequest, { verb, path, body }: PageExample): void {
  // Some of the examples have a slash before the "?".
  expect([asked.verb, decodeURIComponent(asked.path)]).toEqual([verb, path.replace('/?', '?')]);
  if (verb === 'GET') expect(asked.body).toBe('');
  else expect(JSON.parse(asked.body)).toEqual(body ?? {});
}

describe('through the client', () => {
  it.each(Object.keys(reports))('%s', async (name) => {
    const [ask, attribute] = reports[name]!;
    const example = readExample(name);
    const { realtime, asked } = await answering(example);
    const read = await ask(realtime);
    const printed = JSON.parse(example.text);
    // Described as an array, printed as an object.
    if (name === 'call-metadata-in-call') printed.consumer = [printed.consumer];
    expectNothingLost(read, attribute === undefined ? printed : printed[attribute]);
    expectAsked(asked(), example);
  });

  it.each(Object.keys(firstTokens))('%s', async (name) => {
    const example = readExample(name);
    const { realtime, asked } = await answering(example);
    const step = await takeFirst(firstTokens[name]!(realtime, toOptions(example)));
    expect(step).toEqual({ kind: 'idle', token: JSON.parse(example.text).token });
    expectAsked(asked(), example);
  });

  it.each(Object.keys(feeds))('%s', async (name) => {
    const [read, count] = feeds[name]!;
    const example = readExample(name);
    const { realtime, asked } = await answering(example);
    const printed = readPrintedEvents(example);
    expect(printed).toHaveLength(count);
    expectNothingLost(await takeEvents(read(realtime, toOptions(example)), count), printed);
    expectAsked(asked(), example);
  });

  it(oldToken, async () => {
    const example = readExample(oldToken);
    const { realtime, asked } = await answering(example);
    const step = await takeFirst(realtime.retrieveInteractionEventFeed(toOptions(example)));
    expect(step).toEqual({ kind: 'gap', lostToken: 'd57fa600-9117-11eb-8080-808080808080', token: 'later' });
    expectAsked(asked(), example);
  });
});

describe('through the sandbox and back', () => {
  const ways = Object.keys(feeds).flatMap((name) =>
    (name === 'agent-feed' ? [readAgents] : [readInteractions, readStream]).map((read) => ({
      name,
      read,
      way: read === readStream ? 'stream' : 'long poll',
    })),
  );

  it.each(ways)('$name by $way', async ({ name, read }) => {
    const sandbox = await startSandbox({ contacts: 5, feedHoldMs: 20, feedKeepAliveMs: 20 });
    const { clientName, userName, password, accessToken } = sandbox.credentials;
    const credentials = { clientName, userName, password: secret(password), accessToken: secret(accessToken) };
    const client = makeClient(sandbox.url, { credentials });
    open.push(client, sandbox);
    const example = readExample(name);
    const printed = readPrintedEvents(example);
    let pushes = 0;
    const push = async (): Promise<void> => {
      if (pushes++ > 0) return;
      const body = JSON.stringify({ feed: name === 'agent-feed' ? 'agent' : 'interaction', events: printed });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(`${sandbox.url}/sandbox/events`, { method: 'POST', headers, body })).status).toBe(201);
    };
    // The page's token is years old.
    const { token: _, ...options } = toOptions(example);
    expectNothingLost(await takeEvents(read(client.realtime, options), printed.length, push), printed);
  });
});

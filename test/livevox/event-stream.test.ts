/**
 * The stream form of the interaction feed: the examples of the page, text cut anywhere, connections that end, and the sandbox.
 */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../src/errors.ts';
import { chooseReopenDelayMs } from '../../src/livevox/event-stream.ts';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
import { maxMessageLength, StreamMessages } from '../../src/livevox/stream-messages.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import {
  afterLogin,
  json,
  makeClient,
  makeStillClock,
  type SeenRequest,
  secret,
  startOddServer,
} from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Play = (response: ServerResponse, nth: number) => void;

async function playing(play: Play) {
  const server = await startOddServer(afterLogin((response, nth) => play(response, nth)));
  const clock = makeStillClock();
  const client = makeClient(server.baseUrl, { clock });
  open.push(client, server);
  const requests = (): SeenRequest[] => server.requests.filter(({ path }) => !path.startsWith('/session/'));
  const tokens = (): unknown[] => requests().map(({ body }) => JSON.parse(body).token);
  return { stream: client.realtime.retrieveEventFeedThroughServerSentEvent, client, requests, tokens, clock };
}

function start(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream' });
}

async function take<Step>(feed: AsyncIterable<Step>, count: number): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const step of feed) {
    steps.push(step);
    if (steps.length === count) break;
  }
  return steps;
}

const event = (eventId: string): string => `data: ${JSON.stringify({ eventId, timestamp: 1619253856100 })}\n\n`;
const comment = ': keepalive 2021-04-24 07:34:29-0400\n\n';

// As printed, but for the last attributes: the JSON goes on in lines without "data:", and no blank line parts the messages.
const firstExample = `: keepalive 2021-04-24 07:34:29-0400
: keepalive 2021-04-24 07:34:39-0400
data: {"eventId":"41e22410-a4d9-11eb-abe6-bd1649d297a6","interactionType":"SMS","clientId":"93119",
"callCenterId":"11363","serviceId":"93140","timestamp":"2021-04-24T07:34:52.000-04:00","campaignId":"29161334",
"eventType":"Attempt","threadId":"55926849742","carrier":"sap_sms365","smsCode":"53063"}
data: {"eventId":"41e928f0-a4d9-11eb-abe6-bd1649d297a6","interactionType":"Email","clientId":"93119",
"callCenterId":"11363","serviceId":"93140","timestamp":"2021-04-24T07:34:55.106-04:00","campaignId":"29161335",
"eventType":"Attempt","threadId":null,"accountNumber":"APIQAE1234","campaignType":"OB","carrier":"sendgrid"}
: keepalive 2021-04-24 07:35:05-0400
`;
const secondExample = `data: {"eventId":"41e928f0-a4d9-11eb-abe6-bd1649d297a6","interactionType":"Email","clientId":"93119",
"timestamp":"2021-04-24T07:34:55.106-04:00","fromEmail":"qa@livevox.com","toEmail":"kyargal@livevox.com","carrier":"sendgrid"}
data: {"eventId":"41ee8020-a4d9-11eb-abe6-bd1649d297a6","interactionType":"Email","clientId":"93119",
"timestamp":"2021-04-24T07:52:16-100-04:00","fromEmail":"qa@livevox.com","toEmail":"kyargal@livevox.com","carrier":"sendgrid"}
: keepalive 2021-04-24 07:52:26-0400
`;

/** All messages of a text given in pieces. */
function readAll(pieces: readonly string[]): readonly unknown[] {
  const messages = new StreamMessages();
  return [...pieces.flatMap((piece) => messages.take(piece)), ...messages.end()].map((one) =>
    one.kind === 'entry' ? one.entry : one.kind === 'alive' ? ':' : [one.reason, one.raw],
  );
}

describe('StreamMessages', () => {
  const text = `\uFEFF: hello\n\nid: 1\nevent: x\ndata: {"a":\ndata: "é\\n"}\n\n${event('b')}data:{"c":1}\n\n`;
  const expected = [':', { a: 'é\n' }, { eventId: 'b', timestamp: 1619253856100 }, { c: 1 }];

  it.each(['\n', '\r', '\r\n'])('reads lines that end in %j, cut anywhere', (lineEnd) => {
    const whole = text.slice(1).replaceAll('\n', lineEnd);
    expect(readAll([whole])).toEqual(expected);
    expect(readAll([...whole])).toEqual(expected);
    for (let at = 1; at < whole.length; at += 1)
      expect(readAll([whole.slice(0, at), whole.slice(at)])).toEqual(expected);
  });

  it('reads the printed examples, with their missing "data:" and blank lines', () => {
    expect(readAll([firstExample.replaceAll('}\n', '}\n\n')])).toMatchObject([
      ':',
      ':',
      { eventId: '41e22410-a4d9-11eb-abe6-bd1649d297a6', smsCode: '53063' },
      { eventId: '41e928f0-a4d9-11eb-abe6-bd1649d297a6', carrier: 'sendgrid' },
      ':',
    ]);
    const ids = (all: readonly unknown[]): unknown[] =>
      all.flatMap((one) => (typeof one === 'object' && one !== null && 'eventId' in one ? [one.eventId] : []));
    expect(ids(readAll([firstExample]))).toHaveLength(2);
    expect(ids(readAll([...secondExample]))).toHaveLength(2);
  });

  it('sets aside what is no JSON, and drops what was cut short', () => {
    expect(readAll(['data: {"a":\n\n', event('b'), 'data: {"eventId":"c', 'ut'])).toEqual([
      ['is no JSON', '{"a":'],
      { eventId: 'b', timestamp: 1619253856100 },
    ]);
  });

  it('a message that is too large is set aside with its beginning, and the stream goes on', () => {
    const piece = 'x'.repeat(65_536);
    const large = Array.from({ length: maxMessageLength / piece.length + 40 }, () => piece);
    const all = readAll([event('a'), 'data: {"eventId":"big","note":"', ...large, '"}\n\n', event('b')]);
    expect(all).toHaveLength(3);
    expect(all[1]).toEqual([
      `is longer than ${maxMessageLength} characters`,
      expect.stringMatching(/^data: \{"eventId":"big","note":"x{9000}/),
    ]);
    expect(all[2]).toEqual({ eventId: 'b', timestamp: 1619253856100 });
  });
});

describe('retrieveEventFeedThroughServerSentEvent', () => {
  it('asks as in the example and hands out signs of life and events', async () => {
    const { stream, requests } = await playing((response) => {
      start(response).write(comment);
      setTimeout(() => response.write(event('a') + event('b')), 20);
    });
    const filter = { interactionTypes: ['EMAIL', 'SMS'], callCenterIds: [11363], serviceIds: [93140] };
    expect(await take(stream({ count: 500, filter }), 2)).toMatchObject([
      { kind: 'idle', token: undefined },
      { kind: 'events', events: [{ eventId: 'a' }, { eventId: 'b' }], unreadable: [], token: 'b' },
    ]);
    expect(requests()[0]).toMatchObject({ verb: 'POST', path: '/realtime/event/feed/sse?count=500' });
    expect(requests()[0]!.headers).toMatchObject({
      accept: 'text/event-stream, application/json',
      'content-type': 'application/json',
    });
    expect(JSON.parse(requests()[0]!.body)).toEqual({
      token: '',
      filter: {
        interactionType: [{ type: 'EMAIL' }, { type: 'SMS' }],
        callCenter: [{ id: 11363 }],
        service: [{ id: 93140 }],
      },
    });
  });

  it('goes on from the last event over connections that end or break, and gives no event twice', async () => {
    const { stream, tokens, clock } = await playing((response, nth) => {
      start(response);
      if (nth === 1) response.end(event('a') + event('b'));
      else if (nth === 2) response.write(`${event('b')}${event('c')}data: {"eventId":"d`, () => response.destroy());
      else response.write(event('d'));
    });
    expect(await take(stream({ token: 'start' }), 3)).toMatchObject([
      { kind: 'events', events: [{ eventId: 'a' }, { eventId: 'b' }], token: 'b' },
      { kind: 'events', events: [{ eventId: 'c' }], token: 'c' },
      { kind: 'events', events: [{ eventId: 'd' }], token: 'd' },
    ]);
    expect(tokens()).toEqual(['start', 'b', 'c']);
    expect(clock.slept).toEqual([375, 375]);
  });

  it('an event that cannot be read is set aside, and the stream gets past it', async () => {
    const { stream, tokens } = await playing((response, nth) => {
      if (nth === 1) start(response).end('data: {"eventId":"odd","timestamp":"soon"}\n\n');
      else start(response).write('data: words\n\n');
    });
    expect(await take(stream({ token: 'start' }), 2)).toEqual([
      {
        kind: 'events',
        events: [],
        unreadable: [{ raw: '{"eventId":"odd","timestamp":"soon"}', reason: '"timestamp" is no instant we can read' }],
        token: 'odd',
      },
      { kind: 'events', events: [], unreadable: [{ raw: 'words', reason: 'is no JSON' }], token: 'odd' },
    ]);
    expect(tokens()).toEqual(['start', 'odd']);
  });

  it('a token older than 24 hours is a gap', async () => {
    const { stream, tokens } = await playing((response, nth) => {
      if (nth === 1) json(response, 400, { code: 202, message: 'Time "…" is more than 24 hours old.' });
      else start(response).write(event('a'));
    });
    expect(await take(stream({ token: 'old' }), 2)).toMatchObject([
      { kind: 'gap', lostToken: 'old', token: undefined },
      { kind: 'events', token: 'a' },
    ]);
    expect(tokens()).toEqual(['old', '']);
  });

  it('a connection that ends before its first event leaves a gap', async () => {
    const { stream } = await playing((response, nth) => {
      if (nth === 1) start(response).end(comment);
      else start(response).write(event('a'));
    });
    expect((await take(stream(), 3)).map(({ kind }) => kind)).toEqual(['idle', 'gap', 'events']);
  });

  it.each([true, false])('reads gzip as it arrives, with and without a header (%s)', async (isNamed) => {
    const { stream, requests } = await playing((response) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        ...(isNamed ? { 'content-encoding': 'gzip' } : {}),
      });
      // Not ended: what has come must be given out before the rest is there.
      const bytes = gzipSync(event('a') + event('b'.repeat(100)));
      response.write(bytes.subarray(0, 1));
      setTimeout(() => response.write(bytes.subarray(1, -8)), 20);
    });
    expect(await take(stream({ token: 't', gzip: true }), 1)).toMatchObject([{ kind: 'events' }]);
    expect(requests()[0]!.headers['accept-encoding']).toBe('gzip');
  });

  it('gives up after eight bad connections in a row, with waits that double', async () => {
    const { stream, tokens, clock } = await playing((response) => void start(response).end());
    await expect(take(stream({ token: 't' }), 1)).rejects.toThrow(RetriableError);
    expect(tokens()).toHaveLength(8);
    expect(clock.slept).toEqual([750, 1500, 3000, 6000, 12000, 24000, 45000]);
  });

  it('a refusal is an error at once', async () => {
    const { stream, tokens } = await playing((response) => json(response, 400, { code: 42, message: 'no' }));
    await expect(take(stream({ token: 't' }), 1)).rejects.toThrow(FatalError);
    expect(tokens()).toHaveLength(1);
  });

  it('ends with the signal, while waiting for bytes, and frees its lane', async () => {
    const { stream } = await playing((response, nth) => void start(response).write(nth === 1 ? comment : event('a')));
    const stop = new AbortController();
    const feed = async (): Promise<void> => {
      for await (const _ of stream({}, stop.signal)) setTimeout(() => stop.abort(new Error('enough')), 20);
    };
    await expect(feed()).rejects.toThrow('enough');
    expect(await take(stream(), 1)).toMatchObject([{ kind: 'events' }]);
  });

  it('ends when the client is closed', async () => {
    const { stream, client } = await playing((response) => void start(response).write(comment));
    const feed = async (): Promise<void> => {
      for await (const _ of stream()) setTimeout(() => void client.close(), 20);
    };
    await expect(feed()).rejects.toThrow('was closed');
  });
});

describe('chooseReopenDelayMs', () => {
  it('doubles from half a second to a minute, and spreads over half of it', () => {
    expect([0, 1, 2, 20].map((failures) => chooseReopenDelayMs(failures, 0))).toEqual([250, 500, 1000, 30_000]);
    expect(chooseReopenDelayMs(20, 0.999)).toBeLessThanOrEqual(60_000);
  });
});

describe('against the sandbox', () => {
  it.each([{}, { feedEncoding: false }])(
    'brings every event once, over closed connections, compressed or not (%j)',
    async (dialect) => {
      const sandbox = await startSandbox({ contacts: 5, feedKeepAliveMs: 20, feedIdleMs: 60, dialect });
      const { clientName, userName, password, accessToken } = sandbox.credentials;
      const credentials = { clientName, userName, password: secret(password), accessToken: secret(accessToken) };
      const client: LiveVoxClient = makeClient(sandbox.url, { credentials });
      open.push(client, sandbox);
      const push = async (): Promise<void> => {
        const body = JSON.stringify({ feed: 'interaction', generate: 300, timestamps: 'mixed', raw: ['{"broken'] });
        const headers = { 'content-type': 'application/json' };
        await fetch(`${sandbox.url}/sandbox/events`, { method: 'POST', headers, body });
      };
      for (const gzip of [false, true]) {
        const ids: string[] = [];
        let broken = 0;
        let pushes = 0;
        for await (const step of client.realtime.retrieveEventFeedThroughServerSentEvent({ gzip, count: 500 })) {
          if (step.kind === 'events') {
            ids.push(...step.events.map(({ eventId }) => eventId));
            broken += step.unreadable.length;
          } else if (step.kind === 'idle' && pushes < 3 && ids.length === pushes * 300) {
            pushes += 1;
            await push();
          } else if (ids.length >= 900) break;
        }
        expect(ids).toHaveLength(900);
        expect(new Set(ids).size).toBe(900);
        expect(broken).toBeGreaterThanOrEqual(3);
      }
    },
  );
});

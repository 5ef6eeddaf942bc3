import { Buffer } from 'node:buffer';
import { get, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Caller, setup, startedAt } from '../caller.ts';
import { toShape } from '../shape.ts';

const hourMs = 3_600_000;
const tokenForm = /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-8080-808080808080$/;
const agentFeed = '/realtime/agentEvent/feed';
const feed = '/realtime/event/feed';

type FeedBody = { readonly token: string; readonly agentEvent: unknown[]; readonly events: Record<string, unknown>[] };

/** Held requests answer quickly. */
function setupFeed(options: Parameters<typeof setup>[0] = {}): Promise<Caller> {
  return setup({ feedHoldMs: 30, ...options });
}

async function read({ call }: Caller, path: string, body: unknown, headers = {}): Promise<FeedBody> {
  const reply = await call('POST', path, body, { 'accept-encoding': 'identity', ...headers });
  expect(reply.status).toBe(200);
  return reply.body as FeedBody;
}

async function push({ call }: Caller, body: Record<string, unknown>): Promise<string[]> {
  const reply = await call('POST', '/sandbox/events', body);
  expect(reply.status).toBe(201);
  return (reply.body as { eventIds: string[] }).eventIds;
}

/** The agent event of the page. */
const agentEvent = {
  timestamp: 1463032800000,
  clientId: 47415,
  agentId: 393601,
  agentServiceId: 47416,
  agentTeamId: 1234,
  lineNumber: 'ACD',
  eventType: 'NOT_READY',
  notReadyReasonCode: 'OTHER',
  callServiceId: 47416,
  transactionId: 51296267124,
  sessionId: 'U112FFCT234F79@104.403.828.68',
  phoneNumber: '6503517450',
  result: 'AGENT - Customer Hung Up',
  campaignType: 'OUTBOUND',
  agent2Id: 393601,
  supervisorSessionId: 'U112FF324341F79@103.403.88.68',
  supervisorPhoneNumber: '6503517513',
  seqNum: 123,
  eventId: 'cid=47315:aid=393401:time=146303243000:seq=123',
};

/** The two interaction events of the page, and the filter that goes with them. */
const sms = {
  eventId: '41e22410-a4d9-11eb-abe6-bd1649d297a6',
  interactionType: 'SMS',
  clientId: '93119',
  callCenterId: '11363',
  serviceId: '93140',
  timestamp: '2021-04-24T04:44:08.000-04:00',
  campaignId: '29161334',
  sessionId: '93140-55926849742-1619253848682',
  phoneNumber: '4154164061',
  acctTransactionId: '55926849742',
  eventType: 'Attempt',
  threadId: '55926849742',
  accountNumber: '13213',
  campaignType: 'OB',
  carrier: 'sap_sms365',
  smsCode: '53063',
};
const email = {
  eventId: '41e928f0-a4d9-11eb-abe6-bd1649d297a6',
  interactionType: 'Email',
  clientId: '93119',
  callCenterId: '11363',
  serviceId: '93140',
  timestamp: '2021-04-24T04:44:15.106-04:00',
  campaignId: '29161335',
  sessionId: '93140_55926849743_1619253855019',
  fromEmail: 'qa@livevox.com',
  toEmail: 'kyargal@livevox.com',
  acctTransactionId: '55926849743',
  eventType: 'Attempt',
  threadId: null,
  accountNumber: 'APIQAE1234',
  campaignType: 'OB',
  carrier: 'sendgrid',
};
const voice = {
  eventId: '63ce1280-0384-11ee-8d7c-873023fbd061',
  callEventType: 'CALL_START',
  interactionType: 'VOICE',
  transactionId: 1229726123859,
  clientId: 83424,
  serviceId: 149926,
  callCenterId: 6799,
  sessionId: 'U5BT647DAC80@10.111.17.102',
  start: '2023-06-05T09:36:00.000Z',
  timestamp: '2023-06-05T09:36:00.000Z',
};
const filter = {
  interactionType: [{ type: 'EMAIL' }, { type: 'SMS' }],
  callCenter: [{ id: 11363 }],
  service: [{ id: 93140 }],
};

describe('the agent event feed', () => {
  it('gives a token first, to an empty request, and events from then on', async () => {
    const caller = await setupFeed();
    await push(caller, { feed: 'agent', events: [agentEvent] });
    const first = await read(caller, agentFeed, undefined);
    expect(first).toEqual({ agentEvent: [], token: expect.stringMatching(tokenForm) });
    await push(caller, { feed: 'agent', events: [agentEvent] });
    const second = await read(caller, agentFeed, { token: first.token });
    expect(second).toEqual({ agentEvent: [agentEvent], token: expect.stringMatching(tokenForm) });
    expect(second.token).not.toBe(first.token);
    expect((await read(caller, agentFeed, { token: second.token })).agentEvent).toEqual([]);
  });

  it('passes a thousand events at most, and the rest with the next token', async () => {
    const caller = await setupFeed();
    const { token } = await read(caller, agentFeed, {});
    const pushed = await push(caller, { feed: 'agent', generate: 1500, ids: 'mixed', timestamps: 'mixed' });
    const first = await read(caller, agentFeed, { token });
    const second = await read(caller, agentFeed, { token: first.token });
    expect([first.agentEvent.length, second.agentEvent.length]).toEqual([1000, 500]);
    const got = [...first.agentEvent, ...second.agentEvent] as { eventId: string }[];
    expect(got.map(({ eventId }) => eventId)).toEqual(pushed);
  });
});

describe('the interaction event feed', () => {
  it('gives a token first', async () => {
    const caller = await setupFeed();
    // The example's path is `/realtime/callEvent/feed`, the deprecated method; the heading's is the right one.
    expect(await read(caller, feed, { token: '' })).toEqual({ token: expect.stringMatching(tokenForm), events: [] });
  });

  it('gives what passes the filter, in the order it happened', async () => {
    const caller = await setupFeed();
    const { token } = await read(caller, feed, { token: '' });
    await push(caller, { feed: 'interaction', events: [sms, voice, { ...sms, serviceId: 5 }, email] });
    const filtered = await read(caller, `${feed}/?count=500`, { token, filter });
    expect(filtered.events).toEqual([sms, email]);
    const everything = await read(caller, `${feed}/?count=500`, { token });
    expect(everything.events).toEqual([sms, voice, { ...sms, serviceId: 5 }, email]);
    expect((await read(caller, feed, { token: filtered.token })).events).toEqual([]);
  });

  it('holds a request without news, and lets it go when something happens', async () => {
    const caller = await setup({ feedHoldMs: 10_000 });
    const { token } = await read(caller, feed, {});
    const held = read(caller, feed, { token });
    await push(caller, { feed: 'agent', events: [agentEvent] });
    await push(caller, { feed: 'interaction', events: [sms] });
    expect((await held).events).toEqual([sms]);
  });

  it('answers a new token after the hold, and also when the clock is set past it', async () => {
    const quick = await setupFeed();
    const first = await read(quick, feed, {});
    const started = performance.now();
    const second = await read(quick, feed, { token: first.token });
    expect(performance.now() - started).toBeGreaterThan(25);
    expect(second).toEqual({ token: expect.stringMatching(tokenForm), events: [] });
    expect(second.token).not.toBe(first.token);
    const slow = await setup({ feedHoldMs: 60_000 });
    const held = read(slow, feed, { token: (await read(slow, feed, {})).token });
    await slow.call('POST', '/sandbox/clock', { offsetMs: 60_000 });
    expect((await held).events).toEqual([]);
  });

  it('takes tokens for 24 hours, and then says so as the page has it', async () => {
    const caller = await setupFeed();
    const { token } = await read(caller, feed, {});
    await push(caller, { feed: 'interaction', events: [sms] });
    // In steps, so that the session does not end.
    for (let hour = 1; hour <= 24; hour += 1) {
      await caller.call('POST', '/sandbox/clock', { offsetMs: hour * hourMs });
      await read(caller, feed, {});
    }
    expect((await read(caller, feed, { token })).events).toEqual([sms]);
    await caller.call('POST', '/sandbox/clock', { offsetMs: 24 * hourMs + 1000 });
    for (const [path, name] of [
      [feed, token],
      [`${feed}/sse`, token],
    ] as const) {
      const reply = await caller.call('POST', path, { token: name });
      expect(reply.status).toBe(400);
      expect(reply.body).toEqual({ code: 202, message: expect.stringMatching(/is more than 24 hours old/) });
    }
  });

  it('reads the page’s own token, which carries its time', async () => {
    const { call } = await setupFeed();
    const old = { callCenter: [{ id: 7432 }], service: [{ id: 83626 }] };
    const body = { token: 'd57fa600-9117-11eb-8080-808080808080', filter: { ...filter, ...old } };
    const reply = await call('POST', feed, body);
    const message =
      'Time "2021-03-30 01:21:51-0400" is more than 24 hours old. This type of data is kept for 24 hours.';
    expect([reply.status, reply.body]).toEqual([400, { code: 202, message }]);
  });

  it.each([
    ['a count of 499', '?count=499', {}],
    ['a count of 1001', '?count=1001', {}],
    ['a token that is none', '', { token: 'nonsense' }],
    ['a filter that is not on the page', '', { filter: { agent: [{ id: 1 }] } }],
    ['an attribute that is not on the page', '', { since: 1 }],
  ])('refuses %s', async (_, query, body) => {
    const { call } = await setupFeed();
    const reply = await call('POST', feed + query, body);
    expect([reply.status, reply.body]).toEqual([400, { code: 203, message: expect.any(String) }]);
  });

  it.each([
    ['Sysadmin', 200],
    ['Manager', 200],
    ['Superuser', 403],
    ['IT User', 403],
    ['Report Admin', 403],
  ] as const)('%s gets %i from all three', async (role, status) => {
    const { call } = await setup({ feedIdleMs: 0, users: [{ userName: 'one', password: 'secret', role }] });
    for (const path of [agentFeed, feed, `${feed}/sse`]) expect((await call('POST', path, {})).status).toBe(status);
  });

  it.each([true, false])('is compressed for who asks, and says so: %s', async (feedEncoding) => {
    const { sandbox, sessionId } = await setupFeed({ dialect: { feedEncoding } });
    const headers = { 'lv-session': sessionId, 'content-type': 'application/json', 'accept-encoding': 'gzip' };
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      request(sandbox.url + feed, { method: 'POST', headers }, resolve)
        .on('error', reject)
        .end('{}');
    });
    expect(response.headers['content-encoding']).toBe(feedEncoding ? 'gzip' : undefined);
    const text = gunzipSync(Buffer.from(await buffer(response))).toString();
    expect(JSON.parse(text)).toMatchObject({ events: [] });
  });
});

describe('made-up events', () => {
  async function generate(options: Record<string, unknown>): Promise<Record<string, unknown>[]> {
    const caller = await setupFeed();
    const { token } = await read(caller, feed, {});
    await push(caller, { feed: 'interaction', generate: 50, ...options });
    return (await read(caller, feed, { token })).events;
  }

  it('are the same for the same seed, of all kinds, in the shape of the page', async () => {
    const events = await generate({ seed: 7 });
    expect(events).toEqual(await generate({ seed: 7 }));
    expect(events).not.toEqual(await generate({ seed: 8 }));
    const kinds = new Set(events.map((event) => event['callEventType'] ?? event['interactionType']));
    expect(kinds).toEqual(new Set(['SMS', 'Email', 'CALL_START', 'CALL_DISPOSITION', 'CALL_TERMINATION']));
    expect(toShape(events.find((event) => event['interactionType'] === 'SMS' && event['threadId'] !== null))).toEqual(
      toShape(sms),
    );
    expect(toShape(events.find((event) => event['interactionType'] === 'Email' && event['threadId'] === null))).toEqual(
      toShape(email),
    );
  });

  it.each([
    ['number', startedAt],
    ['digits', String(startedAt)],
    ['iso', '2026-11-19T12:00:00.000-05:00'],
    ['broken', '2026-11-19T12:00:00-000-05:00'],
    ['null', 'null'],
  ])('have instants as %s', async (timestamps, expected) => {
    const [event] = await generate({ timestamps });
    expect(event?.['timestamp']).toBe(expected);
  });

  it.each(['number', 'string'])('have ids as %s', async (ids) => {
    for (const event of await generate({ ids })) expect(typeof event['serviceId']).toBe(ids);
  });

  it('what nobody can read is passed on', async () => {
    const caller = await setupFeed();
    const { token } = await read(caller, feed, {});
    await push(caller, {
      feed: 'interaction',
      raw: ['{"eventId":', '17', '{"a":1}'],
      events: [{ interactionType: 'SMS' }],
    });
    const { events } = await read(caller, feed, { token });
    expect(events.slice(1)).toEqual(['{"eventId":', 17, { a: 1 }]);
    expect(events[0]).toEqual({
      interactionType: 'SMS',
      eventId: expect.stringMatching(/-abe6-bd1649d297a6$/),
      timestamp: '2026-11-19T12:00:00.000-05:00',
    });
  });
});

it('a reader who goes away does not disturb the others', async () => {
  const caller = await setupFeed();
  const { sandbox, sessionId } = caller;
  await new Promise<void>((resolve) => {
    const gone = get(sandbox.url + feed, { method: 'POST', headers: { 'lv-session': sessionId } });
    gone.on('error', () => resolve());
    gone.write('{}', () => gone.destroy(new Error('gone')));
  });
  expect((await read(caller, feed, {})).events).toEqual([]);
});

/**
 * The long-polled feeds: the examples of the page, servers that answer oddly, and the sandbox.
 */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../src/errors.ts';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
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

type Answers = readonly (readonly [status: number, body: unknown])[];

/** A client whose LiveVox gives these answers one after another, the last one for ever. */
async function answering(...answers: Answers) {
  const server = await startOddServer(
    afterLogin((response, nth) => {
      const [status, body] = answers[Math.min(nth, answers.length) - 1]!;
      if (Buffer.isBuffer(body)) response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      else json(response, status, body);
    }),
  );
  const clock = makeStillClock();
  const client = makeClient(server.baseUrl, { clock });
  open.push(client, server);
  const requests = (): SeenRequest[] => server.requests.filter(({ path }) => !path.startsWith('/session/'));
  return { realtime: client.realtime, requests, clock };
}

/** The first steps of a feed. */
async function take<Step>(feed: AsyncIterable<Step>, count: number): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const step of feed) {
    steps.push(step);
    if (steps.length === count) break;
  }
  return steps;
}

const agentExample = {
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
  eventId: '34740850-0384-11ee-a680-714d10a96a0a',
  interactionType: 'Email',
  clientId: '83424',
  timestamp: '2023-06-05T05:34:39.968-04:00',
  fromEmail: 'qa@livevox.com',
  toEmail: 'kyargal@livevox.com',
  acctTransactionId: '1229726123830',
  eventType: 'Attempt',
  threadId: null,
  campaignTypeId: '11',
  callStartTime: '1685957638000',
};

const termination = {
  eventId: '6fbabee0-0384-11ee-a680-714d10a96a0a',
  callEventType: 'CALL_TERMINATION',
  interactionType: 'VOICE',
  transactionId: 1229726123859,
  clientId: 83424,
  sessionId: 'U5BT647DAC80@10.111.17.102',
  campaignId: 751740268,
  phoneDialed: '6283860755',
  account: 'asd1',
  agentId: '544004',
  start: '2023-06-05T09:36:00.000Z',
  end: '2023-06-05T09:36:14.000Z',
  timestamp: '2023-06-05T09:36:14.000Z',
  callerId: null,
  serviceLevelThreshold: 20,
  duration: 12,
  agentSkillId: '',
  lvResultId: 661,
  priority: 308,
  operatorTransferSuccessful: 1,
  operatorTransfer: 1,
};

const disposition = {
  eventId: '8ddc5e60-0384-11ee-a680-714d10a96a0a',
  callEventType: 'CALL_DISPOSITION',
  interactionType: 'VOICE',
  transactionId: 1229726123859,
  campaignId: null,
  phoneDialed: null,
  account: null,
  areaCodeState: 'null',
  zipCode: 'null',
  start: '2023-06-05T09:36:00.000Z',
  timestamp: '2023-06-05T09:37:05.611Z',
};

describe('retrieveAgentEventFeed', () => {
  it('asks and reads as in the examples: a first token, then what has happened since', async () => {
    const first = { agentEvent: [], token: 'cfaf0a70-1c52-11e6-8080-808080808080' };
    const second = { agentEvent: [agentExample], token: 'aea12ef0-1809-11e6-af08-8f619b2ec41c' };
    const { realtime, requests, clock } = await answering([200, first], [200, second]);
    expect(await take(realtime.retrieveAgentEventFeed(), 2)).toEqual([
      { kind: 'idle', token: first.token },
      {
        kind: 'events',
        events: [
          {
            ...agentExample,
            timestamp: new Date(1463032800000),
            clientId: '47415',
            agentId: '393601',
            agentServiceId: '47416',
            agentTeamId: '1234',
            callServiceId: '47416',
            transactionId: '51296267124',
            agent2Id: '393601',
          },
        ],
        unreadable: [],
        token: second.token,
      },
    ]);
    expect(requests().map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/realtime/agentEvent/feed', {}],
      ['/realtime/agentEvent/feed', { token: first.token }],
    ]);
    expect(clock.slept).toEqual([]);
  });

  it('goes on from a kept token; an answer without one leaves it', async () => {
    const { realtime, requests } = await answering([200, { agentEvent: null, token: 'null' }]);
    expect(await take(realtime.retrieveAgentEventFeed({ token: 'kept' }), 1)).toEqual([
      { kind: 'idle', token: 'kept' },
    ]);
    expect(JSON.parse(requests()[0]!.body)).toEqual({ token: 'kept' });
  });

  it('an idle answer that comes at once is not asked for again at once', async () => {
    const { realtime, clock } = await answering([200, { agentEvent: [], token: 't' }]);
    await take(realtime.retrieveAgentEventFeed({ token: 't' }), 3);
    expect(clock.slept).toEqual([1000, 1000]);
  });
});

describe('retrieveInteractionEventFeed', () => {
  const filter = { interactionTypes: ['EMAIL', 'SMS'], callCenterIds: [11363], serviceIds: ['93140'] };
  const wireFilter = {
    interactionType: [{ type: 'EMAIL' }, { type: 'SMS' }],
    callCenter: [{ id: 11363 }],
    service: [{ id: 93140 }],
  };

  // The example of the first token asks /realtime/callEvent/feed, and those with a count have a slash before the "?".
  it('asks as in the examples, with count and filter', async () => {
    const { realtime, requests } = await answering(
      [200, { token: 'e0646720-a7f3-11eb-8080-808080808080', events: [] }],
      [200, { token: 'c388c0f0-a4d9-11eb-8080-808080808080', events: [sms] }],
    );
    const steps = await take(realtime.retrieveInteractionEventFeed({ count: 500, filter }), 2);
    expect(steps.map(({ kind, token }) => [kind, token])).toEqual([
      ['idle', 'e0646720-a7f3-11eb-8080-808080808080'],
      ['events', 'c388c0f0-a4d9-11eb-8080-808080808080'],
    ]);
    expect(requests().map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ['/realtime/event/feed?count=500', { token: '', filter: wireFilter }],
      ['/realtime/event/feed?count=500', { token: 'e0646720-a7f3-11eb-8080-808080808080', filter: wireFilter }],
    ]);
  });

  it('reads the events of the examples, "null" and "" as missing', async () => {
    const { realtime } = await answering([200, { token: 'b', events: [sms, email, termination, disposition] }]);
    const [step] = await take(realtime.retrieveInteractionEventFeed({ token: 'a' }), 1);
    expect(step).toEqual({
      kind: 'events',
      token: 'b',
      unreadable: [],
      events: [
        { ...sms, timestamp: new Date('2021-04-24T08:44:08.000Z') },
        {
          ...email,
          timestamp: new Date('2023-06-05T09:34:39.968Z'),
          threadId: undefined,
          callStartTime: new Date(1685957638000),
        },
        {
          ...termination,
          transactionId: '1229726123859',
          clientId: '83424',
          campaignId: '751740268',
          lvResultId: '661',
          callerId: undefined,
          agentSkillId: undefined,
          start: new Date('2023-06-05T09:36:00.000Z'),
          end: new Date('2023-06-05T09:36:14.000Z'),
          timestamp: new Date('2023-06-05T09:36:14.000Z'),
        },
        {
          eventId: disposition.eventId,
          callEventType: 'CALL_DISPOSITION',
          interactionType: 'VOICE',
          transactionId: '1229726123859',
          start: new Date('2023-06-05T09:36:00.000Z'),
          timestamp: new Date('2023-06-05T09:37:05.611Z'),
        },
      ],
    });
  });

  it.each([
    [1619253856100, 1619253856100],
    ['1619253856100', 1619253856100],
    ['1619253856', 1619253856000],
    ['2021-04-24T04:44:16.100-04:00', 1619253856100],
    ['2021-04-24T04:44:16-100-04:00', 1619253856100],
    ['2021-04-24T04:44:16-0400', 1619253856000],
    ['2021-04-24 08:44:16', 1619253856000],
    ['null', undefined],
    [null, undefined],
    [0, undefined],
  ])('reads the timestamp %j', async (timestamp, epochMs) => {
    const { realtime } = await answering([200, { token: 'b', events: [{ eventId: 'e', timestamp }] }]);
    const [step] = await take(realtime.retrieveInteractionEventFeed({ token: 'a' }), 1);
    const at = epochMs === undefined ? undefined : new Date(epochMs);
    expect(step).toEqual({ kind: 'events', token: 'b', unreadable: [], events: [{ eventId: 'e', timestamp: at }] });
  });

  it('an event that cannot be read is set aside with its text, and the feed goes on', async () => {
    const odd = [
      { eventId: 'x', timestamp: 'soon' },
      'no event',
      7,
      { eventId: 'null' },
      { eventId: 'y', account: {} },
    ];
    const { realtime } = await answering([200, { token: 'b', events: [sms, ...odd] }]);
    const [step, next] = await take(realtime.retrieveInteractionEventFeed({ token: 'a' }), 2);
    expect(step).toMatchObject({
      events: [{ eventId: sms.eventId }],
      unreadable: [
        { raw: '{"eventId":"x","timestamp":"soon"}', reason: '"timestamp" is no instant we can read' },
        { raw: 'no event', reason: 'is no event' },
        { raw: '7', reason: 'is no event' },
        { raw: '{"eventId":"null"}', reason: '"eventId" has another shape' },
        { raw: '{"eventId":"y","account":{}}', reason: '"account" has another shape' },
      ],
    });
    expect(next).toMatchObject({ kind: 'events', token: 'b' });
  });

  // The example of the page.
  it('a token older than 24 hours is a gap, and the feed goes on with a new one', async () => {
    const message =
      'Time "2021-03-30 01:21:51-0400" is more than 24 hours old. This type of data is kept for 24 hours.';
    const { realtime, requests } = await answering(
      [400, { code: 202, message }],
      [200, { token: 'new', events: [] }],
      [200, { token: 'newer', events: [sms] }],
    );
    const lostToken = 'd57fa600-9117-11eb-8080-808080808080';
    const steps = await take(realtime.retrieveInteractionEventFeed({ token: lostToken, filter }), 3);
    expect(steps).toMatchObject([
      { kind: 'gap', lostToken, token: 'new' },
      { kind: 'idle', token: 'new' },
      { kind: 'events', token: 'newer' },
    ]);
    expect(requests().map(({ body }) => JSON.parse(body).token)).toEqual([lostToken, '', 'new']);
    expect(JSON.parse(requests()[0]!.body).filter).toEqual(wireFilter);
  });

  it('a refusal that a new token does not mend is an error, not a gap', async () => {
    const { realtime } = await answering([400, { code: 202, message: 'no such service' }]);
    await expect(take(realtime.retrieveInteractionEventFeed({ token: 'a' }), 1)).rejects.toThrow(FatalError);
  });

  it('asks for gzip on request, and reads it also without a header', async () => {
    const { realtime, requests } = await answering([200, gzipSync(JSON.stringify({ token: 'b', events: [sms] }))]);
    const [step] = await take(realtime.retrieveInteractionEventFeed({ token: 'a', gzip: true }), 1);
    expect(step).toMatchObject({ kind: 'events', events: [{ eventId: sms.eventId }] });
    expect(requests()[0]!.headers['accept-encoding']).toBe('gzip');
  });

  it('an answer of 1000 long events is read', async () => {
    const events = Array.from({ length: 1000 }, (_, n) => ({ ...sms, eventId: `e${n}`, note: 'x'.repeat(3000) }));
    const { realtime } = await answering([200, { token: 'b', events }]);
    const [step] = await take(realtime.retrieveInteractionEventFeed({ token: 'a' }), 1);
    expect(step?.kind === 'events' && step.events.length).toBe(1000);
  });

  it.each([499, 1001, 700.5])('a count of %d is refused', async (count) => {
    const { realtime } = await answering([200, {}]);
    expect(() => realtime.retrieveInteractionEventFeed({ count })).toThrow(FatalError);
  });

  it.each([[[200, {}]], [[200, 'words']], [[200, { token: 'b', events: [] }]]] as Answers[])(
    'without any token at all the answer is an error: %j',
    async (answer) => {
      const { realtime } = await answering(answer as Answers[number]);
      const feed = take(realtime.retrieveInteractionEventFeed(), 1);
      if (JSON.stringify(answer).includes('token')) expect(await feed).toEqual([{ kind: 'idle', token: 'b' }]);
      else await expect(feed).rejects.toThrow(/in a shape we do not know/);
    },
  );

  it('a server that keeps failing ends the feed after its tries', async () => {
    const { realtime, requests } = await answering([500, {}]);
    await expect(take(realtime.retrieveInteractionEventFeed({ token: 'a' }), 1)).rejects.toThrow(RetriableError);
    expect(requests()).toHaveLength(4);
  });

  it('a held request outlasts the time limit of the client, and ends with the signal', async () => {
    const server = await startOddServer(
      afterLogin((response, nth) => {
        if (nth === 1) setTimeout(() => json(response, 200, { token: 'b', events: [] }), 250);
      }),
    );
    const client = makeClient(server.baseUrl, { requestTimeoutMs: 100 });
    open.push(client, server);
    const stop = new AbortController();
    const seen: unknown[] = [];
    const feed = async (): Promise<void> => {
      for await (const step of client.realtime.retrieveInteractionEventFeed({ token: 'a' }, stop.signal)) {
        seen.push(step);
        setTimeout(() => stop.abort(new Error('enough')), 50);
      }
    };
    await expect(feed()).rejects.toThrow('enough');
    expect(seen).toEqual([{ kind: 'idle', token: 'b' }]);
  });
});

describe('against the sandbox', () => {
  type Feed = 'agent' | 'interaction';
  async function setup(feed: Feed) {
    const sandbox = await startSandbox({ contacts: 5, feedHoldMs: 20 });
    const { clientName, userName, password, accessToken } = sandbox.credentials;
    const credentials = { clientName, userName, password: secret(password), accessToken: secret(accessToken) };
    const client: LiveVoxClient = makeClient(sandbox.url, { credentials });
    open.push(client, sandbox);
    const push = async (events: Record<string, unknown>): Promise<void> => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ feed, ...events });
      const response = await fetch(`${sandbox.url}/sandbox/events`, { method: 'POST', headers, body });
      expect(response.status).toBeLessThan(300);
    };
    return { client, push };
  }

  it.each(['asPrinted', 'number', 'digits', 'iso', 'broken', 'null', 'mixed'])(
    'both feeds bring every event once, with timestamps %s',
    async (timestamps) => {
      for (const feed of ['agent', 'interaction'] as const) {
        const { client, push } = await setup(feed);
        const steps =
          feed === 'agent'
            ? client.realtime.retrieveAgentEventFeed()
            : client.realtime.retrieveInteractionEventFeed({ count: 500 });
        const ids: unknown[] = [];
        for await (const step of steps) {
          if (step.kind === 'idle' && ids.length === 0) {
            await push({ generate: 1200, timestamps, ids: 'mixed', raw: ['{"broken', '[]'] });
            continue;
          }
          if (step.kind === 'idle') break;
          if (step.kind === 'events') ids.push(...step.events.map(({ eventId }) => eventId), ...step.unreadable);
        }
        expect(ids).toHaveLength(1202);
        expect(new Set(ids).size).toBe(1202);
      }
    },
  );
});

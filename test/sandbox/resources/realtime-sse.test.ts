import { type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Caller, setup } from '../caller.ts';

const path = '/realtime/event/feed/sse';
const filter = {
  interactionType: [{ type: 'EMAIL' }, { type: 'SMS' }],
  callCenter: [{ id: 11363 }],
  service: [{ id: 93140 }],
};

/** The first two events of the page's stream, and the one with the broken offset, shortened. */
const place = { clientId: '93119', callCenterId: '11363', serviceId: '93140' };
const first = { eventId: '41e22410-a4d9-11eb-abe6-bd1649d297a6', interactionType: 'SMS', ...place };
const second = { eventId: '41e928f0-a4d9-11eb-abe6-bd1649d297a6', interactionType: 'Email', ...place };
const third = {
  eventId: '41ee8020-a4d9-11eb-abe6-bd1649d297a6',
  interactionType: 'Email',
  ...place,
  timestamp: '2021-04-24T07:52:16-100-04:00',
};
const timestamp = '2021-04-24T07:34:52.000-04:00';

type Stream = {
  readonly response: IncomingMessage;
  /** Resolves with all the text so far once it matches. */
  readonly until: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<void>;
};

/** The page's curl: no `Accept` beside its `*`/`*`. */
async function open(
  { sandbox, sessionId }: Caller,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Stream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = { 'lv-session': sessionId, 'content-type': 'application/json', accept: '*/*', ...headers };
    const call = request(`${sandbox.url}${path}?count=500`, { method: 'POST', headers: sent }, resolve);
    call.on('error', reject).end(JSON.stringify(body));
    onTestFinished(() => void call.destroy());
  });
  const source: Readable = headers['accept-encoding'] === 'gzip' ? response.pipe(createGunzip()) : response;
  let text = '';
  const look = new Set<() => void>();
  source.setEncoding('utf8');
  source.on('data', (piece: string) => {
    text += piece;
    for (const check of look) check();
  });
  source.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => source.on('end', resolve));
  const until = (pattern: RegExp): Promise<string> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!pattern.test(text)) return;
        look.delete(check);
        resolve(text);
      };
      look.add(check);
      check();
    });
  return { response, until, ended };
}

function push({ call }: Caller, events: readonly unknown[], raw: readonly string[] = []): Promise<unknown> {
  return call('POST', '/sandbox/events', { feed: 'interaction', events, raw });
}

/** The events of a stream's text. */
function readEvents(text: string): unknown[] {
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
}

describe('the feed as server-sent events', () => {
  it('without a token tells what happens from now on, with comments in between', async () => {
    const caller = await setup({ feedKeepAliveMs: 20 });
    await push(caller, [third]);
    const stream = await open(caller, { token: '', filter });
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    expect(await stream.until(/^: keepalive/m)).toMatch(/^: keepalive 2026-11-19 12:00:00-0500\n\n/);
    const events = [first, second].map((event) => ({ timestamp, ...event }));
    await push(caller, [events[0], { ...first, serviceId: '5' }, events[1]]);
    const text = await stream.until(/41e928f0.*\n\n: keepalive/s);
    expect(readEvents(text)).toEqual(events);
    expect(text.split('\n\n').filter((message) => message.startsWith('data: '))).toHaveLength(2);
  });

  it('goes on after the eventId of the last event seen', async () => {
    const caller = await setup({ feedKeepAliveMs: 20 });
    const events = [first, second].map((event) => ({ timestamp, ...event }));
    await push(caller, [...events, third]);
    const stream = await open(caller, { token: first.eventId, filter });
    expect(readEvents(await stream.until(/: keepalive/))).toEqual([events[1], third]);
  });

  it('goes on after a token of the long poll', async () => {
    const caller = await setup();
    const { token } = (await caller.call('POST', '/realtime/event/feed', {})).body as { token: string };
    await push(caller, [third]);
    const stream = await open(caller, { token });
    expect(readEvents(await stream.until(/41ee8020.*\n\n/))).toEqual([third]);
  });

  it('is closed after a time without events, which begins again with each', async () => {
    const caller = await setup({ feedIdleMs: 60, feedKeepAliveMs: 25 });
    const stream = await open(caller, {});
    const started = performance.now();
    await stream.until(/: keepalive/);
    await push(caller, [first]);
    await stream.ended;
    expect(performance.now() - started).toBeGreaterThan(75);
    expect(await stream.until(/closed/)).toMatch(/\n\n: closed, no events 2026-11-19 12:00:00-0500\n\n$/);
  });

  it('is closed when the clock is set five minutes ahead', async () => {
    const caller = await setup();
    const stream = await open(caller, {});
    await caller.call('POST', '/sandbox/clock', { offsetMs: 300_000 });
    await stream.ended;
  });

  it('passes on what nobody can read, line by line', async () => {
    const caller = await setup();
    const stream = await open(caller, {});
    await push(caller, [], ['{"eventId":\n oops', 'more']);
    expect(await stream.until(/more/)).toBe('data: {"eventId":\ndata:  oops\n\ndata: more\n\n');
  });

  it('sends each event at once also when compressed', async () => {
    const caller = await setup();
    const stream = await open(caller, {}, { 'accept-encoding': 'gzip' });
    await push(caller, [first]);
    await stream.until(/41e22410/);
    await push(caller, [second]);
    await stream.until(/41e928f0/);
  });

  it('answers errors as JSON, and 406 to who cannot read events', async () => {
    const caller = await setup();
    const accept = 'text/event-stream, application/json';
    const refused = await caller.call('POST', `${path}?count=5`, {}, { accept });
    expect([refused.status, refused.body]).toEqual([400, { code: 203, message: expect.any(String) }]);
    expect((await caller.call('POST', path, {}, { accept: 'application/json' })).status).toBe(406);
    expect((await caller.call('POST', path, undefined, { accept })).status).toBe(400);
  });
});

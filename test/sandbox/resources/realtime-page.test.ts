/**
 * Every example of the vendor's page Real-Time Reporting API against the sandbox: the printed request is accepted; events and calls
 * come back as printed, and statistics, which the sandbox counts itself, have all the attributes and kinds of values.
 */
import { describe, expect, it } from 'vitest';
import { exampleNames, type PageExample, readExample, readPrintedEvents } from '../../livevox/realtime-page.ts';
import { type Caller, type Reply, setup } from '../caller.ts';
import { toShape } from '../shape.ts';

const tokenForm = /^[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-8080-808080808080$/;

/** Sends what is printed, with changes where the page's own tokens are too old. */
function ask({ call }: Caller, { verb, path, body }: PageExample, changes?: Record<string, unknown>): Promise<Reply> {
  const sent = changes === undefined ? body : { ...(body as object), ...changes };
  return call(verb, path, sent, { 'accept-encoding': 'identity' });
}

const firstTokens = { 'agent-feed-first-token': 'agentEvent', 'interaction-feed-first-token': 'events' };
const feeds = {
  'agent-feed': 'agent',
  'interaction-feed': 'interaction',
  'interaction-feed-multiple-events': 'interaction',
};
const streams = ['interaction-stream', 'interaction-stream-resumed'];
const oldToken = 'interaction-feed-old-token';
const calls = { 'call-metadata-in-call': null, 'call-metadata-post-call': 1368006243000 };
const reports = [
  ...['agent-averages', 'agent-statistics', 'agent-statistics-ex', 'agent-status', 'calls-on-hold'],
  ...['campaign-statistics', 'live-connects', 'service-statistics'],
];

it('every example of the page has its test', () => {
  const tested = [
    ...Object.keys(firstTokens),
    ...Object.keys(feeds),
    ...streams,
    oldToken,
    ...Object.keys(calls),
    ...reports,
  ];
  expect(exampleNames).toEqual(tested.sort());
});

describe('the feeds answer as printed', () => {
  it.each(Object.entries(firstTokens))('%s', async (name, attribute) => {
    const example = readExample(name);
    expect(JSON.parse(example.text)).toEqual({ token: expect.stringMatching(tokenForm), [attribute]: [] });
    const reply = await ask(await setup(), example);
    expect([reply.status, reply.body]).toEqual([
      example.status,
      { token: expect.stringMatching(tokenForm), [attribute]: [] },
    ]);
  });

  it.each(Object.entries(feeds))('%s', async (name, feed) => {
    const example = readExample(name);
    const caller = await setup({ feedHoldMs: 20 });
    const { token } = (await ask(caller, readExample(`${feed}-feed-first-token`))).body as { token: string };
    await caller.call('POST', '/sandbox/events', { feed, events: readPrintedEvents(example) });
    const reply = await ask(caller, example, { token });
    expect([reply.status, reply.body]).toEqual([
      example.status,
      { ...JSON.parse(example.text), token: expect.stringMatching(tokenForm) },
    ]);
  });

  it.each(streams)('%s', async (name) => {
    const { call, sandbox, sessionId } = await setup({ feedKeepAliveMs: 20, feedIdleMs: 300 });
    const { verb, path, body } = readExample(name);
    const printed = readPrintedEvents(readExample(name));
    const push = (events: readonly unknown[]): Promise<unknown> =>
      call('POST', '/sandbox/events', { feed: 'interaction', events });
    // The second stream goes on after the first event of the first.
    const [first] = readPrintedEvents(readExample('interaction-stream'));
    if (name === 'interaction-stream-resumed') await push([first, ...printed]);
    const headers = { 'lv-session': sessionId, 'content-type': 'application/json', 'accept-encoding': 'identity' };
    const response = await fetch(sandbox.url + path, { method: verb, headers, body: JSON.stringify(body) });
    expect(response.status).toBe(200);
    if (name === 'interaction-stream') await push(printed);
    const text = await response.text();
    // As the page has it, but each event on one line, and with the empty lines that part messages.
    const messages = text.split('\n\n').filter((message) => message.startsWith('data: '));
    expect(messages.map((message) => JSON.parse(message.slice('data: '.length)))).toEqual(printed);
    expect(text).toMatch(/^: keepalive \d{4}-\d\d-\d\d \d\d:\d\d:\d\d-0\d00$/m);
  });

  it(oldToken, async () => {
    const example = readExample(oldToken);
    const reply = await ask(await setup(), example);
    expect([reply.status, reply.body]).toEqual([example.status, JSON.parse(example.text)]);
  });
});

describe('the calls answer as printed', () => {
  it.each(Object.entries(calls))('%s', async (name, callEndTime) => {
    const example = readExample(name);
    const caller = await setup();
    await caller.call('PUT', '/sandbox/services/4199', { clientId: 4199, callCenterId: 15 });
    const printed = ['call-metadata-in-call', 'call-metadata-post-call'].map((one) =>
      JSON.parse(readExample(one).text),
    );
    const { consumer, ...fields } = { ...printed[0], ...printed[1] };
    const session = 'UD6134T518A1E40@10.10.112.81';
    const call = { session, transaction: 21162784221, ...consumer, ...fields, callEndTime };
    expect((await caller.call('POST', '/sandbox/calls', call)).status).toBeLessThan(300);
    const reply = await ask(caller, example);
    expect([reply.status, reply.body]).toEqual([example.status, JSON.parse(example.text)]);
  });
});

describe('the statistics answer in the shape printed', () => {
  it.each(reports)('%s', async (name) => {
    const example = readExample(name);
    const caller = await setup();
    for (let id = 1; id <= 12; id += 1)
      await caller.call('PUT', `/sandbox/agents/${id}`, { services: [38049, 38050, 38051] });
    const reply = await ask(caller, example);
    expect(reply.status).toBe(example.status);
    const printed = JSON.parse(example.text);
    const answered = reply.body as Record<string, unknown>;
    expect(Object.keys(answered).sort()).toEqual(Object.keys(printed).sort());
    for (const [attribute, rows] of Object.entries(printed)) {
      if (!Array.isArray(rows)) expect(toShape(answered[attribute])).toEqual(toShape(rows));
      else expectRows(answered[attribute] as unknown[], rows);
    }
  });

  /** All rows have the attributes of all printed ones; a value may be missing where it is missing on either side. */
  function expectRows(answered: readonly unknown[], printed: readonly unknown[]): void {
    expect(answered.length).toBeGreaterThan(0);
    for (const row of printed)
      for (const one of answered) expect(toShape(mask(one, row))).toEqual(toShape(mask(row, one)));
  }

  /** The value with nothing where the other has nothing. */
  function mask(value: unknown, other: unknown): unknown {
    if (other === null) return null;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const others = other as Record<string, unknown>;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, others[key])]));
  }
});

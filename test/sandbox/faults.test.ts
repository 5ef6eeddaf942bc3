import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FaultRule, LogEntry } from '../../src/sandbox/index.ts';
import { type Caller, setup } from './caller.ts';

async function setupFault(...rules: FaultRule[]): Promise<Caller> {
  const caller = await setup({ contacts: 200 });
  expect((await caller.call('POST', '/sandbox/faults', rules)).status).toBe(201);
  return caller;
}

const list = ({ call }: Caller): Promise<number> =>
  call('GET', '/contact/contacts/customFields').then((reply) => reply.status);
const create = ({ call }: Caller, ...accounts: string[]) =>
  call('POST', '/contact/contacts/bulk', { createContactDetails: accounts.map((account) => ({ account })) });
const exists = async ({ call }: Caller, account: string): Promise<boolean> =>
  (await call('GET', `/sandbox/contacts/${account}`)).status === 200;

function open({ sandbox, sessionId }: Caller, encoding: string): Promise<Response> {
  return fetch(`${sandbox.url}/contact/contacts/bulk`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'lv-session': sessionId, 'accept-encoding': encoding },
    body: JSON.stringify({ exportableFields: ['account', 'lastName', 'city', 'email'] }),
  });
}

describe('when a rule applies', () => {
  it('nth is one request of the route, counted from the moment it is set', async () => {
    const caller = await setupFault({ route: 'list-custom-fields', nth: 2, kind: 'status', status: 503 });
    await caller.download({ exportableFields: ['account'] });
    expect([await list(caller), await list(caller), await list(caller)]).toEqual([200, 503, 200]);
  });

  it('times is the first so many, without either it is all, and * is any route', async () => {
    const caller = await setupFault({ route: '*', times: 2, kind: 'status', status: 503 });
    expect([await list(caller), (await create(caller, 'x')).status, await list(caller)]).toEqual([503, 503, 200]);
    await caller.call('POST', '/sandbox/faults', { route: '*', kind: 'status', status: 500 });
    expect([await list(caller), await list(caller)]).toEqual([500, 500]);
    await caller.call('DELETE', '/sandbox/faults');
    expect(await list(caller)).toBe(200);
  });

  it('a rule nobody knows is refused', async () => {
    const { call } = await setup();
    for (const rule of [{ route: '*', kind: 'flood' }, { kind: 'hang' }, { route: '*', kind: 'hang', nht: 1 }]) {
      expect((await call('POST', '/sandbox/faults', [rule])).status).toBe(400);
    }
  });
});

describe('kinds', () => {
  it('status answers in place of the work, with headers and a body of its own', async () => {
    const caller = await setupFault({
      route: 'bulk-create',
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': '7' },
      body: { code: 1, message: 'slow down' },
    });
    const reply = await create(caller, 'x');
    expect([reply.status, reply.headers.get('retry-after'), reply.body]).toEqual([
      429,
      '7',
      { code: 1, message: 'slow down' },
    ]);
    expect(await exists(caller, 'x')).toBe(false);
  });

  it('latency waits before the work', async () => {
    const caller = await setupFault({ route: 'list-custom-fields', kind: 'latency', ms: 60 });
    const startedAt = performance.now();
    expect(await list(caller)).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(55);
  });

  it('reset-before cuts the connection and does nothing', async () => {
    const caller = await setupFault({ route: 'bulk-create', kind: 'reset-before' });
    await expect(create(caller, 'x')).rejects.toThrow();
    expect(await exists(caller, 'x')).toBe(false);
  });

  it('reset-after does the work and cuts the connection', async () => {
    const caller = await setupFault({ route: 'bulk-create', nth: 1, kind: 'reset-after' });
    await expect(create(caller, 'x')).rejects.toThrow();
    expect(await exists(caller, 'x')).toBe(true);
    expect((await create(caller, 'x')).status).toBe(400);
    const { entries } = (await caller.call('GET', '/sandbox/log?route=bulk-create')).body as { entries: LogEntry[] };
    expect(entries.map(({ status, accounts, faults }) => ({ status, accounts, faults }))).toEqual([
      { status: 0, accounts: ['x'], faults: ['reset-after'] },
      { status: 400, accounts: ['x'], faults: undefined },
    ]);
  });

  it('hang never answers, and the log shows the request as running', async () => {
    const caller = await setupFault({ route: 'list-custom-fields', nth: 1, kind: 'hang' });
    const abort = new AbortController();
    const hanging = fetch(`${caller.sandbox.url}/contact/contacts/customFields`, {
      headers: { 'lv-session': caller.sessionId },
      signal: abort.signal,
    });
    const running = async (): Promise<LogEntry[]> => {
      const reply = await caller.call('GET', '/sandbox/log?route=list-custom-fields');
      return (reply.body as { entries: LogEntry[] }).entries;
    };
    await expect.poll(running).toMatchObject([{ status: null, faults: ['hang'] }]);
    expect(await list(caller)).toBe(200);
    abort.abort();
    await expect(hanging).rejects.toThrow();
  });

  it('drop-rows leaves rows out while the count says all', async () => {
    const caller = await setupFault({ route: '*', kind: 'drop-rows', every: 2 });
    expect((await create(caller, 'a', 'b', 'c')).body).toEqual({ message: 'Successfully updated contacts 3' });
    expect([await exists(caller, 'a'), await exists(caller, 'b'), await exists(caller, 'c')]).toEqual([
      true,
      false,
      true,
    ]);
    const contactDnd = ['a', 'c'].map((account) => ({ account, accountBlock: 'PERMANENT' }));
    expect((await caller.call('POST', '/contact/contacts/dnd', { contactDnd })).body).toEqual({ updated: 2 });
    expect([(await caller.held('a'))['accountBlock'], (await caller.held('c'))['accountBlock']]).toEqual([
      'true',
      'false',
    ]);
    await caller.call('PUT', '/sandbox/dialect', { update: '200' });
    const updateContactDetails = ['a', 'c'].map((account) => ({ account, city: 'Here' }));
    const reply = await caller.call('PUT', '/contact/contacts/bulk', { updateContactDetails });
    expect(reply.body).toEqual({ message: 'Successfully updated contacts 2' });
    expect([(await caller.held('a'))['city'], (await caller.held('c'))['city']]).toEqual(['Here', null]);
  });
});

describe('truncate', () => {
  it('looking complete, a plain body ends early without a sign', async () => {
    const caller = await setupFault({ route: 'bulk-download', nth: 1, kind: 'truncate', afterBytes: 500 });
    const cut = Buffer.from(await (await open(caller, 'identity')).arrayBuffer());
    const whole = Buffer.from(await (await open(caller, 'identity')).arrayBuffer());
    expect(cut).toHaveLength(500);
    expect(cut.equals(whole.subarray(0, 500))).toBe(true);
  });

  it('looking complete, a compressed body cannot be unpacked to its end', async () => {
    const caller = await setupFault({ route: 'bulk-download', kind: 'truncate' });
    const bytes = new Uint8Array(await (await open(caller, 'gzip')).arrayBuffer());
    expect(bytes).toHaveLength(1024);
    expect(() => gunzipSync(bytes)).toThrow('unexpected end of file');
  });

  it('a body shorter than the cut is cut at its end', async () => {
    const caller = await setupFault({ route: 'bulk-download', nth: 1, kind: 'truncate', afterBytes: 10_000_000 });
    const cut = await (await open(caller, 'identity')).text();
    const whole = await (await open(caller, 'identity')).text();
    expect(cut).toBe(Buffer.from(whole).subarray(0, -16).toString());
  });

  it.each(['gzip', 'identity'])('looking cut, the connection breaks in the body (%s)', async (encoding) => {
    const caller = await setupFault({ route: 'bulk-download', kind: 'truncate', look: 'cut' });
    const response = await open(caller, encoding);
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

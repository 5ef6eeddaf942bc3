import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FaultRule, LogEntry } from '../../src/sandbox/index.ts';
import { type Caller, login, setup, startedAt } from './caller.ts';

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

it('by probability, the same seed strikes the same requests', async () => {
  const strikes = async (seed: number): Promise<number[]> => {
    const caller = await setupFault({ route: '*', probability: 0.5, seed, kind: 'status', status: 503 });
    const statuses: number[] = [];
    for (let request = 0; request < 40; request += 1) statuses.push(await list(caller));
    return statuses;
  };
  const first = await strikes(7);
  expect(first.filter((status) => status === 503).length).toBeGreaterThan(10);
  expect(first.filter((status) => status === 200).length).toBeGreaterThan(10);
  expect(await strikes(7)).toEqual(first);
  expect(await strikes(8)).not.toEqual(first);
});

describe('rate-limit', () => {
  it.each([
    [{ seconds: 7 }, 429, '7'],
    [{ retryAfter: 'date', seconds: 90 }, 429, new Date(startedAt + 90_000).toUTCString()],
    [{ retryAfter: 'none' }, 429, null],
    [{ status: 503, retryAfter: 'none' }, 503, null],
  ] as const)('%j answers %d with Retry-After %s and does nothing', async (options, status, retryAfter) => {
    const caller = await setupFault({ route: 'bulk-create', nth: 1, kind: 'rate-limit', ...options });
    const reply = await create(caller, 'x');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await exists(caller, 'x')).toBe(false);
    expect((await create(caller, 'x')).status).toBe(200);
  });
});

it('hang-after does the work and never answers', async () => {
  const caller = await setupFault({ route: 'bulk-create', nth: 1, kind: 'hang-after' });
  const abort = new AbortController();
  const hanging = fetch(`${caller.sandbox.url}/contact/contacts/bulk`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'lv-session': caller.sessionId },
    body: JSON.stringify({ createContactDetails: [{ account: 'x' }] }),
    signal: abort.signal,
  });
  await expect.poll(() => exists(caller, 'x')).toBe(true);
  abort.abort();
  await expect(hanging).rejects.toThrow();
});

describe('bodies cut short', () => {
  it('a gzip without its last bytes has all its data and no proof of it', async () => {
    const caller = await setupFault({ route: 'bulk-download', nth: 1, kind: 'truncate', dropBytes: 4 });
    const cut = Buffer.from(await (await open(caller, 'gzip')).arrayBuffer());
    const whole = Buffer.from(await (await open(caller, 'gzip')).arrayBuffer());
    expect(cut.equals(whole.subarray(0, -4))).toBe(true);
    expect(() => gunzipSync(cut)).toThrow('unexpected end of file');
  });

  it('JSON is cut too, looking complete or with the connection', async () => {
    const caller = await setupFault(
      { route: 'list-custom-fields', nth: 1, kind: 'truncate', afterBytes: 100 },
      { route: 'list-custom-fields', nth: 2, kind: 'truncate', look: 'cut' },
    );
    const reply = await caller.call('GET', '/contact/contacts/customFields');
    expect([reply.status, reply.text.length, reply.body]).toEqual([200, 100, undefined]);
    await expect(list(caller)).rejects.toThrow();
    expect(await list(caller)).toBe(200);
  });
});

describe('bulk writes', () => {
  it('drop-rows may count fewer, as all three of them', async () => {
    const caller = await setupFault({ route: '*', kind: 'drop-rows', every: 2, count: 'fewer' });
    expect((await create(caller, 'a', 'b', 'c')).body).toEqual({ message: 'Successfully updated contacts 2' });
    const contactDnd = ['a', 'c'].map((account) => ({ account, accountBlock: 'PERMANENT' }));
    expect((await caller.call('POST', '/contact/contacts/dnd', { contactDnd })).body).toEqual({ updated: 1 });
    await caller.call('PUT', '/sandbox/dialect', { update: '200' });
    const updateContactDetails = ['a', 'c'].map((account) => ({ account, city: 'Here' }));
    const reply = await caller.call('PUT', '/contact/contacts/bulk', { updateContactDetails });
    expect(reply.body).toEqual({ message: 'Successfully updated contacts 1' });
  });

  it('poison-row fails every batch that has the account, whole, and no other', async () => {
    const caller = await setupFault({ route: '*', kind: 'poison-row', account: 'bad', status: 500 });
    expect((await create(caller, 'a', 'bad', 'b')).status).toBe(500);
    expect([await exists(caller, 'a'), await exists(caller, 'b')]).toEqual([false, false]);
    expect((await create(caller, 'a', 'b')).status).toBe(200);
    expect((await create(caller, 'bad')).status).toBe(500);
  });

  it('too-large refuses batches above its rows with 413', async () => {
    const caller = await setupFault({ route: 'bulk-create', kind: 'too-large', rows: 2 });
    expect((await create(caller, 'a', 'b', 'c')).status).toBe(413);
    expect(await exists(caller, 'a')).toBe(false);
    expect((await create(caller, 'a', 'b')).status).toBe(200);
  });
});

it('kill-session ends the session of the request, which a login replaces', async () => {
  const caller = await setupFault({ route: 'list-custom-fields', nth: 2, kind: 'kill-session' });
  expect([await list(caller), await list(caller), await list(caller)]).toEqual([200, 401, 401]);
  const { sessionId } = (await login(caller.sandbox)).body as { sessionId: string };
  expect(sessionId).not.toBe(caller.sessionId);
  const reply = await caller.call('GET', '/contact/contacts/customFields', undefined, { 'lv-session': sessionId });
  expect(reply.status).toBe(200);
});

describe('late-commit', () => {
  const shown = async ({ download }: Caller, window: object = {}): Promise<string[]> =>
    (await download({ exportableFields: ['account', 'city'], ...window }))
      .trimEnd()
      .split('\n')
      .slice(1)
      .filter((line) => /^(x|A0000001),/.test(line));
  const update = ({ call }: Caller, city: string) =>
    call('PUT', '/contact/contacts/bulk', { updateContactDetails: [{ account: 'A0000001', city, active: true }] });
  const passTime = ({ call }: Caller, offsetMs: number) => call('POST', '/sandbox/clock', { offsetMs });

  it('is answered at once, shows later, and carries the time of the write', async () => {
    const caller = await setupFault(
      { route: 'bulk-create', nth: 1, kind: 'late-commit', ms: 60_000 },
      { route: 'bulk-update', nth: 1, kind: 'late-commit', ms: 30_000 },
    );
    const [before] = await shown(caller);
    expect((await create(caller, 'x')).status).toBe(200);
    expect((await update(caller, 'Late')).status).toBe(204);
    expect(await shown(caller)).toEqual([before]);
    expect((await create(caller, 'x')).status).toBe(400);
    expect((await caller.held('A0000001'))['city']).toBe('Late');
    await passTime(caller, 30_000);
    expect(await shown(caller)).toEqual(['A0000001,Late']);
    await passTime(caller, 60_000);
    expect(await shown(caller, { startDate: startedAt, endDate: startedAt })).toEqual(['A0000001,Late', 'x,']);
  });

  it('a later write waits for an earlier one', async () => {
    const caller = await setupFault({ route: 'bulk-update', nth: 1, kind: 'late-commit', ms: 1000 });
    const [before] = await shown(caller);
    await update(caller, 'First');
    await update(caller, 'Second');
    expect(await shown(caller)).toEqual([before]);
    await passTime(caller, 1000);
    expect(await shown(caller)).toEqual(['A0000001,Second']);
  });

  it('holds for reads of one contact and of lists as well', async () => {
    const caller = await setupFault({ route: 'bulk-create', kind: 'late-commit', ms: 1000 });
    await create(caller, 'x');
    const read = () => caller.call('GET', '/contact/contacts/x').then((reply) => reply.status);
    expect(await read()).toBe(404);
    await passTime(caller, 1000);
    expect(await read()).toBe(200);
  });
});

describe('purges', () => {
  it('as a fault come before the work, and the seed chooses whom', async () => {
    const purgedBy = async (seed: number): Promise<string[]> => {
      const caller = await setupFault({ route: 'bulk-download', nth: 2, kind: 'purge', contacts: 5, seed });
      const download = async () => (await caller.download({ exportableFields: ['account'] })).split('\n');
      const before = await download();
      const after = new Set(await download());
      return before.filter((account) => !after.has(account));
    };
    const purged = await purgedBy(3);
    expect(purged).toHaveLength(5);
    expect(await purgedBy(3)).toEqual(purged);
    expect(await purgedBy(4)).not.toEqual(purged);
  });

  it('by hand name whom they took, and end when nobody is left', async () => {
    const { call } = await setup({ contacts: 3 });
    const reply = await call('POST', '/sandbox/purge', { contacts: 2 });
    expect((reply.body as { accounts: string[] }).accounts).toHaveLength(2);
    expect((await call('POST', '/sandbox/purge', { contacts: 2 })).body).toEqual({
      accounts: [expect.stringMatching(/^A000000[123]$/)],
    });
    expect((await call('GET', '/sandbox/count')).body).toEqual({ count: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../src/sandbox/index.ts';
import { type Caller, login, setup, startedAt } from '../caller.ts';

async function logOf({ call }: Caller, query = ''): Promise<LogEntry[]> {
  return ((await call('GET', `/sandbox/log${query}`)).body as { entries: LogEntry[] }).entries;
}

describe('the log', () => {
  it('has every request with its route, status, session and duration, and none of the admin’s', async () => {
    const caller = await setup();
    await caller.call('GET', '/contact/contacts/customFields', undefined, { 'lv-session': 'unknown' });
    await caller.call('GET', '/contact/nowhere');
    await caller.download({ exportableFields: ['account'], startDate: '2026-01-01' });
    const entries = await logOf(caller);
    const shared = { at: startedAt, arrivedMs: expect.any(Number), durationMs: expect.any(Number) };
    expect(entries).toEqual([
      { seq: 1, method: 'POST', path: '/session/login', route: 'login', status: 200, session: null, ...shared },
      {
        seq: 2,
        method: 'GET',
        path: '/contact/contacts/customFields',
        route: 'list-custom-fields',
        status: 401,
        session: null,
        ...shared,
      },
      { seq: 3, method: 'GET', path: '/contact/nowhere', route: null, status: 404, session: null, ...shared },
      {
        seq: 4,
        method: 'POST',
        path: '/contact/contacts/bulk',
        route: 'bulk-download',
        status: 200,
        session: caller.sessionId,
        window: { startDate: '2026-01-01', endDate: null },
        ...shared,
      },
    ]);
  });

  it('names the accounts of a bulk write, in order', async () => {
    const caller = await setup();
    await caller.call('POST', '/contact/contacts/bulk', { createContactDetails: [{ account: 'x' }, { account: 'y' }] });
    await caller.call('PUT', '/contact/contacts/bulk', {
      updateContactDetails: [{ account: 'x' }, { id: 5_000_000_001 }],
    });
    await caller.call('POST', '/contact/contacts/dnd', { contactDnd: [{ account: 'nobody' }] });
    const named = (await logOf(caller)).map((entry) => [entry.route, entry.accounts]);
    expect(named.slice(1)).toEqual([
      ['bulk-create', ['x', 'y']],
      ['bulk-update', ['x', 'id:5000000001']],
      ['multi-dnd', ['nobody']],
    ]);
  });

  it('can be asked by route and by time, and cleared', async () => {
    let now = startedAt;
    const caller = await setup({ now: () => now });
    now += 10;
    await caller.call('GET', '/contact/contacts/customFields');
    await login(caller.sandbox);
    expect((await logOf(caller, `?since=${now}`)).map((entry) => entry.seq)).toEqual([2, 3]);
    expect((await logOf(caller, '?route=login')).map((entry) => entry.seq)).toEqual([1, 3]);
    expect((await caller.call('DELETE', '/sandbox/log')).status).toBe(204);
    expect(await logOf(caller)).toEqual([]);
  });
});

describe('the dialect', () => {
  it('is changed by what the body names, and by nothing it does not know', async () => {
    const { call } = await setup();
    const before = (await call('GET', '/sandbox/dialect')).body as object;
    expect((await call('PUT', '/sandbox/dialect', { phones: 'replace' })).body).toEqual({
      ...before,
      phones: 'replace',
    });
    expect((await call('PUT', '/sandbox/dialect', { phones: 'append' })).status).toBe(400);
    expect((await call('PUT', '/sandbox/dialect', { fons: 'merge' })).status).toBe(400);
    expect((await call('GET', '/sandbox/dialect')).body).toEqual({ ...before, phones: 'replace' });
  });

  it.each([
    ['code', '{"code":404,"message":"Not found"}'],
    ['errorCode', '{"errorCode":404,"errorMessage":"Not found"}'],
    ['requestId', '{"code":404,"Request Id":"sandbox","Message":"Not found"}'],
    ['xml', '<ErrorResponse code="404" message="Not found"/>'],
    ['broken', '{[{"code":404,"message":"Not found"}'],
    ['none', ''],
  ] as const)('shapes errors as %s', async (errors, text) => {
    const { call } = await setup({ dialect: { errors } });
    const reply = await call('GET', '/nowhere');
    expect([reply.status, reply.text]).toEqual([404, text]);
  });
});

it('the clock can be set ahead and back', async () => {
  const { call } = await setup();
  expect((await call('POST', '/sandbox/clock', { offsetMs: 5000 })).body).toEqual({ now: startedAt + 5000 });
  expect((await call('POST', '/sandbox/clock', { offsetMs: 0 })).body).toEqual({ now: startedAt });
});

import { describe, expect, it } from 'vitest';
import { login, send, setup, startedAt } from '../caller.ts';

const minuteMs = 60_000;
const users = [
  { userName: 'one', password: 'secret', role: 'Sysadmin' },
  { userName: 'two', password: 'secret', role: 'Manager' },
] as const;

describe('a changed role', () => {
  it('shows after five minutes in a session that lives', async () => {
    let now = startedAt;
    const { call } = await setup({ users, now: () => now });
    const status = async (): Promise<number> =>
      (await call('PUT', '/contact/contacts/bulk', { updateContactDetails: [] })).status;
    const given = await call('PUT', '/sandbox/users/one', { role: 'Manager' });
    expect([given.status, given.body]).toEqual([200, { userName: 'one', role: 'Manager' }]);
    now += 5 * minuteMs - 1;
    expect(await status()).toBe(204);
    now += 1;
    expect(await status()).toBe(403);
  });

  it('shows at once in a new session, but the same user and token get the old one', async () => {
    const { sandbox, sessionId, call } = await setup({ users });
    await call('PUT', '/sandbox/users/one', { role: 'Agent' });
    const again = (await login(sandbox)).body as { sessionId: string };
    expect(again.sessionId).toBe(sessionId);
    expect((await call('GET', '/contact/contacts/A0000001')).status).toBe(200);
    await call('PUT', `/session/logout/${sessionId}`, {});
    const fresh = (await login(sandbox)).body as { sessionId: string };
    const headers = { 'lv-session': fresh.sessionId };
    expect((await send(sandbox, 'GET', '/contact/contacts/A0000001', undefined, headers)).status).toBe(403);
  });

  it('is listed at once, without passwords; an unknown user and an unknown role are refused', async () => {
    const { call } = await setup({ users });
    await call('PUT', '/sandbox/users/two', { role: 'IT User' });
    expect((await call('GET', '/sandbox/users')).body).toEqual({
      users: [
        { userName: 'one', role: 'Sysadmin' },
        { userName: 'two', role: 'IT User' },
      ],
    });
    expect((await call('PUT', '/sandbox/users/nobody', { role: 'Agent' })).status).toBe(404);
    expect((await call('PUT', '/sandbox/users/one', { role: 'King' })).status).toBe(400);
  });
});

describe('roles of the contact methods', () => {
  const calls = [
    ['POST', '/contact/contacts/', {}],
    ['PUT', '/contact/contacts/x', {}],
    ['DELETE', '/contact/contacts/x', undefined],
    ['PUT', '/contact/contacts/x/dnd', {}],
    ['POST', '/contact/contactGroups', {}],
    ['PUT', '/contact/contactGroups/1', { name: 'x' }],
    ['GET', '/contact/contacts?offset=0&count=1', undefined],
    ['GET', '/contact/contacts/x', undefined],
    ['POST', '/contact/contacts/search?offset=0&count=1', {}],
    ['GET', '/contact/contacts/x/accounts?offset=0&count=1', undefined],
    ['GET', '/contact/contacts/x/notes', undefined],
    ['GET', '/contact/contacts/x/notes/1', undefined],
    ['GET', '/contact/contactGroups?offset=0&count=1', undefined],
    ['GET', '/contact/contactGroups/1', undefined],
    ['GET', '/contact/contacts/customFields/COL1', undefined],
    ['PUT', '/contact/contacts/customFields', {}],
  ] as const;

  it.each([
    ['Sysadmin', 'yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes'],
    ['Superuser', 'yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes no'],
    ['Manager', 'no no no no no no yes yes yes yes yes yes yes yes yes no'],
    ['IT User', 'no no no no no no no no no no no no no no yes yes'],
    ['Agent', 'no no no no no no no no no no no no no no no no'],
  ] as const)('%s may call what the page allows the role', async (role, expected) => {
    const { call } = await setup({ users: [{ userName: 'one', password: 'secret', role }] });
    const allowed: string[] = [];
    for (const [method, path, body] of calls)
      allowed.push((await call(method, path, body)).status === 403 ? 'no' : 'yes');
    expect(allowed.join(' ')).toBe(expected);
  });
});

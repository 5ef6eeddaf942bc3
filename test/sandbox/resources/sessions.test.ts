import { describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { login, type Reply, send, setup, startedAt } from '../caller.ts';

const hourMs = 3_600_000;

function idOf(reply: Reply): string {
  return (reply.body as { sessionId: string }).sessionId;
}

describe('login', () => {
  it('the same user and token get the same session', async () => {
    const { sandbox, sessionId } = await setup();
    expect((await login(sandbox)).body).toEqual({
      sessionId,
      clientId: 100_042,
      userId: 320_001,
      daysUntilPasswordExpires: 60,
    });
  });

  it('another token gets another session', async () => {
    const { sandbox, sessionId } = await setup({ accessTokens: ['one', 'two'] });
    const other = idOf(await login(sandbox, {}, 'two'));
    expect(other).not.toBe(sessionId);
    expect(idOf(await login(sandbox, {}, 'two'))).toBe(other);
  });

  it.each([
    ['a wrong access token', {}, 'wrong'],
    ['no access token', {}, ''],
    ['a wrong password', { password: 'wrong' }, undefined],
    ['an unknown user', { userName: 'nobody' }, undefined],
    ['another client', { clientName: 'OTHER' }, undefined],
  ])('%s is refused with 401', async (_, changes, token) => {
    const { sandbox } = await setup();
    const reply = await login(sandbox, changes, token);
    expect(reply.status).toBe(401);
    expect(reply.body).toMatchObject({ code: 401 });
  });

  it('a body without password is refused with the code of a missing field', async () => {
    const { sandbox } = await setup();
    const headers = { 'lv-access': 'demo-token' };
    const reply = await send(sandbox, 'POST', '/session/login', { clientName: 'DEMO', userName: 'demo' }, headers);
    expect([reply.status, reply.body]).toEqual([400, { code: 202, message: 'Missing required field: password' }]);
  });
});

describe('a session', () => {
  it('is valid by path and by query until it is logged out', async () => {
    const { sandbox, sessionId, call } = await setup();
    expect((await send(sandbox, 'GET', `/session/validate/${sessionId}`)).status).toBe(204);
    expect((await send(sandbox, 'GET', `/session/validate?sessionId=${sessionId}`)).status).toBe(204);
    expect((await send(sandbox, 'PUT', `/session/logout/${sessionId}`, {})).status).toBe(204);
    expect((await send(sandbox, 'GET', `/session/validate/${sessionId}`)).status).toBe(404);
    expect((await send(sandbox, 'GET', '/session/validate')).status).toBe(404);
    expect((await send(sandbox, 'PUT', `/session/logout/${sessionId}`, {})).status).toBe(404);
    expect((await call('GET', '/contact/contacts/customFields')).status).toBe(401);
    expect(idOf(await login(sandbox))).not.toBe(sessionId);
  });

  it('expires two hours after its last use, and asking whether it is valid is no use', async () => {
    let now = startedAt;
    const { sandbox, sessionId, call } = await setup({ now: () => now });
    now += 1.9 * hourMs;
    expect((await call('GET', '/contact/contacts/customFields')).status).toBe(200);
    now += 1.9 * hourMs;
    expect((await send(sandbox, 'GET', `/session/validate/${sessionId}`)).status).toBe(204);
    now += 0.1 * hourMs;
    expect((await send(sandbox, 'GET', `/session/validate/${sessionId}`)).status).toBe(404);
    expect((await call('GET', '/contact/contacts/customFields')).status).toBe(401);
    expect(idOf(await login(sandbox))).not.toBe(sessionId);
  });

  it('ends when the admin says so', async () => {
    const { call } = await setup();
    expect((await call('POST', '/sandbox/sessions/expire')).body).toEqual({ expired: 1 });
    expect((await call('GET', '/contact/contacts/customFields')).status).toBe(401);
  });
});

describe('authorisation', () => {
  const everything = [
    ['POST', '/contact/contacts/bulk', { exportableFields: ['account'] }],
    ['POST', '/contact/contacts/bulk', { createContactDetails: [] }],
    ['PUT', '/contact/contacts/bulk', { updateContactDetails: [] }],
    ['POST', '/contact/contacts/dnd', { contactDnd: [] }],
    ['GET', '/contact/contacts/customFields', undefined],
  ] as const;

  it('every method but those of the session wants a known session', async () => {
    const { sandbox } = await setup();
    for (const [method, path, body] of everything) {
      expect((await send(sandbox, method, path, body)).status).toBe(401);
      expect((await send(sandbox, method, path, body, { 'lv-session': 'unknown' })).status).toBe(401);
    }
  });

  it.each([
    ['Sysadmin', [200, 200, 204, 200, 200]],
    ['Superuser', [200, 200, 204, 200, 200]],
    ['Manager', [403, 403, 403, 403, 200]],
    ['IT User', [403, 403, 403, 403, 200]],
    ['Agent', [403, 403, 403, 403, 403]],
  ] as const)('%s may call what the pages allow the role', async (role, expected) => {
    const { call } = await setup({ users: [{ userName: 'one', password: 'secret', role }] });
    const statuses: number[] = [];
    for (const [method, path, body] of everything) statuses.push((await call(method, path, body)).status);
    expect(statuses).toEqual(expected);
  });
});

describe('a request', () => {
  it('needs a body and its content type, also where the body says nothing', async () => {
    const { call } = await setup();
    expect((await call('PUT', '/contact/contacts/bulk')).status).toBe(400);
    const asText = { 'content-type': 'text/plain' };
    expect((await call('PUT', '/contact/contacts/bulk', { updateContactDetails: [] }, asText)).status).toBe(415);
    expect((await call('PUT', '/contact/contacts/bulk', [])).status).toBe(400);
  });

  it('to log out needs no body: no page says that it takes one', async () => {
    const { sandbox, sessionId } = await setup();
    expect((await send(sandbox, 'PUT', `/session/logout/${sessionId}`)).status).toBe(204);
  });

  it('to a path nobody knows is 404, by another method 405, with neither body of a shared path 400', async () => {
    const { call } = await setup();
    expect((await call('GET', '/contact/nowhere')).status).toBe(404);
    expect((await call('DELETE', '/contact/contacts/customFields')).status).toBe(405);
    expect((await call('POST', '/contact/contacts/bulk', {})).body).toEqual({
      code: 202,
      message: 'Missing required field: exportableFields or createContactDetails',
    });
  });
});

describe('startSandbox', () => {
  it('two sandboxes share nothing, and a closed one frees its port', async () => {
    const one = await startSandbox({ contacts: 1 });
    const two = await startSandbox({ contacts: 2 });
    expect(await countOf(one)).toBe(1);
    expect(await countOf(two)).toBe(2);
    await one.close();
    const again = await startSandbox({ contacts: 3, port: one.port });
    expect(again.url).toBe(one.url);
    await Promise.all([two.close(), again.close()]);
  });
});

async function countOf(sandbox: Sandbox): Promise<number> {
  return ((await send(sandbox, 'GET', '/sandbox/count')).body as { count: number }).count;
}

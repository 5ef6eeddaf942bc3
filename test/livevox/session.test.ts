import { afterEach, describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../src/errors.ts';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
import { makeProcessSessionStore } from '../../src/livevox/session.ts';
import {
  afterLogin,
  credentials,
  json,
  makeClient,
  type OddServer,
  type Script,
  sessionId,
  startOddServer,
} from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function setup(script: Script): Promise<{ server: OddServer; client: LiveVoxClient }> {
  const server = await startOddServer(script);
  const client = makeClient(server.baseUrl);
  open.push(client, server);
  return { server, client };
}

const logins = (server: OddServer): number => server.requests.filter(({ path }) => path === '/session/login').length;

describe('makeProcessSessionStore', () => {
  it('many who find the session gone cause one login', async () => {
    const store = makeProcessSessionStore();
    let count = 0;
    const login = async (): Promise<string> => {
      count += 1;
      return `S${count}`;
    };
    expect(await Promise.all([1, 2, 3].map(() => store.replace(undefined, login)))).toEqual(['S1', 'S1', 'S1']);
    expect(await store.replace('S0', login)).toBe('S1');
    expect(await store.replace('S1', login)).toBe('S2');
    expect(await store.read()).toBe('S2');
  });

  it('a failed login is not kept', async () => {
    const store = makeProcessSessionStore();
    await expect(store.replace(undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await store.replace(undefined, async () => 'S1')).toBe('S1');
  });

  it('only the session that ended is forgotten', async () => {
    const store = makeProcessSessionStore();
    await store.replace(undefined, async () => 'S1');
    await store.forget('S0');
    expect(await store.read()).toBe('S1');
    await store.forget('S1');
    expect(await store.read()).toBeUndefined();
  });
});

describe('Session', () => {
  it('logs in once with the token and sends the session with every call', async () => {
    const { server, client } = await setup(afterLogin((response) => json(response, 200, { customFields: [] })));
    await Promise.all([
      client.customFields.listCustomFields(),
      client.customFields.listCustomFields(),
      client.fetchServerNow(),
    ]);
    const [login, ...rest] = server.requests;
    expect(login).toMatchObject({ verb: 'POST', path: '/session/login' });
    expect(login?.headers).toMatchObject({ 'lv-access': 'access-token-1234', 'content-type': 'application/json' });
    expect(JSON.parse(login?.body ?? '')).toEqual({
      clientName: 'ACME',
      userName: 'robot',
      password: 'open-sesame-password',
    });
    expect(logins(server)).toBe(1);
    const lists = rest.filter(({ path }) => path === '/contact/contacts/customFields');
    expect(lists.map(({ headers }) => headers['lv-session'])).toEqual([sessionId, sessionId]);
    expect(client.requestCounts).toEqual({ Login: 1, 'List Custom Field': 2, IsSessionValid: 1 });
  });

  it('a stale session is replaced once and the request repeated', async () => {
    const { server, client } = await setup(
      afterLogin((response, nth) => (nth === 1 ? json(response, 401, '') : json(response, 200, { customFields: [] }))),
    );
    expect(await client.customFields.listCustomFields()).toEqual([]);
    expect(logins(server)).toBe(2);
  });

  it('a session refused right after a new login is fatal', async () => {
    const { server, client } = await setup(afterLogin((response) => json(response, 401, '')));
    await expect(client.customFields.listCustomFields()).rejects.toThrow(FatalError);
    expect(client.requestCounts).toEqual({ Login: 2, 'List Custom Field': 2 });
    expect(logins(server)).toBe(2);
  });

  it.each([401, 403])('a login answered %i names the variables to check and no secret', async (status) => {
    const words = `bad ${credentials.password.reveal()} ${credentials.accessToken.reveal()}`;
    const { client } = await setup((_, response) => json(response, status, { code: 1, message: words }));
    const error = await client.customFields.listCustomFields().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toBe(
      'LiveVox refused the credentials of tenant ACME: check LIVEVOX_CLIENT_NAME, LIVEVOX_USERNAME, LIVEVOX_PASSWORD and LIVEVOX_ACCESS_TOKEN',
    );
    expect(client.requestCounts).toEqual({ Login: 1 });
  });

  it('what the vendor quotes of our secrets is taken out', async () => {
    const words = `bad ${credentials.password.reveal()} ${credentials.accessToken.reveal()}`;
    const { client } = await setup((_, response) => json(response, 400, { code: 1, message: words }));
    await expect(client.login()).rejects.toThrow('(HTTP 400, code 1: bad [secret] [secret])');
    const { client: other } = await setup(
      afterLogin((response) => json(response, 400, { code: 2, message: `not ${sessionId}` })),
    );
    await expect(other.customFields.listCustomFields()).rejects.toThrow('HTTP 400, code 2: not [secret]');
  });

  it('a login without a session id is fatal', async () => {
    const { client } = await setup((_, response) => json(response, 200, { clientId: 1 }));
    await expect(client.login()).rejects.toThrow('without a session id');
  });

  it('a login that fails for a moment is repeated', async () => {
    let logins = 0;
    const { client } = await setup((request, response) => {
      if (request.path !== '/session/login') return 'default';
      logins += 1;
      if (logins < 3) json(response, 500, '');
      else json(response, 200, { sessionId: 12345 });
    });
    await client.login();
    expect(client.requestCounts).toEqual({ Login: 3 });
  });

  it('one caller who gives up does not end the login for the others', async () => {
    let release: (() => void) | undefined;
    const { client } = await setup((request, response) => {
      if (request.path !== '/session/login') return 'default';
      release = () => json(response, 200, { sessionId });
    });
    const controller = new AbortController();
    const impatient = client.fetchServerNow(controller.signal);
    const patient = client.fetchServerNow();
    await expect.poll(() => release).toBeDefined();
    controller.abort(new Error('stopped'));
    await expect(impatient).rejects.toThrow('stopped');
    release?.();
    expect(await patient).toBeInstanceOf(Date);
    expect(client.requestCounts['Login']).toBe(1);
  });

  it('the server time is that of the Date header, and a session gone is no obstacle', async () => {
    let validations = 0;
    const { server, client } = await setup((request, response) => {
      if (request.path !== `/session/validate/${sessionId}`) return 'default';
      validations += 1;
      json(response, validations === 1 ? 404 : 200, '', { date: 'Fri, 20 Nov 2026 10:00:00 GMT' });
    });
    expect(await client.fetchServerNow()).toEqual(new Date('2026-11-20T10:00:00Z'));
    expect(logins(server)).toBe(2);
  });

  it('closing never logs out; logging out does, once', async () => {
    const { server, client } = await setup(() => 'default');
    expect(await client.isSessionValid()).toBe(false);
    await client.login();
    expect(await client.isSessionValid()).toBe(true);
    await client.logout();
    await client.logout();
    expect(await client.isSessionValid()).toBe(false);
    expect(server.requests.filter(({ path }) => path.includes('logout'))).toMatchObject([
      { verb: 'PUT', path: `/session/logout/${sessionId}`, body: '{}' },
    ]);
    await client.login();
    await client.close();
    expect(server.requests.filter(({ path }) => path.includes('logout'))).toHaveLength(1);
    await expect(client.customFields.listCustomFields()).rejects.toThrow('was closed');
  });

  it('a server that cannot be reached is named in one sentence', async () => {
    const { server, client } = await setup(() => 'default');
    await server.close();
    const error = await client.fetchServerNow().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RetriableError);
    expect((error as Error).message).toMatch(
      new RegExp(`^LiveVox at ${server.baseUrl} cannot be reached: .*ECONNREFUSED`),
    );
    expect(client.requestCounts).toEqual({ Login: 4 });
  });
});

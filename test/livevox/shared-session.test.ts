/** The session that processes share: one contract for Postgres and Redis, and the promise itself with real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { makeSharedSessionStore, type SharedSessions } from '../../src/livevox/shared-session.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { setupDatabase } from '../support/database.ts';
import { redisUrl } from '../support/redis.ts';
import { fetchLog, setupSandbox } from '../support/sandbox-admin.ts';
import { openSharedPlace } from '../support/shared-lanes.ts';
import { credentials, secret } from './odd-server.ts';

const places: readonly (readonly [string, () => Promise<string>])[] = [
  ['Postgres', async () => (await setupDatabase()).url],
  ...(redisUrl === undefined ? [] : [['Redis', async () => String(redisUrl)] as const]),
];

async function setupSessions(url: string): Promise<SharedSessions> {
  const place = await openSharedPlace(url);
  onTestFinished(place.close);
  return place.sessions;
}

type Worker = { readonly ask: () => Promise<string>; readonly log: () => string };

async function startWorker(placeUrl: string, sandbox: Sandbox): Promise<Worker> {
  const script = fileURLToPath(new URL('session-process.mjs', import.meta.url));
  const { userName, password, accessToken } = sandbox.credentials;
  const args = [script, inject('program'), placeUrl, sandbox.url, userName, password, accessToken];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr?.on('data', (part: Buffer) => {
    log += part.toString();
  });
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })[Symbol.asyncIterator]();
  const read = async (): Promise<string> => String((await lines.next()).value ?? log);
  expect(await read()).toBe('ready');
  return {
    ask: () => {
      child.stdin?.write('\n');
      return read();
    },
    log: () => log,
  };
}

const countLogins = async (sandbox: Sandbox): Promise<number> => (await fetchLog(sandbox, 'login')).length;

describe.each(places)('sessions in %s', (_, setupUrl) => {
  async function setup(changes: Partial<typeof credentials> = {}) {
    const sessions = await setupSessions(await setupUrl());
    const baseUrl = `http://127.0.0.1/${randomUUID()}`;
    const makeStore = (others: Partial<typeof credentials> = {}) =>
      makeSharedSessionStore({ sessions, baseUrl, credentials: { ...credentials, ...changes, ...others } });
    return { sessions, makeStore };
  }

  it('many who find the session gone cause one login', async () => {
    const { makeStore } = await setup();
    let count = 0;
    const login = async (): Promise<string> => {
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return `S${count}`;
    };
    const stores = Array.from({ length: 8 }, () => makeStore());
    const replaceAll = (stale?: string) => Promise.all(stores.map((store) => store.replace(stale, login)));
    expect(new Set(await replaceAll())).toEqual(new Set(['S1']));
    expect(new Set(await replaceAll('S1'))).toEqual(new Set(['S2']));
    expect(new Set(await replaceAll('S1'))).toEqual(new Set(['S2']));
    expect(await stores[0]?.read()).toBe('S2');
  });

  it('a login that fails is not kept and blocks nobody', async () => {
    const { makeStore } = await setup();
    await expect(makeStore().replace(undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await makeStore().replace(undefined, async () => 'S1')).toBe('S1');
  });

  it('only the session that ended is forgotten', async () => {
    const { makeStore } = await setup();
    await makeStore().replace(undefined, async () => 'S1');
    await makeStore().forget('S0');
    expect(await makeStore().read()).toBe('S1');
    await makeStore().forget('S1');
    expect(await makeStore().read()).toBeUndefined();
  });

  it('another token has a session of its own; another password cannot read the old one and logs in', async () => {
    const { makeStore } = await setup();
    await makeStore().replace(undefined, async () => 'S1');
    expect(await makeStore({ accessToken: secret('other') }).read()).toBeUndefined();
    const changed = makeStore({ password: secret('changed') });
    expect(await changed.read()).toBeUndefined();
    expect(await changed.replace(undefined, async () => 'S2')).toBe('S2');
    expect(await makeStore().read()).toBeUndefined();
  });

  it('neither the session nor the token can be read where it is kept, nor moved to another name', async () => {
    const { sessions, makeStore } = await setup();
    const written: string[] = [];
    const spying = { ...sessions, write: async (name: string, sealed: string) => void written.push(name, sealed) };
    await makeSharedSessionStore({ sessions: spying, baseUrl: 'http://h', credentials }).replace(
      undefined,
      async () => 'the-session-id',
    );
    const [name = '', sealed = ''] = written;
    expect(`${name} ${Buffer.from(sealed, 'base64').toString('latin1')}`).not.toMatch(/session-id|access-token|sesame/);
    const moved = { ...sessions, read: async () => sealed };
    const open = (baseUrl: string) => makeSharedSessionStore({ sessions: moved, baseUrl, credentials }).read();
    expect(await open('http://h')).toBe('the-session-id');
    expect(await open('http://other')).toBeUndefined();
    expect(await makeStore().read()).toBeUndefined();
  });

  it('twenty processes at once log in once, and once more when the session has ended', async () => {
    const sandbox = await setupSandbox({ contacts: 1 });
    const url = await setupUrl();
    const workers = await Promise.all(Array.from({ length: 20 }, () => startWorker(url, sandbox)));
    const askAll = async (): Promise<number> => {
      const answers = await Promise.all(workers.map((worker) => worker.ask()));
      return answers.map(Number).reduce((sum, logins) => sum + logins, 0);
    };
    expect(await askAll()).toBe(1);
    expect(await countLogins(sandbox)).toBe(1);
    await fetch(`${sandbox.url}/sandbox/sessions/expire`, { method: 'POST' });
    expect(await askAll()).toBe(2);
    expect(await countLogins(sandbox)).toBe(2);
    const log = workers.map((worker) => worker.log()).join('');
    expect(log).toContain('livevox.logged_in');
    expect(log).not.toMatch(/demo-password|demo-token/);
  });
});

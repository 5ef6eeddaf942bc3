/**
 * A logged-in caller of a fresh sandbox, over real HTTP. The sandbox is closed when the test ends; its clock stands
 * still at `startedAt` until a test moves it.
 */
import { onTestFinished } from 'vitest';
import { type PlainContact, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';

/** A Thursday, 12:00 in New York. */
export const startedAt = Date.parse('2026-11-19T17:00:00Z');

export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
};

export type Caller = {
  readonly sandbox: Sandbox;
  readonly sessionId: string;
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
  /** The contact as the sandbox holds it. */
  readonly held: (account: string) => Promise<PlainContact['fields']>;
  /** Downloads plain CSV and returns its text. */
  readonly download: (body: Record<string, unknown>) => Promise<string>;
};

export async function setup(options: SandboxOptions = {}): Promise<Caller> {
  const sandbox = await startSandbox({ contacts: 20, now: () => startedAt, ...options });
  onTestFinished(() => sandbox.close());
  const { sessionId } = (await login(sandbox)).body as { sessionId: string };
  const call: Caller['call'] = (method, path, body, headers) =>
    send(sandbox, method, path, body, { 'lv-session': sessionId, ...headers });
  return {
    sandbox,
    sessionId,
    call,
    held: async (account) => {
      const reply = await call('GET', `/sandbox/contacts/${encodeURIComponent(account)}`);
      return (reply.body as PlainContact).fields;
    },
    download: async (body) =>
      (await call('POST', '/contact/contacts/bulk', body, { 'accept-encoding': 'identity' })).text,
  };
}

export async function send(
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

export function login(
  sandbox: Sandbox,
  changes: Record<string, unknown> = {},
  token: string | undefined = sandbox.credentials.accessToken,
): Promise<Reply> {
  const { clientName, userName, password } = sandbox.credentials;
  const headers: Record<string, string> = token === '' ? {} : { 'lv-access': token };
  return send(sandbox, 'POST', '/session/login', { clientName, userName, password, ...changes }, headers);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

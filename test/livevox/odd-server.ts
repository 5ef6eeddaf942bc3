/**
 * A LiveVox on loopback that answers as a test says: right logins and session checks by itself, everything else from a script.
 * Keeps every request. For the answers the sandbox does not give.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/clock.ts';
import type { LiveVoxCredentials, Secret } from '../../src/config.ts';
import { LiveVoxClient, type LiveVoxOptions } from '../../src/livevox/index.ts';

export type SeenRequest = { verb: string; path: string; headers: IncomingMessage['headers']; body: string };
/** Answers one request; `nth` counts the scripted requests from 1. `'default'` leaves it to the default. */
export type Script = (request: SeenRequest, response: ServerResponse, nth: number) => unknown;

export type OddServer = { baseUrl: string; requests: SeenRequest[]; close: () => Promise<void> };

export const secret = (value: string): Secret => ({ reveal: () => value });

export const credentials: LiveVoxCredentials = {
  clientName: 'ACME',
  userName: 'robot',
  password: secret('open-sesame-password'),
  accessToken: secret('access-token-1234'),
};

export const sessionId = '5eb4ad6c-50b7-45da-8d56-f4e9ac7d9cbd';

export async function startOddServer(script: Script): Promise<OddServer> {
  const requests: SeenRequest[] = [];
  let scripted = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method: verb = '', url: path = '', headers } = request;
      const seen = { verb, path, headers, body: Buffer.concat(parts).toString('utf8') };
      requests.push(seen);
      if (!path.startsWith('/session/')) scripted += 1;
      if (script(seen, response, scripted) === 'default') answerByDefault(seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { baseUrl: `http://127.0.0.1:${port}`, requests, close };
}

/** Leaves the session methods to the default and answers everything else by `answer`. */
export function afterLogin(answer: (response: ServerResponse, nth: number, request: SeenRequest) => void): Script {
  return (request, response, nth) => {
    if (request.path.startsWith('/session/')) return 'default';
    answer(response, nth, request);
    return undefined;
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function answerByDefault(seen: SeenRequest, response: ServerResponse): void {
  if (seen.path === '/session/login') json(response, 200, { sessionId, clientId: 1, userId: '2' });
  else if (seen.path.startsWith('/session/')) json(response, 200, {});
  else json(response, 500, { code: 42, message: 'not scripted' });
}

export type StillClock = Clock & { readonly slept: number[] };

/** A clock that stands still but for sleeps, which pass at once and are kept. */
export function makeStillClock(): StillClock {
  let nowMs = Date.parse('2026-11-20T12:00:00Z');
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(nowMs),
    sleep: async (delayMs, signal) => {
      signal?.throwIfAborted();
      slept.push(delayMs);
      nowMs += delayMs;
    },
  };
}

export function makeClient(baseUrl: string, options: Partial<LiveVoxOptions> = {}): LiveVoxClient {
  return new LiveVoxClient({
    baseUrl,
    credentials,
    timeZone: 'America/New_York',
    requestTimeoutMs: 5_000,
    clock: makeStillClock(),
    random: () => 0.5,
    ...options,
  });
}

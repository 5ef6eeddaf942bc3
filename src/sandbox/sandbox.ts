/**
 * Starts and stops a sandbox: a stand-in LiveVox on 127.0.0.1, for demos and for tests. Everything it holds lives in
 * this process and ends with it. How to use it: docs/sandbox.md.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dialect } from './dialect.ts';
import type { Limits } from './rate-limits.ts';
import { makeListener } from './server.ts';
import type { SandboxUser } from './session-book.ts';
import { makeWorld } from './world.ts';

export type SandboxOptions = {
  /** @default 0, a free one */
  readonly port?: number;
  /** Contacts to start with, generated. @default 1000 */
  readonly contacts?: number;
  /** The same seed gives the same contacts; their dates move with the day of `now`. @default 1 */
  readonly seed?: number;
  /** Readings that differ from the default dialect. @default {} */
  readonly dialect?: Partial<Dialect>;
  /** Route, or `*` → so many starts in any `perMs` ms for each session; over it 429. @default {}, no limits */
  readonly limits?: Limits;
  /** Whether every write to a contact is kept for `GET /sandbox/writes`. @default false */
  readonly keepsWrites?: boolean;
  /** IANA zone of the client: its days, and the times of the CSV. @default 'America/New_York' */
  readonly timeZone?: string;
  /** @default a Sysadmin `demo` and a Manager `manager`, passwords `demo-password` and `manager-password` */
  readonly users?: readonly SandboxUser[];
  /** Access tokens a login may send. @default ['demo-token'] */
  readonly accessTokens?: readonly string[];
  /** How long a feed holds a request without news, milliseconds. @default 10000 */
  readonly feedHoldMs?: number;
  /** How often a stream of events without news sends a comment, milliseconds. @default 10000 */
  readonly feedKeepAliveMs?: number;
  /** After how long without news a stream of events is closed, milliseconds. @default 300000 */
  readonly feedIdleMs?: number;
  /** The sandbox's clock, epoch ms. @default Date.now */
  readonly now?: () => number;
};

type SandboxCredentials = {
  readonly clientName: string;
  readonly userName: string;
  readonly password: string;
  readonly accessToken: string;
};

export type Sandbox = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** Of the first user, with the first access token. */
  readonly credentials: SandboxCredentials;
  /** Cuts all connections and frees the port. */
  readonly close: () => Promise<void>;
};

const defaultUsers: readonly SandboxUser[] = [
  { userName: 'demo', password: 'demo-password', role: 'Sysadmin' },
  { userName: 'manager', password: 'manager-password', role: 'Manager' },
];

const clientName = 'DEMO';
/** Longer than any test pauses: a client never finds its kept-alive connection closed under it. */
const keepAliveMs = 120_000;

/**
 * Resolves when the sandbox listens.
 * @throws Error when the port is taken; RangeError when the time zone is none.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const users = options.users ?? defaultUsers;
  const accessTokens = options.accessTokens ?? ['demo-token'];
  const world = makeWorld({
    contacts: options.contacts ?? 1000,
    seed: options.seed ?? 1,
    dialect: options.dialect ?? {},
    limits: options.limits ?? {},
    keepsWrites: options.keepsWrites ?? false,
    timeZone: options.timeZone ?? 'America/New_York',
    clientName,
    users,
    accessTokens,
    feedTimes: {
      holdMs: options.feedHoldMs ?? 10_000,
      keepAliveMs: options.feedKeepAliveMs ?? 10_000,
      idleMs: options.feedIdleMs ?? 300_000,
    },
    now: options.now ?? Date.now,
  });
  const server = createServer({ keepAliveTimeout: keepAliveMs }, makeListener(world));
  const port = await listen(server, options.port ?? 0);
  const { userName = '', password = '' } = users[0] ?? {};
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    credentials: { clientName, userName, password, accessToken: accessTokens[0] ?? '' },
    close: () => close(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

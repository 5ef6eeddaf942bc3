/**
 * One request from socket to socket: find the route, read the body, meet the faults, check the session, do the work,
 * answer. Promises that every vendor request is in the log, that every answer carries the sandbox's own `Date`, and that
 * a refused request has changed nothing.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Answer, errorCodes, Refusal, refuseMissing } from './answer.ts';
import type { RequestFaults } from './faults.ts';
import { readJson } from './read-json.ts';
import type { LogEntry } from './request-log.ts';
import { type Body, type FindRoutes, type Match, makeRouter, type Route } from './router.ts';
import { adminRoutes, vendorRoutes } from './routes.ts';
import { sendAnswer } from './send-answer.ts';
import type { Session } from './session-book.ts';
import type { World } from './world.ts';

type Call = {
  readonly world: World;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly entry: LogEntry;
};

const findVendorRoutes = makeRouter(vendorRoutes);
const findAdminRoutes = makeRouter(adminRoutes);
const noFaults: RequestFaults = { find: () => undefined, dropsRow: () => false, kinds: [] };

/** The listener that serves one world. */
export function makeListener(world: World): RequestListener {
  return (request, response) => {
    response.sendDate = false;
    response.setHeader('date', new Date(world.now()).toUTCString());
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const arrival = { at: world.now(), method: request.method ?? '', path: url.pathname + url.search };
    const isAdmin = url.pathname.startsWith('/sandbox/');
    const entry: LogEntry = isAdmin
      ? { seq: 0, ...arrival, route: null, status: null, session: null, durationMs: null }
      : world.log.arrive(arrival);
    const call = { world, request, response, url, entry };
    const startedAt = performance.now();
    (isAdmin ? serveAdmin(call) : serveVendor(call))
      .catch((error: unknown) => fail(call, error))
      .finally(() => {
        entry.durationMs = Math.round(performance.now() - startedAt);
      });
  };
}

async function serveVendor(call: Call): Promise<void> {
  const { world, entry } = call;
  const { match, body } = await receive(call, findVendorRoutes, true);
  const route = chooseRoute(match.routes, body as Body);
  entry.route = route.name;
  const faults = world.faults.take(route.name);
  if (faults.kinds.length > 0) entry.faults = faults.kinds;
  if (await strike(call, faults)) return;
  const session = authorise(call, route);
  const answer = await handle(call, { route, match, body, session, faults });
  if (faults.find('reset-after') !== undefined) return cut(call);
  await send(call, answer, faults);
}

async function serveAdmin(call: Call): Promise<void> {
  if (!isLoopback(call.request.socket.remoteAddress)) throw new Refusal(403, errorCodes.forbidden, 'Loopback only');
  const { match, body } = await receive(call, findAdminRoutes, false);
  const route = chooseRoute(match.routes, {});
  await send(call, await handle(call, { route, match, body, session: undefined, faults: noFaults }), noFaults);
}

async function receive(call: Call, find: FindRoutes, strict: boolean): Promise<{ match: Match; body: unknown }> {
  const match = find(call.request.method ?? '', call.url.pathname);
  if (match === 'unknown') throw new Refusal(404, errorCodes.notFound, 'Not found');
  if (match === 'method') throw new Refusal(405, errorCodes.notFound, 'Method not allowed');
  return { match, body: await readJson(call.request, strict) };
}

function chooseRoute(routes: readonly Route[], body: Body): Route {
  const route = routes.find((candidate) => candidate.takes === undefined || candidate.takes(body));
  if (route === undefined) throw refuseMissing('exportableFields or createContactDetails');
  return route;
}

/** Lets the faults happen that come before the work. True when the request ends there. */
async function strike(call: Call, faults: RequestFaults): Promise<boolean> {
  const latency = faults.find('latency');
  if (latency !== undefined) await waitWhileOpen(call.response, latency.ms);
  if (faults.find('hang') !== undefined) {
    await waitWhileOpen(call.response, undefined);
    return true;
  }
  if (faults.find('reset-before') !== undefined) {
    cut(call);
    return true;
  }
  const status = faults.find('status');
  if (status === undefined) return false;
  await send(call, toFaultAnswer(status.status, status.body, status.headers), faults);
  return true;
}

function toFaultAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> | undefined): Answer {
  if (body !== undefined) return { kind: 'json', status, headers, body };
  if (status < 400) return { kind: 'empty', status, headers };
  return { kind: 'error', status, headers, error: { code: status, message: 'Fault on request' } };
}

/** Resolves after `delayMs`, or for ever, but not longer than the client stays. */
async function waitWhileOpen(response: ServerResponse, delayMs: number | undefined): Promise<void> {
  const gone = new AbortController();
  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      gone.abort();
      resolve();
    });
  });
  if (delayMs === undefined) return closed;
  await Promise.race([closed, setTimeout(delayMs, undefined, { signal: gone.signal }).catch(() => undefined)]);
}

function authorise({ world, request, entry }: Call, route: Route): Session | undefined {
  if (route.roles === 'open') return undefined;
  const id = request.headers['lv-session'];
  const session = typeof id === 'string' ? world.sessions.use(id) : undefined;
  if (session === undefined) throw new Refusal(401, errorCodes.unauthorized, 'Unauthorized: no valid session');
  entry.session = session.id;
  if (!route.roles.includes(session.user.role)) throw new Refusal(403, errorCodes.forbidden, 'Forbidden for this role');
  return session;
}

type Work = {
  readonly route: Route;
  readonly match: Match;
  readonly body: unknown;
  readonly session: Session | undefined;
  readonly faults: RequestFaults;
};

function handle(call: Call, { route, match, body, session, faults }: Work): Answer | Promise<Answer> {
  const { world, request, url, entry } = call;
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  return route.handle({ world, params: match.params, query: url.searchParams, body, header, session, faults, entry });
}

async function send({ world, response, entry }: Call, answer: Answer, faults: RequestFaults): Promise<void> {
  entry.status = answer.status;
  await sendAnswer(response, answer, { dialect: world.dialect, truncate: faults.find('truncate') });
}

function cut({ request, entry }: Call): void {
  entry.status = 0;
  request.socket.resetAndDestroy();
}

async function fail(call: Call, error: unknown): Promise<void> {
  if (call.response.destroyed || call.response.headersSent) {
    call.response.destroy();
    return;
  }
  const answer: Answer =
    error instanceof Refusal
      ? error.answer
      : { kind: 'error', status: 500, error: { code: 500, message: `The sandbox failed: ${String(error)}` } };
  await send(call, answer, noFaults);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address);
}

/**
 * One request from socket to socket: find the route, read the body, meet the faults, check the session, do the work,
 * answer. Promises that every vendor request is in the log, that every answer carries the sandbox's own `Date`, and that
 * a refused request has changed nothing.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Answer, errorCodes, Refusal, refuseMissing } from './answer.ts';
import { toFaultAnswer, toLimitAnswer } from './fault-answers.ts';
import { noFaults, type RequestFaults } from './faults.ts';
import { purgeContacts } from './model/purge-contacts.ts';
import { type BodyRule, readJson } from './read-json.ts';
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

/** Routes that read contacts although they are a POST. */
const readingPosts: ReadonlySet<string> = new Set(['bulk-download', 'find-contacts']);
const findVendorRoutes = makeRouter(vendorRoutes);
const findAdminRoutes = makeRouter(adminRoutes);

/** The listener that serves one world. */
export function makeListener(world: World): RequestListener {
  return (request, response) => {
    response.sendDate = false;
    response.setHeader('date', new Date(world.now()).toUTCString());
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const arrivedMs = performance.timeOrigin + performance.now();
    const arrival = { at: world.now(), arrivedMs, method: request.method ?? '', path: url.pathname + url.search };
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
  entry.session = findSession(call)?.id ?? null;
  const waitMs = world.limits.admit(route.name, entry.session, entry.arrivedMs);
  if (waitMs !== undefined) return refuseForNow(call, waitMs);
  const faults = world.faults.take(route.name);
  if (faults.kinds.length > 0) entry.faults = faults.kinds;
  if (await strike(call, faults)) return;
  const session = authorise(call, route);
  const answer = await handle(call, { route, match, body, session, faults });
  if (faults.find('reset-after') !== undefined) return cut(call);
  if (faults.find('hang-after') !== undefined) return waitWhileOpen(call.response, undefined);
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
  return { match, body: await readJson(call.request, needsBody(strict, match)) };
}

/** `none`: any JSON will do; `optional`: an object, or nothing at all; `strict`: an object. */
function needsBody(strict: boolean, { routes }: Match): BodyRule {
  if (!strict) return 'none';
  return routes.some(({ body }) => body === 'optional') ? 'optional' : 'strict';
}

function chooseRoute(routes: readonly Route[], body: Body): Route {
  const route = routes.find((candidate) => candidate.takes === undefined || candidate.takes(body));
  if (route === undefined) throw refuseMissing('exportableFields or createContactDetails');
  return route;
}

async function refuseForNow(call: Call, waitMs: number): Promise<void> {
  const { world, entry } = call;
  entry.limited = true;
  const { limited, retryAfter } = world.dialect;
  const answer = toLimitAnswer({ status: Number(limited), retryAfter, waitMs, now: world.now() });
  await send(call, answer, noFaults);
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
  disturb(call, faults);
  const answer = toFaultAnswer(faults, call.world.now());
  if (answer === undefined) return false;
  await send(call, answer, faults);
  return true;
}

/** Changes what the request is about to find. */
function disturb({ world, entry }: Call, faults: RequestFaults): void {
  if (faults.find('kill-session') !== undefined && entry.session !== null) world.sessions.close(entry.session);
  const purge = faults.find('purge');
  if (purge !== undefined) purgeContacts(world.contacts, purge.contacts, purge.seed);
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

/** The live session the request names, without using it. */
function findSession({ world, request }: Call): Session | undefined {
  const id = request.headers['lv-session'];
  return typeof id === 'string' ? world.sessions.find(id) : undefined;
}

function authorise(call: Call, route: Route): Session | undefined {
  const { world, entry } = call;
  if (route.roles === 'open') return undefined;
  const id = findSession(call)?.id;
  const session = id === undefined ? undefined : world.sessions.use(id);
  entry.session = session?.id ?? null;
  if (session === undefined) throw new Refusal(401, errorCodes.unauthorized, 'Unauthorized: no valid session');
  if (!route.roles.includes(world.sessions.roleOf(session)))
    throw new Refusal(403, errorCodes.forbidden, 'Forbidden for this role');
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
  const { request, url, entry } = call;
  const world = chooseWorld(call.world, route, faults);
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  return route.handle({ world, params: match.params, query: url.searchParams, body, header, session, faults, entry });
}

/** The world as the handler of that route finds it: late commits come late to those who read. */
function chooseWorld(world: World, route: Route, faults: RequestFaults): World {
  const late = faults.find('late-commit');
  if (late !== undefined) return { ...world, contacts: world.lateCommits.delayed(late.ms) };
  return isReading(route) ? { ...world, contacts: world.lateCommits.reader() } : world;
}

function isReading({ name, method, path }: Route): boolean {
  return !path.startsWith('/sandbox/') && (method === 'GET' || readingPosts.has(name));
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

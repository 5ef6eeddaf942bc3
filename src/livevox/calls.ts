/**
 * The way of every call: lane, slot, session, exchange, reply, and again if the reply allows it. A resource file names its
 * vendor method and gives path and body; nothing else in this room talks to the network.
 * Promises: a stale session (401) is replaced once and the request repeated once, 403 is never repeated, and neither a session id nor
 * a body reaches a log. `Content-Type` goes with every request, GET too: LiveVox makes it mandatory.
 */
import { finished } from 'node:stream/promises';
import type { Clock } from '../clock.ts';
import type { LiveVoxCredentials } from '../config.ts';
import { FatalError, toLogReason } from '../errors.ts';
import type { Log } from '../log.ts';
import { inSpan } from '../spans.ts';
import { isDownload, toReply } from './error-body.ts';
import type { Http, HttpRequest } from './http.ts';
import { Lanes } from './lanes.ts';
import type { Reply, ReplyKind } from './reply.ts';
import { sendWithRetries } from './retry.ts';
import { Session, type SessionStore } from './session.ts';
import type { SlotBook } from './slot-book.ts';
import type { CallInput, VendorMethod } from './vendor-method.ts';

/** Who counts requests. Told nothing of what is in them. */
export type RequestWatch = {
  /** A request leaves. */
  readonly left: (method: string) => void;
  /** It is over: what came of it (`done`, `limited`, …; `stopped` from here), and how long the answer took, without the rest of a download. */
  readonly answered: (method: string, reply: ReplyKind | 'stopped', durationMs: number) => void;
};

export type CallsOptions = {
  readonly http: Http;
  readonly credentials: LiveVoxCredentials;
  readonly inFlight: Readonly<Record<string, number>>;
  readonly slotBook: SlotBook;
  readonly sessionStore: SessionStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** @default nobody counts */
  readonly watch?: RequestWatch | undefined;
};

type Transfer = (request: HttpRequest, signal?: AbortSignal) => Promise<Reply>;

export class Calls {
  readonly session: Session;
  readonly origin: string;
  readonly #options: CallsOptions;
  readonly #lanes: Lanes;
  readonly #counts: Record<string, number> = {};
  #isClosed = false;

  constructor(options: CallsOptions) {
    this.#options = options;
    this.origin = options.http.origin;
    this.#lanes = new Lanes(options);
    this.session = new Session({
      send: (method, input, signal) =>
        this.#run(method, this.#whole, (transfer) => this.#send(method, input, transfer, signal), signal),
      credentials: options.credentials,
      store: options.sessionStore,
      origin: options.http.origin,
      log: options.log,
    });
  }

  /** Requests sent so far by the vendor's method name, repeated ones counted each time. */
  get requestCounts(): Readonly<Record<string, number>> {
    return { ...this.#counts };
  }

  /**
   * Calls a method within the session and reads the whole answer; what came of it is the reply.
   * @throws the signal's reason when aborted and the request surely had no effect; errors of the login.
   */
  call(method: VendorMethod, input: CallInput, signal?: AbortSignal): Promise<Reply> {
    return this.#run(method, this.#whole, (transfer) => this.#sendInSession(method, input, transfer, signal), signal);
  }

  /** Like `call`, but a download's or an event stream's body is handed over unread (`streaming`); the lane stays taken until it is closed. */
  stream(method: VendorMethod, input: CallInput, signal?: AbortSignal): Promise<Reply> {
    return this.#run(
      method,
      this.#streamed,
      (transfer) => this.#sendInSession(method, input, transfer, signal),
      signal,
    );
  }

  /** Ends every call under way and closes the sockets; the session lives on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.session.close();
    await this.#options.http.close();
  }

  #run(
    method: VendorMethod,
    transfer: Transfer,
    send: (transfer: Transfer) => Promise<Reply>,
    signal?: AbortSignal,
  ): Promise<Reply> {
    const onRepeat = (reply: Reply, delayMs: number): void => {
      const facts = { method: method.name, reply: reply.kind, httpStatus: reply.httpStatus, delayMs };
      this.#options.log.warn('livevox.request.repeated', facts);
    };
    const deps = { clock: this.#options.clock, random: this.#options.random, onRepeat };
    const task = (): Promise<Reply> => sendWithRetries(deps, method.kind, () => send(transfer), signal);
    return this.#lanes.run(method.name, task, signal, untilBodyClosed);
  }

  async #sendInSession(
    method: VendorMethod,
    input: CallInput,
    transfer: Transfer,
    signal?: AbortSignal,
  ): Promise<Reply> {
    const sessionId = await this.session.current(signal);
    const reply = await this.#send(method, withSession(input, sessionId), transfer, signal);
    if (reply.kind !== 'session_refused') return reply;
    const renewed = await this.session.renew(sessionId, signal);
    return this.#send(method, withSession(input, renewed), transfer, signal);
  }

  async #send(method: VendorMethod, input: CallInput, transfer: Transfer, signal?: AbortSignal): Promise<Reply> {
    if (this.#isClosed) throw new FatalError('The LiveVox client was closed: make a new one');
    const request = await this.#lanes.takeSlot(method.name, signal, makePreparing(method, input));
    this.#counts[method.name] = (this.#counts[method.name] ?? 0) + 1;
    const startedAt = this.#options.clock.now().getTime();
    const reply = await inSpan(`LiveVox ${method.name}`, {}, async (note) => {
      const answered = await this.#watched(method.name, startedAt, () => transfer(request, signal));
      note({ reply: answered.kind, httpStatus: answered.httpStatus });
      return answered;
    });
    const endedAt = this.#options.clock.now().getTime();
    this.#options.log.debug('livevox.request', {
      method: method.name,
      reply: reply.kind,
      httpStatus: reply.httpStatus,
      durationMs: endedAt - startedAt,
    });
    const isTimed = transfer === this.#whole && input.minTimeoutMs === undefined;
    // What was stopped from here says nothing of LiveVox.
    if (!signal?.aborted) await this.#noteReply(method.name, reply, { startedAt, endedAt, isTimed });
    return reply;
  }

  async #watched(method: string, startedAt: number, exchange: () => Promise<Reply>): Promise<Reply> {
    const { watch, clock } = this.#options;
    watch?.left(method);
    let reply: Reply | undefined;
    try {
      reply = await exchange();
      return reply;
    } finally {
      watch?.answered(method, reply?.kind ?? 'stopped', clock.now().getTime() - startedAt);
    }
  }

  /** Slows down, with every worker, as LiveVox wants. The reply stands, whether or not that works: a write's outcome must not be lost. */
  async #noteReply(method: string, reply: Reply, times: Parameters<Lanes['noteReply']>[2]): Promise<void> {
    try {
      const limit = await this.#lanes.noteReply(method, reply, times);
      if (limit !== undefined) this.#options.log.warn('livevox.limit_learnt', { method, ...limit });
    } catch (error) {
      this.#options.log.warn('livevox.not_held_back', { method, reason: toLogReason(error) });
    }
  }

  readonly #whole: Transfer = async (request, signal) => {
    const answer = await this.#options.http.exchange(request, signal);
    return toReply(answer, { now: this.#options.clock.now(), redact: (text) => this.#redact(text) });
  };

  readonly #streamed: Transfer = async (request, signal) => {
    const opened = await this.#options.http.open(request, signal);
    if (opened.kind === 'open' && isDownload(opened)) {
      const { body, contentType, status, date } = opened;
      return { kind: 'streaming', body, contentType, httpStatus: status, serverDate: date };
    }
    const answer = opened.kind === 'none' ? opened : await this.#options.http.readWhole(opened);
    return toReply(answer, { now: this.#options.clock.now(), redact: (text) => this.#redact(text) });
  };

  /** LiveVox may quote what we sent; what we sent in secret must not come back in an error. */
  #redact(text: string): string {
    const { password, accessToken } = this.#options.credentials;
    const secrets = [password.reveal(), accessToken.reveal(), this.session.lastId ?? ''];
    return secrets
      .filter((secret) => secret.length >= 4)
      .reduce((words, secret) => words.replaceAll(secret, '[secret]'), text);
  }
}

function withSession(input: CallInput, sessionId: string): CallInput {
  return { ...input, headers: { ...input.headers, 'LV-Session': sessionId } };
}

/** All that takes time is done before the slot: writing out a body of thousands of contacts would make its request start late. */
function makePreparing(method: VendorMethod, input: CallInput): () => Promise<HttpRequest> {
  const { prepareBody } = input;
  if (prepareBody !== undefined) return async () => toHttpRequest(method, { ...input, body: await prepareBody() });
  const request = toHttpRequest(method, input);
  return async () => request;
}

function toHttpRequest(method: VendorMethod, input: CallInput): HttpRequest {
  const headers = { accept: 'application/json', ...input.headers, 'content-type': 'application/json' };
  const body = method.verb === 'GET' ? undefined : JSON.stringify(input.body ?? {});
  return { verb: method.verb, path: input.path, headers, body, minTimeoutMs: input.minTimeoutMs };
}

async function untilBodyClosed(reply: Reply): Promise<void> {
  if (reply.kind !== 'streaming') return;
  await finished(reply.body).catch(() => {
    // How the body ended is its reader's business; here it only matters that it is over.
  });
}

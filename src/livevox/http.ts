/**
 * One HTTP exchange with LiveVox: sends the bytes, gives back the bytes. Knows no vendor method and judges no status.
 * Promises that an exchange never throws for what the network does: it says instead whether the request left this machine, because
 * a write that never left may be repeated and one that did may not. Answers are bounded in size and time; redirects are not
 * followed, nothing is decoded on its way into a download, and plain http is for loopback only (LiveVox speaks HTTPS only).
 */
import type { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { Agent, DecoratorHandler, type Dispatcher } from 'undici';
import { ConfigError, toMessage } from '../errors.ts';
import { orAborted, startDeadline } from './deadline.ts';

export type HttpRequest = {
  readonly verb: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Starts with `/`, parts already encoded. May hold a session id: never log it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The time limit of this request where that is longer than the client's, milliseconds: LiveVox holds some requests open. */
  readonly minTimeoutMs?: number;
};

export type AnswerHead = {
  readonly status: number;
  readonly contentType?: string;
  readonly retryAfter?: string;
  /** The `Date` header: the server's clock. */
  readonly date?: Date;
};

export type OpenAnswer = AnswerHead & { readonly kind: 'open'; readonly body: Readable };
/** `text` is undefined when the body is larger than an answer may be. */
export type WholeAnswer = AnswerHead & { readonly kind: 'whole'; readonly text: string | undefined };
/** `left` is false only when not one byte of the request can have reached LiveVox. */
export type NoAnswer = { readonly kind: 'none'; readonly left: boolean; readonly reason: string };

/** Answers other than downloads are counts, sessions, and lists and feeds of at most 1000 entries of some kilobytes each. */
const maxAnswerBytes = 16 * 1024 * 1024;
const maxConnectMs = 10_000;
/** A connection idle for longer may have been dropped on the way, and a write sent into it would end as unknown. */
const maxIdleMs = 10_000;

export class Http {
  /** Scheme, host and port: what an error may name. */
  readonly origin: string;
  readonly #prefix: string;
  readonly #timeoutMs: number;
  readonly #agent: Agent;

  /** @throws ConfigError when the URL is none, not https (http to loopback excepted), or carries credentials or a query. */
  constructor(baseUrl: string, timeoutMs: number) {
    const url = parseBaseUrl(baseUrl);
    this.origin = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
    this.#agent = new Agent({
      connect: { timeout: Math.min(timeoutMs, maxConnectMs) },
      keepAliveMaxTimeout: maxIdleMs,
      pipelining: 1,
    });
  }

  /** Sends a request and reads the whole answer, within the time limit and 16 MiB. */
  async exchange(request: HttpRequest, signal?: AbortSignal): Promise<WholeAnswer | NoAnswer> {
    const deadline = startDeadline(this.#toTimeoutMs(request), signal);
    try {
      const opened = await this.open(request, deadline.signal);
      return opened.kind === 'none' ? opened : await this.readWhole(opened);
    } finally {
      deadline.stop();
    }
  }

  /**
   * Sends a request and gives back the head of the answer with its body still to come, bytes as received; the time limit then
   * holds between two bytes. The body must be read or destroyed; aborting the signal destroys it.
   */
  async open(request: HttpRequest, signal?: AbortSignal): Promise<OpenAnswer | NoAnswer> {
    let left = false;
    const interceptor = noteStart(() => {
      left = true;
    });
    try {
      signal?.throwIfAborted();
      const { statusCode, headers, body } = await orAborted(this.#request(interceptor, request, signal), signal);
      return { kind: 'open', status: statusCode, ...readHead(headers), body };
    } catch (error) {
      return { kind: 'none', left, reason: toMessage(error) };
    }
  }

  /** Reads the rest of an answer that turned out not to be a download. */
  async readWhole(opened: OpenAnswer): Promise<WholeAnswer | NoAnswer> {
    const { body, kind: _, ...head } = opened;
    try {
      return { ...head, kind: 'whole', text: await readText(body) };
    } catch (error) {
      return { kind: 'none', left: true, reason: toMessage(error) };
    }
  }

  /** Closes every socket; what is still under way ends with an error. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #toTimeoutMs({ minTimeoutMs = 0 }: HttpRequest): number {
    return Math.max(this.#timeoutMs, minTimeoutMs);
  }

  #request(
    interceptor: Dispatcher.DispatcherComposeInterceptor,
    request: HttpRequest,
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    return this.#agent.compose(interceptor).request({
      origin: this.origin,
      path: `${this.#prefix}${request.path}`,
      method: request.verb,
      headers: { ...request.headers },
      body: request.body,
      headersTimeout: this.#toTimeoutMs(request),
      bodyTimeout: this.#toTimeoutMs(request),
      signal,
    });
  }
}

/** undici announces a request's start right before its first byte is written to a connected socket. */
function noteStart(onStart: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const decorated: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
    const forward = decorated.onRequestStart?.bind(decorated);
    decorated.onRequestStart = (controller, context) => {
      onStart();
      forward?.(controller, context);
    };
    return dispatch(options, decorated);
  };
}

function parseBaseUrl(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined) throw new ConfigError('LIVEVOX_BASE_URL is not a URL: give one like https://api.livevox.com');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigError('LIVEVOX_BASE_URL carries credentials or a query: give only scheme, host and port');
  }
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new ConfigError(
      `LIVEVOX_BASE_URL ${url.origin} is not https: plain http is for the sandbox on loopback only`,
    );
  }
  return url;
}

function readHead(headers: Readonly<Record<string, string | string[] | undefined>>): Omit<AnswerHead, 'status'> {
  const read = (name: string): string | undefined => [headers[name]].flat()[0];
  const date = Date.parse(read('date') ?? '');
  return {
    contentType: read('content-type'),
    retryAfter: read('retry-after'),
    date: Number.isNaN(date) ? undefined : new Date(date),
  };
}

async function readText(body: Readable): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of body) {
    sizeBytes += part.length;
    if (sizeBytes > maxAnswerBytes) return undefined;
    parts.push(part);
  }
  return toText(Buffer.concat(parts));
}

/** An error page of a download may be compressed like the download, with no header to say so. */
function toText(bytes: Buffer): string | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: maxAnswerBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}

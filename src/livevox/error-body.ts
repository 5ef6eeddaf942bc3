/**
 * Translates an HTTP answer into a reply; the only file that knows what a status code or a vendor error body means.
 * Promises that nothing in a reply's message is a secret, a control character, or longer than a sentence.
 * Surprises of the vendor's pages: errors come as {code, message}, {errorCode, errorMessage}, {code, "Request Id", Message}, an XML
 * ErrorResponse, a broken array, or nothing; and "Contact already exists!" comes as 202, 400 or 409, so a 2xx can be a failure.
 */
import type { AnswerHead, NoAnswer, WholeAnswer } from './http.ts';
import type { Reply, ReplyFacts } from './reply.ts';

export type VendorError = { readonly code?: string; readonly message?: string };

export type ReadingOptions = {
  /** This machine's time, for a `Retry-After` date when the answer has no `Date` of its own. */
  readonly now: Date;
  /** Takes secrets out of the vendor's words. */
  readonly redact: (text: string) => string;
};

const maxWordsLength = 300;

/** Reads what came of a request: the answer's status and body together decide. */
export function toReply(answer: WholeAnswer | NoAnswer, options: ReadingOptions): Reply {
  if (answer.kind === 'none') return { kind: answer.left ? 'lost' : 'unreachable', message: answer.reason };
  const facts: ReplyFacts = { httpStatus: answer.status, serverDate: answer.date };
  if (isSuccess(answer)) return { ...facts, ...readSuccess(answer, options) };
  const error = parseErrorBody(answer.text ?? '') ?? {};
  const message = options.redact(describe(answer.status, error));
  return { ...facts, ...readFailure(answer, error, message, options.now) };
}

/** True when the answer's body may be a download: a 2xx that does not announce an error page. */
export function isDownload(head: AnswerHead): boolean {
  return isSuccess(head) && !/json|html|xml/i.test(head.contentType ?? '');
}

/** Code and message of an error body in any of the shapes of the vendor's pages; undefined when it has neither. */
export function parseErrorBody(text: string): VendorError | undefined {
  const parsed = parseJson(text);
  const found = parsed === undefined ? (parseXmlError(text) ?? parseBrokenJson(text)) : parseJsonError(parsed);
  if (found !== undefined) return found;
  const isPlainText = parsed === undefined && text.trim() !== '' && !/^\s*[<{[]/.test(text);
  return isPlainText ? { message: toWords(text) } : undefined;
}

function isSuccess(head: AnswerHead): boolean {
  return head.status >= 200 && head.status < 300;
}

function readSuccess(answer: WholeAnswer, { redact }: ReadingOptions): Reply {
  if (answer.text === undefined)
    return { kind: 'unreadable', message: `HTTP ${answer.status} with a body too large to be an answer` };
  if (answer.text.trim() === '') {
    // The pages know 202 only as "202 Bad Request", whose body may be missing like any error's.
    if (answer.status === 202) return { kind: 'unreadable', message: 'HTTP 202 without a body' };
    return { kind: 'done', body: undefined };
  }
  const error = parseErrorBody(answer.text);
  if (error !== undefined && isFailure(error)) {
    return { kind: 'refused', code: error.code, message: redact(describe(answer.status, error)) };
  }
  const body = parseJson(answer.text);
  if (body !== undefined) return { kind: 'done', body };
  if (/^\s*</.test(answer.text)) {
    return {
      kind: 'unreadable',
      message: `HTTP ${answer.status} with ${answer.contentType ?? 'markup'} instead of JSON`,
    };
  }
  return { kind: 'done', body: toWords(answer.text) };
}

/** Codes of success are left alone: some answers repeat `200` or `0` in the body. */
function isFailure({ code, message }: VendorError): boolean {
  if (code !== undefined && code !== '0' && code !== '200') return true;
  return /already exists/i.test(message ?? '');
}

function readFailure(answer: WholeAnswer, error: VendorError, message: string, now: Date): Reply {
  const { status } = answer;
  if (status < 400) return { kind: 'redirected', message };
  if (status === 401) return { kind: 'session_refused', message };
  if (status === 403) return { kind: 'forbidden', message };
  if (status === 404) return { kind: 'not_found', message };
  if (status === 429) return { kind: 'limited', retryAfterMs: toRetryAfterMs(answer, now), message };
  if (status === 503) return { kind: 'unavailable', retryAfterMs: toRetryAfterMs(answer, now), message };
  if (status === 408 || status >= 500) return { kind: 'failed', message };
  return { kind: 'refused', code: error.code, message };
}

/** `Retry-After` in seconds, or as a date measured against the server's own clock where it told us. */
export function toRetryAfterMs(head: AnswerHead, now: Date): number | undefined {
  const value = head.retryAfter?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const until = Date.parse(value);
  return Number.isNaN(until) ? undefined : Math.max(0, until - (head.date ?? now).getTime());
}

function describe(status: number, error: VendorError): string {
  const code = error.code === undefined || error.code === String(status) ? '' : `, code ${error.code}`;
  return `HTTP ${status}${code}${error.message === undefined ? '' : `: ${error.message}`}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseJsonError(parsed: unknown): VendorError | undefined {
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof body !== 'object' || body === null) return undefined;
  const entries = new Map(Object.entries(body).map(([key, value]) => [key.toLowerCase(), toScalar(value)]));
  const message = entries.get('message') ?? entries.get('errormessage');
  const ownCode = entries.get('code');
  // Other answers have a `code` of their own (a country's, a client's): alone, or beside a message, it is an error's.
  const isErrorCode = ownCode !== undefined && /^-?\d+$/.test(ownCode) && (message !== undefined || entries.size === 1);
  const code = entries.get('errorcode') ?? (isErrorCode ? ownCode : undefined);
  return toVendorError(code, message);
}

/** `<ErrorResponse code="42" message="…"/>`, with the attributes in any order. */
function parseXmlError(text: string): VendorError | undefined {
  const tag = /<(?:\w+:)?ErrorResponse\b([^>]*)>/.exec(text)?.[1];
  if (tag === undefined) return undefined;
  const attribute = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return { code: attribute('code') ?? 'unknown', message: toWords(decodeEntities(attribute('message') ?? '')) };
}

/** The overview's own example is `{[{"code": 42, "message": "…"}`, which no JSON parser takes. */
function parseBrokenJson(text: string): VendorError | undefined {
  const code = /"(?:code|errorCode)"\s*:\s*"?(-?\d+)/i.exec(text)?.[1];
  const message = /"(?:message|errorMessage)"\s*:\s*"((?:[^"\\]|\\.)*)"/i.exec(text)?.[1];
  return toVendorError(code, message);
}

function toVendorError(code: string | undefined, message: string | undefined): VendorError | undefined {
  if (code === undefined && message === undefined) return undefined;
  return {
    code: code === undefined ? undefined : toWords(code),
    message: message === undefined ? undefined : toWords(message),
  };
}

/** LiveVox writes "no value" as null, as "" and as the text "null". */
function toScalar(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' || text === 'null' ? undefined : text;
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

/** The vendor's text on one line, without control characters (they end up in logs and in Postgres), of bounded length. */
function toWords(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > maxWordsLength ? `${line.slice(0, maxWordsLength)}…` : line;
}

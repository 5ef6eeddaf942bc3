/**
 * Reads a request's body. The vendor wants a JSON object wherever a body is possible, `{}` at least, and its content
 * type; the sandbox's own routes take any JSON or nothing.
 */
import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Refusal, refuseInvalid, refuseMissing } from './answer.ts';

const maxBytes = 64 * 1024 * 1024;

/** `none`: any JSON or nothing; `optional`: a JSON object or nothing; `strict`: a JSON object. */
export type BodyRule = 'none' | 'optional' | 'strict';

/**
 * The parsed body; `{}` where there is none.
 * @throws Refusal 400, 413 or 415 when the body is missing, malformed, too large or of another type.
 */
export async function readJson(request: IncomingMessage, rule: BodyRule): Promise<unknown> {
  const strict = rule !== 'none';
  const text = await readText(request);
  const wantsBody = request.method === 'POST' || request.method === 'PUT';
  if (!wantsBody || (text === '' && rule !== 'strict')) return {};
  if (text === '') throw refuseMissing('request body');
  if (strict && !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refusal(415, 415, 'Unsupported Media Type: Content-Type must be application/json');
  }
  const body = parseJson(text);
  if (strict && (typeof body !== 'object' || body === null || Array.isArray(body)))
    throw refuseInvalid('body is no object');
  return body;
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    // What is too large is read to its end all the same, so that the answer reaches the sender.
    if (size <= maxBytes) pieces.push(piece);
  }
  if (size > maxBytes) throw new Refusal(413, 413, 'Request entity too large');
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuseInvalid('body is not JSON');
  }
}

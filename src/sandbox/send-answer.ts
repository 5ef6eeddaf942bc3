/**
 * Answer → socket. Downloads go out piece by piece, as fast as the reader takes them. A truncated body either ends as if
 * it were complete or ends with the connection; both are cut behind the compression, as a network would. JSON is cut too.
 */
import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { formatError } from './error-shapes.ts';
import type { FaultOf } from './faults.ts';

export type SendOptions = {
  readonly dialect: Dialect;
  readonly truncate: FaultOf<'truncate'> | undefined;
};

/** So much is held back at least, so that a short body is cut too. */
const leastTailBytes = 16;

/** Resolves when the answer is handed over, or the reader is gone. */
export async function sendAnswer(response: ServerResponse, answer: Answer, options: SendOptions): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  switch (answer.kind) {
    case 'empty':
      response.end();
      return;
    case 'json':
      await endWith(response, 'application/json', JSON.stringify(answer.body), options.truncate);
      return;
    case 'error': {
      const error = formatError(answer.error, options.dialect.errors);
      if (error === undefined) response.end();
      else await endWith(response, error.contentType, error.text, options.truncate);
      return;
    }
    case 'bytes':
      await sendBytes(response, answer.gzip ? compress(answer.bytes) : answer.bytes, options.truncate);
  }
}

async function endWith(
  response: ServerResponse,
  contentType: string,
  text: string,
  truncate: FaultOf<'truncate'> | undefined,
): Promise<void> {
  if (!response.hasHeader('content-type')) response.setHeader('content-type', contentType);
  if (truncate === undefined) response.end(text);
  else await sendBytes(response, Readable.from([Buffer.from(text)]), truncate);
}

function compress(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level: 1, chunkSize: 128 * 1024 });
  // A failure of the source shows at the reading end too; here it would only be unhandled.
  pipeline(Readable.from(bytes, { objectMode: true }), gzip).catch(() => undefined);
  return gzip;
}

async function sendBytes(
  response: ServerResponse,
  bytes: AsyncIterable<Uint8Array>,
  truncate: FaultOf<'truncate'> | undefined,
): Promise<void> {
  const pieces = truncate === undefined ? bytes : cutShort(bytes, truncate);
  response.flushHeaders();
  for await (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await waitForDrain(response);
  }
  if (truncate?.look === 'cut') response.socket?.destroySoon();
  else response.end();
}

/** Resolves when the reader has caught up, or is gone. */
function waitForDrain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

async function* cutShort(
  bytes: AsyncIterable<Uint8Array>,
  { afterBytes, dropBytes }: FaultOf<'truncate'>,
): AsyncGenerator<Uint8Array> {
  const tailBytes = dropBytes ?? leastTailBytes;
  let left = dropBytes === undefined ? afterBytes : Number.POSITIVE_INFINITY;
  let held: Uint8Array = Buffer.alloc(0);
  for await (const piece of bytes) {
    const all = Buffer.concat([held, piece]);
    const part = all.subarray(0, Math.min(left, Math.max(0, all.length - tailBytes)));
    left -= part.length;
    if (part.length > 0) yield part;
    if (left === 0) return;
    held = all.subarray(part.length);
  }
}

import { Buffer } from 'node:buffer';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { defaultDialect } from '../../src/sandbox/dialect.ts';
import { sendAnswer } from '../../src/sandbox/send-answer.ts';

const piece = Buffer.alloc(64 * 1024, 'x');
const pieces = 1500;

/** Serves about 100 MB, counting what was made of it and noting its end. */
async function serve(gzip: boolean): Promise<{ url: string; made: () => number; ended: () => boolean }> {
  let [made, ended] = [0, false];
  async function* makePieces(): AsyncGenerator<Uint8Array> {
    for (; made < pieces; made += 1) {
      yield piece;
      await setImmediate();
    }
  }
  const answer = async (response: ServerResponse): Promise<void> => {
    const bytes = makePieces();
    await sendAnswer(
      response,
      { kind: 'bytes', status: 200, gzip, bytes },
      { dialect: defaultDialect, truncate: undefined },
    );
    ended = true;
  };
  const server = createServer((_, response) => void answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, made: () => made, ended: () => ended };
}

/** True when nothing was made in many turns of the event loop. */
async function isAtRest(made: () => number): Promise<boolean> {
  const before = made();
  for (let turn = 0; turn < 500; turn += 1) await setImmediate();
  return before > 0 && made() === before;
}

it('a body is made no faster than its reader takes it', async () => {
  const { url, made } = await serve(false);
  const response = await fetch(url);
  await expect.poll(() => isAtRest(made), { timeout: 5000 }).toBe(true);
  expect(made()).toBeLessThan(pieces / 4);
  expect((await response.arrayBuffer()).byteLength).toBe(pieces * piece.length);
});

it('a compressed body arrives whole', async () => {
  const { url } = await serve(true);
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  expect(gunzipSync(bytes).length).toBe(pieces * piece.length);
});

it('a reader who leaves ends the making', async () => {
  const { url, made, ended } = await serve(false);
  const abort = new AbortController();
  await fetch(url, { signal: abort.signal });
  abort.abort();
  await expect.poll(ended).toBe(true);
  expect(made()).toBeLessThan(pieces / 4);
});

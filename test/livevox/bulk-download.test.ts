import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../src/errors.ts';
import type { LiveVoxClient, LiveVoxOptions } from '../../src/livevox/index.ts';
import { afterLogin, json, makeClient, type OddServer, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Answer = (response: ServerResponse, nth: number) => void;

async function setup(
  answer: Answer,
  options: Partial<LiveVoxOptions> = {},
): Promise<{ server: OddServer; client: LiveVoxClient }> {
  const server = await startOddServer(afterLogin(answer));
  const client = makeClient(server.baseUrl, options);
  open.push(client, server);
  return { server, client };
}

const csv = 'Account,Account Due Date\r\nMF1234,08/27/2018\r\n';
const request = { exportableFields: ['account', 'dueDate'] };
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((thrown: unknown) => thrown);
const firstBytes = (body: Readable): Promise<Buffer> => new Promise((resolve) => body.once('data', resolve));

function sendCsv(response: ServerResponse, body: string | Buffer = csv): void {
  response.writeHead(200, { 'content-type': 'text/csv', date: 'Fri, 20 Nov 2026 10:00:00 GMT' }).end(body);
}

describe('contacts.bulkContactDownload', () => {
  it('asks by epoch milliseconds, for gzip, and gives the bytes and the server time', async () => {
    const { server, client } = await setup((response) => sendCsv(response));
    const window = { startsAt: new Date('2026-11-20T00:00:00Z'), endsAt: new Date('2026-11-20T01:00:00.500Z') };
    const { body, contentType, serverDate } = await client.contacts.bulkContactDownload({ ...request, ...window });
    expect((await buffer(body)).toString()).toBe(csv);
    expect({ contentType, serverDate }).toEqual({
      contentType: 'text/csv',
      serverDate: new Date('2026-11-20T10:00:00Z'),
    });
    expect(server.requests[1]).toMatchObject({ verb: 'POST', path: '/contact/contacts/bulk' });
    expect(server.requests[1]?.headers).toMatchObject({
      'accept-encoding': 'gzip',
      'content-type': 'application/json',
    });
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({
      startDate: 1_795_132_800_000,
      endDate: 1_795_136_400_500,
      exportableFields: ['account', 'dueDate'],
    });
  });

  it('a download without a window names no dates', async () => {
    const { server, client } = await setup((response) => sendCsv(response));
    await buffer((await client.contacts.bulkContactDownload(request)).body);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual(request);
  });

  it.each([
    ['announced', { 'content-encoding': 'gzip', 'content-type': 'text/csv' }],
    ['not announced', {}],
  ])('compressed bytes stay as they are, %s', async (_, headers) => {
    const { client } = await setup((response) => response.writeHead(200, headers).end(gzipSync(csv)));
    const bytes = await buffer((await client.contacts.bulkContactDownload(request)).body);
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(gunzipSync(bytes).toString()).toBe(csv);
  });

  it.each([
    [
      'a code in JSON',
      'application/json',
      '{"code":202,"message":"Invalid date range"}',
      'HTTP 200, code 202: Invalid date range',
    ],
    [
      'a code in compressed JSON',
      'application/json',
      gzipSync('{"code":202,"message":"No"}'),
      'HTTP 200, code 202: No',
    ],
    ['an XML error', 'application/xml', '<ErrorResponse code="42" message="ibid"/>', 'HTTP 200, code 42: ibid'],
    ['an HTML page', 'text/html', '<html>Sign in</html>', 'nothing we can read'],
    ['JSON without an error', 'application/json', '{}', 'refused "Bulk Contact Download"'],
  ])('%s in a 200 is a failure, not a download', async (_, contentType, body, words) => {
    const { client } = await setup((response) => response.writeHead(200, { 'content-type': contentType }).end(body));
    const error = await failure(client.contacts.bulkContactDownload(request));
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toContain(words);
  });

  it('is asked for again while LiveVox fails, up to four times', async () => {
    const { client } = await setup((response, nth) => (nth < 4 ? json(response, 500, '') : sendCsv(response)));
    expect((await buffer((await client.contacts.bulkContactDownload(request)).body)).toString()).toBe(csv);
    expect(client.requestCounts['Bulk Contact Download']).toBe(4);
  });

  it.each([
    ['a length it does not reach', { 'content-length': '5000' }],
    ['chunks without an end', {}],
  ])('a body cut short (%s) ends with an error that says to try again', async (_, headers) => {
    const { server, client } = await setup((response) => {
      response.writeHead(200, { 'content-type': 'text/csv', ...headers });
      response.write(csv, () => response.destroy());
    });
    const { body } = await client.contacts.bulkContactDownload(request);
    const error = await failure(buffer(body));
    expect(error).toBeInstanceOf(RetriableError);
    expect((error as Error).message).toContain(`The download from LiveVox at ${server.baseUrl} was cut short`);
  });

  it('a connection that breaks before anybody reads does not bring the process down', async () => {
    const { client } = await setup((response) => {
      response.writeHead(200, { 'content-type': 'text/csv', 'content-length': '5000' });
      response.write(csv, () => response.destroy());
    });
    const { body } = await client.contacts.bulkContactDownload(request);
    await expect.poll(() => body.destroyed).toBe(true);
    expect(await failure(buffer(body))).toBeInstanceOf(RetriableError);
  });

  it('a body that falls silent is given up after the time limit', async () => {
    const { client } = await setup(
      (response) => {
        response.writeHead(200, { 'content-type': 'text/csv' });
        response.write(csv);
      },
      { requestTimeoutMs: 200 },
    );
    const error = await failure(buffer((await client.contacts.bulkContactDownload(request)).body));
    expect(error).toBeInstanceOf(RetriableError);
  });

  it('a reader who takes its time is not a silent server', async () => {
    const { client } = await setup(
      (response) => {
        response.writeHead(200, { 'content-type': 'text/csv' });
        for (let part = 0; part < 64; part += 1) response.write(Buffer.alloc(65_536, 'a'));
        response.end();
      },
      { requestTimeoutMs: 100 },
    );
    const { body } = await client.contacts.bulkContactDownload(request);
    const startedAt = performance.now();
    await expect.poll(() => performance.now() - startedAt, { timeout: 2_000 }).toBeGreaterThan(700);
    expect(await buffer(body)).toHaveLength(64 * 65_536);
  });

  it('aborting while reading destroys the body with the reason and drops the connection', async () => {
    let isDropped = false;
    const { client } = await setup((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      response.write(csv);
      response.on('close', () => {
        isDropped = true;
      });
    });
    const controller = new AbortController();
    const { body } = await client.contacts.bulkContactDownload(request, controller.signal);
    await firstBytes(body);
    controller.abort(new Error('stopped'));
    expect(await failure(buffer(body))).toMatchObject({ message: 'stopped' });
    await expect.poll(() => isDropped).toBe(true);
  });

  it('aborting before the answer throws the reason and asks no more', async () => {
    const controller = new AbortController();
    const { client } = await setup(() => controller.abort(new Error('stopped')));
    expect(await failure(client.contacts.bulkContactDownload(request, controller.signal))).toMatchObject({
      message: 'stopped',
    });
    expect(client.requestCounts['Bulk Contact Download']).toBe(1);
  });

  it('the next download waits until the last one is read or destroyed', async () => {
    const { server, client } = await setup((response) => sendCsv(response, Buffer.alloc(1_000_000, 'a')));
    const first = await client.contacts.bulkContactDownload(request);
    const second = client.contacts.bulkContactDownload(request);
    await client.fetchServerNow();
    expect(server.requests.filter(({ path }) => path.startsWith('/contact'))).toHaveLength(1);
    first.body.destroy();
    expect(await buffer((await second).body)).toHaveLength(1_000_000);
  });

  it('closing the client ends a download under way', async () => {
    const { client } = await setup((response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      response.write(csv);
    });
    const { body } = await client.contacts.bulkContactDownload(request);
    const end = failure(buffer(body));
    await client.close();
    expect(await end).toBeInstanceOf(RetriableError);
  });
});

/**
 * Servers for the tests of agents and agent skills: one that gives the answers of a test, and the sandbox under a dialect.
 */
import { onTestFinished } from 'vitest';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import type { Dialect } from '../../src/sandbox/index.ts';
import { setupSandbox } from '../support/sandbox-admin.ts';
import {
  afterLogin,
  json,
  makeClient,
  makeStillClock,
  type SeenRequest,
  secret,
  startOddServer,
} from './odd-server.ts';

export type Answer = { status: number; body?: unknown };

/** A client of a LiveVox that gives these answers one after the other, the last one for ever; `asked` is what it was asked. */
export async function setup(...answers: Answer[]): Promise<{ client: LiveVoxClient; asked: () => SeenRequest[] }> {
  const server = await startOddServer(
    afterLogin((response, nth) => {
      const { status, body } = answers[Math.min(nth, answers.length) - 1] ?? { status: 500 };
      if (body === undefined) response.writeHead(status).end();
      else json(response, status, body);
    }),
  );
  const client = makeClient(server.baseUrl);
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { client, asked: () => server.requests.filter(({ path }) => !path.startsWith('/session/')) };
}

/** A client of a sandbox of the running test's own. */
export async function connectToSandbox(dialect: Partial<Dialect>): Promise<LiveVoxClient> {
  const { url, credentials } = await setupSandbox({ contacts: 1, dialect });
  const { clientName, userName, password, accessToken } = credentials;
  const client = new LiveVoxClient({
    baseUrl: url,
    credentials: { clientName, userName, password: secret(password), accessToken: secret(accessToken) },
    timeZone: 'America/New_York',
    clock: makeStillClock(),
    random: () => 0.5,
  });
  onTestFinished(() => client.close());
  return client;
}

/** The readings of the vendor's pages that an answer about agents may follow. */
export const dialects: readonly (readonly [string, Partial<Dialect>])[] = [
  ['as the pages have it', {}],
  ['numbers as text', { numbers: 'string', next: 'rooted', lastNext: 'null' }],
  ['empty lists as 404', { emptyLists: '404', next: 'absolute', lastNext: 'blank', errors: 'errorCode' }],
  ['nothing in errors', { emptyLists: '200', nulls: 'text', errors: 'requestId' }],
];

/** What was asked, as the page prints it, but for an empty body. */
export function print({ verb, path, body }: SeenRequest): string {
  return `${verb} ${path}${body === '' || body === '{}' ? '' : ` ${body}`}`;
}

export async function readAll<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/**
 * The fault matrix: kind of method × what goes wrong → what the caller gets, and how often LiveVox was asked.
 * Columns: a read (List Custom Field), a create (Bulk Create), a write that may be repeated (Bulk Update, DND);
 * the list and the methods of one contact are held against these columns.
 */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { toMessage } from '../../src/errors.ts';
import type { LiveVoxClient, LiveVoxOptions } from '../../src/livevox/index.ts';
import { afterLogin, json, makeClient, makeStillClock, type OddServer, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const rows = [{ account: 'MF-4711', sends: { active: 'true', firstName: 'Sally' } }];
const dndRows = [{ account: 'MF-4711', sends: { accountBlock: 'PERMANENT' } }];

const methods = {
  read: [
    'List Custom Field',
    (client: LiveVoxClient, signal?: AbortSignal) => client.customFields.listCustomFields(signal),
  ],
  create: [
    'Bulk Create Contact',
    (client: LiveVoxClient, signal?: AbortSignal) => client.contacts.bulkCreateContact(rows, signal),
  ],
  update: [
    'Bulk Update Contact',
    (client: LiveVoxClient, signal?: AbortSignal) => client.contacts.bulkUpdateContact(rows, signal),
  ],
  dnd: [
    "Update Multiple Contacts' DND",
    (client: LiveVoxClient, signal?: AbortSignal) => client.contacts.updateMultipleContactsDnd(dndRows, signal),
  ],
} as const;

/** More methods, each with the column whose results it has; what differs is in `exceptions`. */
const furtherMethods = [
  [
    'list',
    'read',
    'List Contact',
    (client: LiveVoxClient) => client.contacts.listContacts()[Symbol.asyncIterator]().next(),
  ],
  ['single read', 'read', 'Read Contact', (client: LiveVoxClient) => client.contacts.readContact('MF-4711')],
  ['single create', 'create', 'Create Contact', (client: LiveVoxClient) => client.contacts.createContact(rows[0]!)],
  ['delete', 'create', 'Delete Contact', (client: LiveVoxClient) => client.contacts.deleteContact('MF-4711')],
  ['single update', 'update', 'Update Contact', (client: LiveVoxClient) => client.contacts.updateContact(rows[0]!)],
] as const;

/** Nothing there is an answer to who asks for one contact. */
const exceptions: Readonly<Record<string, Expected>> = { 'single read, 404': ['value', 1] };

type Fault = (response: ServerResponse) => void;

const faults: Record<string, Fault> = {
  '401 for ever': (response) => json(response, 401, ''),
  '403': (response) => json(response, 403, { code: 403, 'Request Id': '1', Message: 'Access denied' }),
  '404': (response) => json(response, 404, ''),
  '408': (response) => json(response, 408, ''),
  '409 already exists': (response) => json(response, 409, { code: 202, message: 'Contact already exists!' }),
  '400 already exists': (response) => json(response, 400, { code: 202, message: 'Contact already exists!' }),
  '202 already exists': (response) => json(response, 202, { code: 202, message: 'Contact already exists!' }),
  '200 with errorCode': (response) => json(response, 200, { errorCode: '202', errorMessage: 'Missing required field' }),
  '413': (response) => json(response, 413, ''),
  '429': (response) => json(response, 429, ''),
  '429, an hour': (response) => json(response, 429, '', { 'retry-after': '3600' }),
  '503': (response) => json(response, 503, ''),
  '503, an hour': (response) => json(response, 503, '', { 'retry-after': '3600' }),
  '500 broken array': (response) => json(response, 500, '{[{"code": 42, "message": "flux"}'),
  '302': (response) => response.writeHead(302, { location: '/login' }).end(),
  '200 with HTML': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  'reset before the head': (response) => response.destroy(),
  'reset in the body': (response) => {
    response.writeHead(200, { 'content-length': '50' });
    response.write('{"message":', () => response.destroy());
  },
  silence: () => {},
};

type Expected = readonly [result: string, requests: number];
type Row = { readonly read: Expected; readonly create: Expected; readonly update: Expected };

const matrix: Record<keyof typeof faults, Row> = {
  '401 for ever': { read: ['FatalError', 2], create: ['FatalError', 2], update: ['FatalError', 2] },
  '403': { read: ['FatalError', 1], create: ['FatalError', 1], update: ['FatalError', 1] },
  '404': { read: ['FatalError', 1], create: ['refused', 1], update: ['refused', 1] },
  '408': { read: ['RetriableError', 4], create: ['unknown', 1], update: ['unknown', 1] },
  '409 already exists': { read: ['FatalError', 1], create: ['refused', 1], update: ['refused', 1] },
  '400 already exists': { read: ['FatalError', 1], create: ['refused', 1], update: ['refused', 1] },
  '202 already exists': { read: ['FatalError', 1], create: ['refused', 1], update: ['refused', 1] },
  '200 with errorCode': { read: ['FatalError', 1], create: ['refused', 1], update: ['refused', 1] },
  '413': { read: ['FatalError', 1], create: ['refused', 1], update: ['refused', 1] },
  '429': { read: ['RateLimitedError', 4], create: ['RateLimitedError', 4], update: ['RateLimitedError', 4] },
  '429, an hour': { read: ['RateLimitedError', 1], create: ['RateLimitedError', 1], update: ['RateLimitedError', 1] },
  '503': { read: ['RetriableError', 4], create: ['unknown', 1], update: ['unknown', 4] },
  '503, an hour': { read: ['RateLimitedError', 1], create: ['unknown', 1], update: ['unknown', 1] },
  '500 broken array': { read: ['RetriableError', 4], create: ['unknown', 1], update: ['unknown', 1] },
  '302': { read: ['FatalError', 1], create: ['unknown', 1], update: ['unknown', 1] },
  '200 with HTML': { read: ['FatalError', 1], create: ['unknown', 1], update: ['unknown', 1] },
  'reset before the head': { read: ['RetriableError', 4], create: ['unknown', 1], update: ['unknown', 1] },
  'reset in the body': { read: ['RetriableError', 4], create: ['unknown', 1], update: ['unknown', 1] },
  silence: { read: ['RetriableError', 4], create: ['unknown', 1], update: ['unknown', 1] },
};

async function setup(
  fault: Fault,
  options: Partial<LiveVoxOptions> = {},
): Promise<{ server: OddServer; client: LiveVoxClient }> {
  const server = await startOddServer(afterLogin((response) => fault(response)));
  const client = makeClient(server.baseUrl, options);
  open.push(client, server);
  await client.login();
  return { server, client };
}

/** Error class, or kind of the write's answer. */
async function nameResult(promise: Promise<unknown>): Promise<{ name: string; words: string }> {
  try {
    const value = (await promise) ?? null;
    const name = typeof value === 'object' && value !== null && 'kind' in value ? String(value.kind) : 'value';
    return { name, words: JSON.stringify(value) };
  } catch (error) {
    return { name: error instanceof Error ? error.constructor.name : 'other', words: toMessage(error) };
  }
}

describe.each(Object.keys(faults))('%s', (name) => {
  const row = matrix[name]!;
  it.each([
    ['read', row.read],
    ['create', row.create],
    ['update', row.update],
    ['dnd', row.update],
  ] as const)('a %s gets %j', async (kind, [expected, requests]) => {
    const { client } = await setup(faults[name]!, { requestTimeoutMs: name === 'silence' ? 60 : 5_000 });
    const [method, run] = methods[kind];
    const result = await nameResult(run(client));
    expect(result.name).toBe(expected);
    expect(client.requestCounts[method]).toBe(requests);
    if (result.name.endsWith('Error')) expect(result.words).not.toContain('MF-4711');
  });

  it.each(furtherMethods)('a %s is as a %s', async (kind, column, method, run) => {
    const { client } = await setup(faults[name]!, { requestTimeoutMs: name === 'silence' ? 60 : 5_000 });
    const result = await nameResult(run(client));
    expect([result.name, client.requestCounts[method]]).toEqual(exceptions[`${kind}, ${name}`] ?? row[column]);
    if (result.name.endsWith('Error')) expect(result.words).not.toContain('MF-4711');
  });
});

describe('a server that is not there', () => {
  it.each(Object.keys(methods) as (keyof typeof methods)[])('a %s says so after four tries', async (kind) => {
    const { server, client } = await setup(() => {});
    await server.close();
    const [method, run] = methods[kind];
    const result = await nameResult(run(client));
    expect(result).toMatchObject({
      name: 'RetriableError',
      words: expect.stringContaining(`LiveVox at ${server.baseUrl} cannot be reached: `),
    });
    expect(client.requestCounts[method]).toBe(4);
  });
});

describe('stopping', () => {
  it.each([
    ['read', 'Error'],
    ['create', 'unknown'],
    ['update', 'unknown'],
    ['dnd', 'unknown'],
  ] as const)('a %s under way ends as %s', async (kind, expected) => {
    const controller = new AbortController();
    const { client } = await setup(() => controller.abort(new Error('stopped')));
    const [method, run] = methods[kind];
    const result = await nameResult(run(client, controller.signal));
    expect(result).toMatchObject({ name: expected, words: expect.stringContaining('stopped') });
    expect(client.requestCounts[method]).toBe(1);
  });

  it.each(Object.keys(methods) as (keyof typeof methods)[])('a %s that has not begun is not sent', async (kind) => {
    const { client } = await setup((response) => json(response, 200, {}));
    const [method, run] = methods[kind];
    const result = await nameResult(run(client, AbortSignal.abort(new Error('stopped'))));
    expect(result).toMatchObject({ name: 'Error', words: 'stopped' });
    expect(client.requestCounts[method]).toBeUndefined();
  });
});

describe('waiting', () => {
  it.each([
    ['seconds', '7'],
    ['a date', 'Fri, 20 Nov 2026 12:00:07 GMT'],
  ])('Retry-After in %s is kept to', async (_, retryAfter) => {
    const clock = makeStillClock();
    let answers = 0;
    const fault: Fault = (response) => {
      answers += 1;
      const headers = { 'retry-after': retryAfter, date: 'Fri, 20 Nov 2026 12:00:00 GMT' };
      if (answers === 1) json(response, 429, '', headers);
      else json(response, 200, { updated: 1 });
    };
    const { client } = await setup(fault, { clock, random: () => 0 });
    expect(await client.contacts.updateMultipleContactsDnd(dndRows)).toMatchObject({
      kind: 'accepted',
      reportedRows: 1,
    });
    expect(clock.slept).toEqual([7000]);
  });

  it('a pause longer than we sleep holds the next call of the method back without asking', async () => {
    const { client } = await setup((response) => json(response, 429, '', { 'retry-after': '3600' }));
    const results = [
      await nameResult(client.contacts.bulkCreateContact(rows)),
      await nameResult(client.contacts.bulkCreateContact(rows)),
    ];
    expect(results.map(({ name }) => name)).toEqual(['RateLimitedError', 'RateLimitedError']);
    expect(client.requestCounts['Bulk Create Contact']).toBe(1);
  });
});

import { describe, expect, it, onTestFinished } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import type { LiveVoxClient } from '../../src/livevox/index.ts';
import { afterLogin, json, makeClient, startOddServer } from './odd-server.ts';

async function setup(status: number, body: unknown = ''): Promise<{ client: LiveVoxClient; sent: () => string[] }> {
  const server = await startOddServer(afterLogin((response) => json(response, status, body)));
  const client = makeClient(server.baseUrl);
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { client, sent: () => server.requests.slice(1).map(({ verb, path }) => `${verb} ${path}`) };
}

describe('contactNotes.listContactNotes', () => {
  it('reads the example', async () => {
    const listContactNotes = [
      { id: 1489384, note: 'Caller was hostile' },
      { id: 234567, note: 'Do not accept check payments from this account.' },
    ];
    const { client, sent } = await setup(200, { listContactNotes });
    expect(await client.contactNotes.listContactNotes('123456')).toEqual([
      { id: '1489384', note: 'Caller was hostile' },
      { id: '234567', note: 'Do not accept check payments from this account.' },
    ]);
    expect(sent()).toEqual(['GET /contact/contacts/123456/notes/']);
  });

  it.each([
    [200, { listContactNotes: [] }],
    [200, { listContactNotes: null }],
    [204, ''],
    [404, { code: 203, message: 'No Record Found' }],
  ])('%i %j is an account without notes', async (status, body) => {
    const { client } = await setup(status, body);
    expect(await client.contactNotes.listContactNotes('123456')).toEqual([]);
  });

  it('a 404 without words is an error, and so is another shape, which is not repeated', async () => {
    const missing = await setup(404);
    await expect(missing.client.contactNotes.listContactNotes('123456')).rejects.toThrow(FatalError);
    const odd = await setup(200, { listContactNotes: [{ note: 'a private note' }] });
    await expect(odd.client.contactNotes.listContactNotes('123456')).rejects.toThrow(
      /"List Contact Notes" in a shape we do not know(?!.*private)/,
    );
  });
});

describe('contactNotes.readContactNote', () => {
  it('reads the example', async () => {
    const { client, sent } = await setup(200, {
      id: 1489384,
      note: 'LV_SH1: Contact was hostile',
      transactionId: 5534420908,
      sessionId: 'U1FF238B4736@10.201.17.196',
      createDate: 1502285778000,
      modifiedDate: 1502285778000,
    });
    expect(await client.contactNotes.readContactNote('123456', 1489384)).toEqual({
      id: '1489384',
      note: 'LV_SH1: Contact was hostile',
      transactionId: '5534420908',
      sessionId: 'U1FF238B4736@10.201.17.196',
      createDate: new Date(1502285778000),
      modifiedDate: new Date(1502285778000),
    });
    expect(sent()).toEqual(['GET /contact/contacts/123456/notes/1489384']);
  });

  it('gives undefined when there is none', async () => {
    const { client } = await setup(404);
    expect(await client.contactNotes.readContactNote('123456', '1')).toBeUndefined();
  });
});

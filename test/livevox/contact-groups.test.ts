import { afterEach, describe, expect, it } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import type { ContactGroup, LiveVoxClient } from '../../src/livevox/index.ts';
import { afterLogin, json, makeClient, type OddServer, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A LiveVox that gives these bodies one after the other, the last one again and again. */
async function setup(status: number, ...bodies: unknown[]): Promise<{ client: LiveVoxClient; sent: () => string[] }> {
  const server: OddServer = await startOddServer(
    afterLogin((response, nth) => json(response, status, bodies[Math.min(nth, bodies.length) - 1] ?? '')),
  );
  const client = makeClient(server.baseUrl);
  open.push(client, server);
  const sent = (): string[] =>
    server.requests
      .filter(({ path }) => !path.startsWith('/session/'))
      .map(({ verb, path, body: text }) => `${verb} ${path} ${text}`.trim());
  return { client, sent };
}

async function collect(groups: AsyncIterable<ContactGroup>): Promise<ContactGroup[]> {
  const all: ContactGroup[] = [];
  for await (const group of groups) all.push(group);
  return all;
}

describe('contactGroups', () => {
  it('Create Contact Group: the example', async () => {
    const { client, sent } = await setup(201, { id: 2200 });
    expect(await client.contactGroups.createContactGroup('Client BOA')).toMatchObject({ kind: 'accepted', id: '2200' });
    expect(sent()).toEqual(['POST /contact/contactGroups {"name":"Client BOA"}']);
  });

  // The example asks with count={10}&offset={0}, and its answer lacks the brace that ends the first group.
  it('List Contact Group: the example', async () => {
    const contactGroup = [
      {
        id: 1120,
        name: 'Old Group',
        createdBy: 'LiveVox\\Park, Peter',
        modifiedBy: 'LiveVox\\Park, Peter',
        createdAt: 1427119248000,
        modifiedAt: 1427119264000,
      },
      {
        id: 2202,
        name: 'Client BOA',
        createdBy: 'Product Management\\Tokugawa, Arlan',
        modifiedBy: 'Product Management\\Tokugawa, Arlan',
        createdAt: 1509551747000,
        modifiedAt: 1509551747000,
      },
    ];
    const last = { contactGroup: contactGroup.slice(1) };
    const { client, sent } = await setup(
      200,
      { contactGroup, next: 'contact/contactGroups/?offset=10&count=10' },
      last,
    );
    const expected = contactGroup.map((group) => ({
      ...group,
      id: String(group.id),
      createdAt: new Date(group.createdAt),
      modifiedAt: new Date(group.modifiedAt),
    }));
    expect(await collect(client.contactGroups.listContactGroup())).toEqual(expected);
    expect(sent()[0]).toBe('GET /contact/contactGroups?count=1000&offset=0');
  });

  it('Read Contact Group: the example', async () => {
    const body = {
      id: 2200,
      name: 'Client BOA',
      createdBy: 'Product Management\\Simpson, Homer',
      modifiedBy: 'Product Management\\Strong, Man',
      createdAt: 1509551523000,
      modifiedAt: 1509551523000,
    };
    const { client, sent } = await setup(200, body);
    const at = new Date(1509551523000);
    expect(await client.contactGroups.readContactGroup(2200)).toEqual({
      ...body,
      id: '2200',
      createdAt: at,
      modifiedAt: at,
    });
    expect(sent()).toEqual(['GET /contact/contactGroups/2200']);
  });

  it('Read Contact Group: undefined when there is none', async () => {
    const { client } = await setup(404);
    expect(await client.contactGroups.readContactGroup('2200')).toBeUndefined();
  });

  it('Update Contact Group: the example', async () => {
    const { client, sent } = await setup(204);
    const answer = await client.contactGroups.updateContactGroup('1234567', 'BOA Group Agents');
    expect(answer).toMatchObject({ kind: 'accepted', httpStatus: 204 });
    expect(sent()).toEqual(['PUT /contact/contactGroups/1234567 {"name":"BOA Group Agents"}']);
  });

  it('Update Contact Group: the example of one that does not exist', async () => {
    const { client } = await setup(404, { code: 203, message: 'Contact group with 22007 not found' });
    const answer = await client.contactGroups.updateContactGroup('1234567353', 'BOA Group Agents');
    expect(answer).toMatchObject({ kind: 'refused', httpStatus: 404 });
  });

  it.each(['', 'x', '1/2', '-1'])('%j is no id, and nothing is sent', async (id) => {
    const { client, sent } = await setup(200, {});
    await expect(client.contactGroups.readContactGroup(id)).rejects.toThrow(FatalError);
    await expect(client.contactGroups.updateContactGroup(id, 'x')).rejects.toThrow(FatalError);
    expect(sent()).toEqual([]);
  });
});

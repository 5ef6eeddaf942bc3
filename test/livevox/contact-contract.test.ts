/**
 * The contact methods, groups, notes and custom fields against the sandbox, under every reading of the vendor's pages. What a write
 * did is looked up in the sandbox itself.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import type { Dialect, PlainContact, Sandbox } from '../../src/sandbox/index.ts';
import { setupSandbox } from '../support/sandbox-admin.ts';
import { makeStillClock, secret } from './odd-server.ts';

const dialects: readonly (readonly [string, Partial<Dialect>])[] = [
  ['the pages as they stand', {}],
  [
    'text numbers, the word null, whole addresses',
    { numbers: 'string', nulls: 'text', next: 'absolute', exists: '202' },
  ],
  ['nothing for null, blank next, other keys', { nulls: 'missing', lastNext: 'blank', accountsKey: 'listAccounts' }],
  ['404 for empty lists', { emptyLists: '404', exists: '409', next: 'rooted', lastNext: 'null', countries: 'name' }],
  ['XML errors', { errors: 'xml', countries: 'short' }],
  ['errorCode', { errors: 'errorCode', exists: '202', phones: 'replace' }],
];

async function setup(dialect: Partial<Dialect>): Promise<{ sandbox: Sandbox; client: LiveVoxClient }> {
  const sandbox = await setupSandbox({ contacts: 30, dialect });
  const { clientName, userName, password, accessToken } = sandbox.credentials;
  const client = new LiveVoxClient({
    baseUrl: sandbox.url,
    credentials: { clientName, userName, password: secret(password), accessToken: secret(accessToken) },
    timeZone: 'America/New_York',
    clock: makeStillClock(),
    random: () => 0.5,
  });
  onTestFinished(() => client.close());
  return { sandbox, client };
}

async function admin(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${method} /sandbox/${path}: ${response.status}`);
  return response.json();
}

async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

const account = 'NEW/1 a';
const sends = {
  active: 'true',
  firstName: 'Sally',
  lastName: 'Yam',
  dateOfBirth: '1971-03-09',
  balance: '100.5',
  dueDate: '2026-07-04',
  phone2: '2125550102',
  phone2Block: 'DAILY',
  phone2SmsConsent: 'true',
  accountBlock: 'PERMANENT',
  COL3: '12.5',
  city: 'Reno',
};

describe.each(dialects)('contacts of the sandbox, %s', (_, dialect) => {
  it('a contact is created, read, updated, blocked and deleted', async () => {
    const { sandbox, client } = await setup(dialect);
    const { contacts } = client;
    const created = await contacts.createContact({ account, sends, country: 'UNITED_STATES_OF_AMERICA' });
    expect(created).toMatchObject({ kind: 'accepted', id: expect.stringMatching(/^\d+$/) });
    expect((await contacts.createContact({ account, sends })).kind).toBe('refused');
    expect(await contacts.readContact(account)).toMatchObject({
      account,
      active: true,
      balance: 100.5,
      accountBlock: 'PERMANENT',
      person: { firstName: 'Sally', lastName: 'Yam', dateOfBirth: new Date('1971-03-09T05:00:00Z') },
      dueDate: new Date('2026-07-04T04:00:00Z'),
      city: 'Reno',
      customFields: [{ field: 'COL3', value: '12.5' }],
      modifyDate: expect.any(Date),
    });
    const changes = { account, sends: { city: 'Tahoe', lastName: 'Yen' } };
    expect((await contacts.updateContact(changes)).kind).toBe('accepted');
    const blocks = { account, sends: { accountBlock: 'NONE', phone2: '2125550102', phone2Block: 'BOTH' } };
    expect((await contacts.updateContactDnd(blocks)).kind).toBe('accepted');
    const { fields } = (await admin(sandbox, 'GET', 'contacts/NEW%2F1%20a')) as PlainContact;
    expect(fields).toMatchObject({ city: 'Tahoe', lastName: 'Yen', active: 'true', phone2Block: 'true' });
    const read = await contacts.readContact(account);
    expect(read).toMatchObject({ accountBlock: 'NONE' });
    expect(read?.phone.find(({ ordinal }) => ordinal === 2)).toMatchObject({ phone: '2125550102', phoneBlock: 'BOTH' });
    expect((await contacts.deleteContact(account)).kind).toBe('accepted');
    expect(await contacts.readContact(account)).toBeUndefined();
    for (const write of [
      contacts.deleteContact(account),
      contacts.updateContact(changes),
      contacts.updateContactDnd(blocks),
    ])
      expect(await write).toMatchObject({ kind: 'refused', httpStatus: 404 });
  });

  it('lists and finds contacts', async () => {
    const { client } = await setup(dialect);
    const all = await collect(client.contacts.listContacts());
    expect(new Set(all.map((contact) => contact.account)).size).toBe(30);
    const wanted = all[7]?.account ?? '';
    const search = { field: 'account', criteria: wanted, condition: 'EQUALS' } as const;
    const found = await collect(client.contacts.findMatchingContacts({ search }));
    expect(found.map((contact) => contact.account)).toEqual([wanted]);
    const negated = {
      rule: 'AND',
      left: { ...search, isNegated: true },
      right: { ...search, criteria: '', condition: 'STARTS_WITH' },
    } as const;
    const sort = [{ field: 'ACCOUNT', order: 'DESC' }] as const;
    const others = await collect(client.contacts.findMatchingContacts({ search: negated, sort }));
    expect(others).toHaveLength(29);
    const none = { ...search, criteria: 'nobody has this' };
    expect(await collect(client.contacts.findMatchingContacts({ search: none }))).toEqual([]);
  });

  it('lists the companies of a contact', async () => {
    const { client } = await setup(dialect);
    const [first] = await collect(client.contacts.listContacts());
    for (const company of await collect(client.contacts.listAssociatedAccounts(first?.account ?? '')))
      expect(company).toMatchObject({ id: expect.stringMatching(/^\d+$/), name: expect.any(String) });
  });

  it('groups are created, listed, read and renamed', async () => {
    const { client } = await setup(dialect);
    const { contactGroups } = client;
    const before = await collect(contactGroups.listContactGroup());
    const created = await contactGroups.createContactGroup('Client BOA');
    const id = (created.kind === 'accepted' && created.id) || '';
    expect((await contactGroups.updateContactGroup(id, 'BOA')).kind).toBe('accepted');
    expect(await contactGroups.readContactGroup(id)).toMatchObject({ id, name: 'BOA', createdAt: expect.any(Date) });
    const after = await collect(contactGroups.listContactGroup());
    expect(after.map((group) => group.id)).toEqual([...before.map((group) => group.id), id]);
    expect(await contactGroups.readContactGroup('987654321')).toBeUndefined();
    expect(await contactGroups.updateContactGroup('987654321', 'x')).toMatchObject({
      kind: 'refused',
      httpStatus: 404,
    });
  });

  it('notes are listed and read', async () => {
    const { sandbox, client } = await setup(dialect);
    await admin(sandbox, 'PUT', 'contacts/noted', { fields: { city: 'Reno' } });
    await admin(sandbox, 'POST', 'contacts/noted/notes', { note: 'Caller was hostile', id: 1489384 });
    const summary = { id: '1489384', note: 'Caller was hostile' };
    expect(await client.contactNotes.listContactNotes('noted')).toEqual([summary]);
    expect(await client.contactNotes.readContactNote('noted', 1489384)).toMatchObject({
      ...summary,
      createDate: expect.any(Date),
    });
    expect(await client.contactNotes.readContactNote('noted', 5)).toBeUndefined();
  });

  it('custom fields are read and updated', async () => {
    const { client } = await setup(dialect);
    const { customFields } = client;
    const list = { field: 'COL4', label: 'Language', dataType: 'LIST', listValues: ['English', 'Thai'] } as const;
    expect((await customFields.updateCustomField([list])).kind).toBe('accepted');
    expect(await customFields.readCustomField('COL4')).toEqual(list);
    expect(await customFields.listCustomFields()).toContainEqual(list);
    expect(await customFields.readCustomField('COL100')).toBeUndefined();
  });
});

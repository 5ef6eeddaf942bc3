/**
 * The contract: every method against the sandbox, under every reading of the vendor's pages. What a write did is looked up in
 * the sandbox itself, free of its dialect.
 */

import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { FatalError, RetriableError } from '../../src/errors.ts';
import { type ContactWrite, LiveVoxClient, type LiveVoxOptions } from '../../src/livevox/index.ts';
import {
  type Dialect,
  type FaultRule,
  type PlainContact,
  type Sandbox,
  startSandbox,
} from '../../src/sandbox/index.ts';
import { makeStillClock, secret } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Setup = { sandbox: Sandbox; client: LiveVoxClient };

async function setup(dialect: Partial<Dialect> = {}, options: Partial<LiveVoxOptions> = {}): Promise<Setup> {
  const sandbox = await startSandbox({ contacts: 20, dialect });
  const client = connect(sandbox, options);
  open.push(client, sandbox);
  return { sandbox, client };
}

function connect({ url, credentials }: Sandbox, options: Partial<LiveVoxOptions> = {}): LiveVoxClient {
  const { clientName, userName, password, accessToken } = credentials;
  return new LiveVoxClient({
    baseUrl: url,
    credentials: { clientName, userName, password: secret(password), accessToken: secret(accessToken) },
    timeZone: 'America/New_York',
    clock: makeStillClock(),
    random: () => 0.5,
    ...options,
  });
}

async function admin(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  const answer = await response.text();
  return answer === '' ? undefined : JSON.parse(answer);
}

const setFault = (sandbox: Sandbox, fault: FaultRule): Promise<unknown> => admin(sandbox, 'POST', 'faults', fault);

async function readFields(sandbox: Sandbox, account: string): Promise<PlainContact['fields']> {
  return ((await admin(sandbox, 'GET', `contacts/${account}`)) as PlainContact).fields;
}

async function readAny(sandbox: Sandbox): Promise<PlainContact> {
  const { contacts } = (await admin(sandbox, 'GET', 'contacts?count=20')) as { contacts: PlainContact[] };
  const found = contacts.find(({ fields }) => fields['phone1'] && fields['phone1Block'] === 'false');
  if (found === undefined) throw new Error('the sandbox has no contact with an open phone');
  return found;
}

const newRow = {
  account: 'NEW 1',
  sends: {
    active: 'true',
    firstName: 'Sally',
    dateOfBirth: '1971-03-09',
    balance: '100.5',
    dueDate: '2026-07-04',
    phone2: '2125550102',
    phone2Block: 'DAILY',
    phone2SmsConsent: 'true',
    accountBlock: 'PERMANENT',
    guarantorLastName: 'Yam',
    COL3: '12.5',
  },
};

const newFields = {
  active: 'true',
  firstName: 'Sally',
  dateOfBirth: '1971-03-09',
  balance: '100.5',
  dueDate: '2026-07-04',
  phone1: null,
  phone2: '2125550102',
  phone2Block: 'false',
  phone2BlockDaily: 'true',
  phone2SmsConsent: 'true',
  accountBlock: 'true',
  guarantorLastName: 'Yam',
  COL3: '12.5',
};

const dialects: readonly (readonly [string, Partial<Dialect>])[] = [
  ['the pages as they stand', {}],
  [
    'text numbers, 200 for updates, 202 for "exists"',
    { numbers: 'string', update: '200', exists: '202', errors: 'errorCode' },
  ],
  [
    '409 for "exists", announced gzip',
    { exists: '409', contentEncoding: true, errors: 'requestId', phones: 'replace' },
  ],
  ['XML errors', { errors: 'xml', exists: '409' }],
  ['broken error bodies', { errors: 'broken', lineEnd: 'crlf', dates: 'iso' }],
  ['no error bodies', { errors: 'none', dates: 'epoch' }],
];

describe.each(dialects)('LiveVoxClient, %s', (_, dialect) => {
  it('creates what was asked for, and a second create is refused', async () => {
    const { sandbox, client } = await setup(dialect);
    expect(await client.contacts.bulkCreateContact([newRow])).toMatchObject({ kind: 'accepted', reportedRows: 1 });
    expect(await readFields(sandbox, 'NEW%201')).toMatchObject(newFields);
    const again = await client.contacts.bulkCreateContact([newRow]);
    expect(again.kind).toBe('refused');
    expect(await admin(sandbox, 'GET', 'creates')).toEqual({ accounts: { 'NEW 1': { received: 2, created: 1 } } });
  });

  it('updates the contact the row names, clears by an empty text, and keeps it active', async () => {
    const { sandbox, client } = await setup(dialect);
    const { account, fields } = await readAny(sandbox);
    const sends = { active: 'true', lastName: 'Yam', city: null, COL9: null };
    const rows = [{ account, lvAccountId: fields['lvAccountId'] ?? '', sends }];
    expect((await client.contacts.bulkUpdateContact(rows)).kind).toBe('accepted');
    const expected = { ...fields, lastName: 'Yam', city: null, COL9: null, active: 'true' };
    expect(await readFields(sandbox, account)).toMatchObject({
      ...expected,
      modifyDate: expect.any(String),
      modifyUser: 'demo',
    });
  });

  it('sets and lifts blocks, and an unknown account is silently not counted', async () => {
    const { sandbox, client } = await setup(dialect);
    const { account, fields } = await readAny(sandbox);
    const phone1 = fields['phone1'] ?? null;
    const rows: ContactWrite[] = [
      { account, sends: { accountBlock: 'BOTH', phone1, phone1Block: 'PERMANENT', phone1SmsConsent: 'false' } },
      { account: 'nobody', sends: { accountBlock: 'BOTH' } },
    ];
    expect(await client.contacts.updateMultipleContactsDnd(rows)).toMatchObject({ kind: 'accepted', reportedRows: 1 });
    expect(await readFields(sandbox, account)).toMatchObject({
      accountBlock: 'true',
      accountBlockDaily: 'true',
      phone1Block: 'true',
      phone1SmsConsent: 'false',
    });
    await client.contacts.updateMultipleContactsDnd([{ account, sends: { accountBlock: 'PERMANENT_OFF' } }]);
    expect(await readFields(sandbox, account)).toMatchObject({ accountBlock: 'false', accountBlockDaily: 'true' });
  });

  it('downloads compressed bytes, whole and of a window', async () => {
    const { sandbox, client } = await setup(dialect);
    const fetchLines = async (startsAt?: Date): Promise<string[]> => {
      const { body } = await client.contacts.bulkContactDownload({ exportableFields: ['account', 'city'], startsAt });
      return gunzipSync(await buffer(body))
        .toString()
        .trim()
        .split(/\r?\n/);
    };
    expect(await fetchLines()).toHaveLength(1 + 20);
    const startsAt = new Date((await client.fetchServerNow()).getTime() - 1000);
    await admin(sandbox, 'PUT', 'contacts/late', { fields: { city: 'Reno' } });
    expect((await fetchLines(startsAt)).slice(1)).toEqual(['late,Reno']);
  });

  it('lists the custom fields', async () => {
    const { client } = await setup(dialect);
    const fields = await client.customFields.listCustomFields();
    expect(fields).toHaveLength(20);
    expect(fields.find(({ field }) => field === 'COL4')).toEqual({
      field: 'COL4',
      label: 'Preferred Language',
      dataType: 'LIST',
      listValues: ['English', 'Spanish', 'French', 'Tagalog'],
    });
  });

  it('a field LiveVox does not export is refused for good', async () => {
    const { client } = await setup(dialect);
    const download = client.contacts.bulkContactDownload({ exportableFields: ['account', 'shoeSize'] });
    await expect(download).rejects.toThrow(FatalError);
    expect(client.requestCounts['Bulk Contact Download']).toBe(1);
  });

  it('refused credentials are one sentence, a role that may not write is another', async () => {
    const { sandbox } = await setup(dialect);
    const wrong = connect({ ...sandbox, credentials: { ...sandbox.credentials, password: 'wrong-password' } });
    const manager = { ...sandbox.credentials, userName: 'manager', password: 'manager-password' };
    const powerless = connect({ ...sandbox, credentials: manager });
    open.push(wrong, powerless);
    await expect(wrong.fetchServerNow()).rejects.toThrow(
      /^LiveVox refused the credentials of tenant DEMO: check LIVEVOX_CLIENT_NAME, .* and LIVEVOX_ACCESS_TOKEN$/,
    );
    await expect(powerless.contacts.bulkCreateContact([newRow])).rejects.toThrow(FatalError);
    expect(powerless.requestCounts).toEqual({ Login: 1, 'Bulk Create Contact': 1 });
  });

  it('a session that ended is replaced without a word to the caller', async () => {
    const { sandbox, client } = await setup(dialect);
    await client.login();
    await admin(sandbox, 'POST', 'sessions/expire');
    expect(await client.isSessionValid()).toBe(false);
    expect((await client.contacts.bulkCreateContact([newRow])).kind).toBe('accepted');
    await admin(sandbox, 'POST', 'sessions/expire');
    expect(await client.fetchServerNow()).toBeInstanceOf(Date);
    expect(client.requestCounts).toMatchObject({ Login: 3, 'Bulk Create Contact': 2 });
  });
});

describe('LiveVoxClient', () => {
  it('takes the time from the server clock, not from ours', async () => {
    const { sandbox, client } = await setup();
    await admin(sandbox, 'POST', 'clock', { offsetMs: -86_400_000 });
    const now = await client.fetchServerNow();
    expect(Math.abs(now.getTime() - (Date.now() - 86_400_000))).toBeLessThan(60_000);
  });

  it('closing one client leaves the session to the other, logging out does not', async () => {
    const { sandbox, client } = await setup();
    const other = connect(sandbox);
    open.push(other);
    await Promise.all([client.login(), other.login()]);
    await client.close();
    expect(await other.isSessionValid()).toBe(true);
    await other.logout();
    expect(await other.isSessionValid()).toBe(false);
  });

  it('a create whose answer is lost is unknown and not sent again, though it was done', async () => {
    const { sandbox, client } = await setup();
    await setFault(sandbox, { route: 'bulk-create', kind: 'reset-after' });
    expect(await client.contacts.bulkCreateContact([newRow])).toMatchObject({ kind: 'unknown' });
    expect(await admin(sandbox, 'GET', 'creates')).toEqual({ accounts: { 'NEW 1': { received: 1, created: 1 } } });
  });

  it('a create that was limited is sent again until it is taken, once', async () => {
    const { sandbox, client } = await setup();
    await setFault(sandbox, {
      route: 'bulk-create',
      kind: 'status',
      status: 429,
      times: 2,
      headers: { 'Retry-After': '1' },
    });
    expect(await client.contacts.bulkCreateContact([newRow])).toMatchObject({ kind: 'accepted' });
    expect(client.requestCounts['Bulk Create Contact']).toBe(3);
    expect(await admin(sandbox, 'GET', 'creates')).toEqual({ accounts: { 'NEW 1': { received: 1, created: 1 } } });
  });

  it.each<Partial<Dialect>>([
    { limited: '429', retryAfter: 'date' },
    { limited: '429', retryAfter: 'none' },
    { limited: '503', retryAfter: 'seconds' },
  ])('a read over the limit is sent again until it is let in, in dialect %j', async (dialect) => {
    const { sandbox, client } = await setup(dialect, { clock: systemClock });
    await admin(sandbox, 'PUT', 'limits', { 'list-custom-fields': { starts: 1, perMs: 700 } });
    for (let i = 0; i < 2; i += 1) expect(await client.customFields.listCustomFields()).not.toHaveLength(0);
    expect(client.requestCounts['List Custom Field']).toBeGreaterThan(2);
  });

  it('a chunk too large is refused with its status, so that it can be halved', async () => {
    const { client } = await setup({ maxRows: 1 });
    const rows = [newRow, { ...newRow, account: 'NEW 2' }];
    expect(await client.contacts.bulkCreateContact(rows)).toMatchObject({ kind: 'refused', httpStatus: 413 });
  });

  it('a download whose connection breaks ends with an error', async () => {
    const { sandbox, client } = await setup();
    await setFault(sandbox, { route: 'bulk-download', kind: 'truncate', look: 'cut', afterBytes: 50 });
    const { body } = await client.contacts.bulkContactDownload({ exportableFields: ['account', 'city'] });
    await expect(text(body)).rejects.toThrow(RetriableError);
  });
});

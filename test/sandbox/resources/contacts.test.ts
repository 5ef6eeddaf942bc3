import { describe, expect, it } from 'vitest';
import { type Caller, setup, startedAt } from '../caller.ts';

type Details = Record<string, unknown>;

const putGroup = ({ call }: Caller, id: number): Promise<unknown> =>
  call('PUT', `/sandbox/groups/${id}`, { name: 'Examples' });

const put = ({ call }: Caller, account: string, fields: Record<string, unknown> = {}): Promise<unknown> =>
  call('PUT', `/sandbox/contacts/${encodeURIComponent(account)}`, { fields });

async function read({ call }: Caller, account: string): Promise<Details> {
  const reply = await call('GET', `/contact/contacts/${encodeURIComponent(account)}`);
  return (reply.body as { readContactDetails: Details }).readContactDetails;
}

describe('createContact', () => {
  const example = {
    person: {
      firstName: 'James',
      lastName: '22',
      dateOfBirth: 621057600000,
      email: 'example@liveox.com',
      ssn: '123DonotChange',
      zipCode: '560001',
    },
    guarantor: { firstName: 'aa', lastName: 'bbb' },
    phone: [{ phone: '6503517500', ordinal: 1, phoneBlock: 'DAILY_OFF', smsConsent: true, cellConsent: true }],
    customFields: [{ field: 'COL1', value: 123 }],
    account: '1234556',
    active: true,
    balance: 100.0,
    accountBlock: 'DAILY_OFF',
    accountToSpeak: '123DonotChange',
    originalAccountNumber: 'oan123',
    address1: 'ABC',
    address2: 'XYZ',
    city: 'San Francisco',
    state: 'CA',
    country: 'UNITED_STATES_OF_AMERICA',
    amountToSpeak: 100.0,
    dueDate: 1641963600000,
    groupId: '12371',
    primaryEmailConsent: true,
  };

  it('creates what the vendor’s example sends', async () => {
    const caller = await setup({ contacts: 0 });
    await putGroup(caller, 12371);
    const reply = await caller.call('POST', '/contact/contacts/', { createContactDetails: example });
    expect([reply.status, reply.body]).toEqual([201, { id: 5_000_000_001 }]);
    expect(await caller.held('1234556')).toMatchObject({
      account: '1234556',
      lastName: '22',
      dateOfBirth: '1989-09-06',
      dueDate: '2022-01-12',
      groupId: '12371',
      countryId: '1',
      COL1: '123',
      accountBlock: 'false',
      createUser: 'demo',
      modifyDate: new Date(startedAt).toISOString(),
    });
  });

  it('answers the id as text where the dialect says so, as the example does', async () => {
    const caller = await setup({ contacts: 0, dialect: { numbers: 'string' } });
    const reply = await caller.call('POST', '/contact/contacts', { createContactDetails: { account: 'x' } });
    expect([reply.status, reply.body]).toEqual([201, { id: '5000000001' }]);
    expect((await caller.held('x'))['active']).toBe('false');
  });

  // The example lacks a comma and a brace; its flag, its balance and its ordinal are text.
  const existing = {
    account: '1246583',
    active: 'true',
    balance: '1000.00',
    accountBlock: 'NONE',
    originalAccountNumber: '987654',
    city: 'San Francisco',
    state: 'CA',
    country: 'UNITED_STATES_OF_AMERICA',
    person: { firstName: 'john', lastName: 'doe' },
    phone: [{ phone: '4085553593', ordinal: '1', phoneBlock: 'NONE' }],
  };

  it.each([
    ['400', 400],
    ['202', 202],
    ['409', 409],
  ] as const)('a contact that exists is refused, with status %s', async (exists, status) => {
    const caller = await setup({ dialect: { exists } });
    const create = () => caller.call('POST', '/contact/contacts/', { createContactDetails: existing });
    expect((await create()).status).toBe(201);
    const reply = await create();
    expect([reply.status, reply.body]).toEqual([status, { code: 202, message: 'Contact already exists!' }]);
    expect(await caller.held('1246583')).toMatchObject({ active: 'true', balance: '1000', phone1: '4085553593' });
  });

  it.each([
    ['no account', {}],
    ['an empty account', { account: '' }],
    ['an attribute only bulk rows have', { account: 'x', department: 'D' }],
    ['a phone without an ordinal', { account: 'x', phone: [{ phone: '1' }] }],
    ['a phone without a number', { account: 'x', phone: [{ ordinal: 1 }] }],
    ['an ordinal beyond ten', { account: 'x', phone: [{ phone: '1', ordinal: 11 }] }],
    ['a custom field without a value', { account: 'x', customFields: [{ field: 'COL1' }] }],
    ['a custom field beyond 100', { account: 'x', customFields: [{ field: 'COL101', value: '' }] }],
    ['a custom value over 255 characters', { account: 'x', customFields: [{ field: 'COL1', value: 'v'.repeat(256) }] }],
    ['an unknown country', { account: 'x', country: 'ATLANTIS' }],
    ['a group nobody made', { account: 'x', groupId: 12371 }],
    ['an unknown block', { account: 'x', accountBlock: 'WEEKLY' }],
  ])('%s is refused', async (_, createContactDetails) => {
    const caller = await setup({ contacts: 0 });
    expect((await caller.call('POST', '/contact/contacts/', { createContactDetails })).status).toBe(400);
    expect((await caller.call('GET', '/sandbox/count')).body).toEqual({ count: 0 });
  });

  it('counts in the list of creates', async () => {
    const { call } = await setup();
    await call('POST', '/contact/contacts/', { createContactDetails: { account: 'x' } });
    await call('POST', '/contact/contacts/', { createContactDetails: { account: 'x' } });
    expect((await call('GET', '/sandbox/creates')).body).toEqual({ accounts: { x: { received: 2, created: 1 } } });
  });
});

describe('readContact', () => {
  it('answers in the shape of the vendor’s example', async () => {
    const caller = await setup();
    await put(caller, '1234567', {
      firstName: 'james',
      lastName: 'bond',
      email: 'khugft@ghjgh.com',
      ssn: '5656',
      zipCode: '454455',
      guarantorFirstName: 'jam',
      guarantorLastName: 'bond',
      phone1: '6565556666',
      phone1BlockDaily: true,
      phone7: '6564445559',
      phone7BlockDaily: true,
      balance: 1,
      accountBlockDaily: true,
      accountToSpeak: 'KA124',
      originalAccountNumber: 'Oan123',
      address1: 'rttrrt',
      address2: 'uyuyu',
      city: 'trt',
      state: 'ty',
      countryId: 3,
      amountToSpeak: 1,
      groupId: 12345,
      COL3: '7',
    });
    await caller.call('PUT', '/sandbox/dialect', { countries: 'short' });
    expect(await read(caller, '1234567')).toEqual({
      person: {
        firstName: 'james',
        lastName: 'bond',
        dateOfBirth: null,
        email: 'khugft@ghjgh.com',
        ssn: '5656',
        zipCode: '454455',
      },
      guarantor: { firstName: 'jam', lastName: 'bond' },
      phone: [
        { phone: '6565556666', ordinal: 1, phoneBlock: 'DAILY', smsConsent: false, cellConsent: false },
        { phone: '6564445559', ordinal: 7, phoneBlock: 'DAILY', smsConsent: false, cellConsent: false },
      ],
      customFields: [{ field: 'COL3', value: '7' }],
      active: true,
      balance: 1,
      accountBlock: 'DAILY',
      accountToSpeak: 'KA124',
      originalAccountNumber: 'Oan123',
      address1: 'rttrrt',
      address2: 'uyuyu',
      city: 'trt',
      state: 'ty',
      country: 'UK',
      amountToSpeak: 1,
      dueDate: 0,
      groupId: 12345,
      primaryEmailConsent: false,
      account: '1234567',
      callAttemptsToday: 0,
      callAttemptsTotal: 0,
      initialLoad: 0,
      lastLoad: null,
      createdDate: startedAt,
      modifiedDate: startedAt,
    });
  });

  it('a contact nobody knows is 404', async () => {
    const reply = await (await setup()).call('GET', '/contact/contacts/nobody');
    expect([reply.status, reply.body]).toEqual([404, { code: 203, message: 'No Record Found' }]);
  });

  it('finds accounts with slashes, blanks and other scripts', async () => {
    const caller = await setup();
    for (const account of ['a/b', 'a b', 'Ñ?&#', '100%']) {
      await put(caller, account);
      expect((await read(caller, account))['account']).toBe(account);
    }
  });

  it('spells nulls, numbers and countries as the dialect says', async () => {
    const caller = await setup();
    await put(caller, 'x', { countryId: 1, balance: '12.5' });
    const seen = async (dialect: unknown): Promise<unknown[]> => {
      await caller.call('PUT', '/sandbox/dialect', dialect);
      const { city, balance, country } = await read(caller, 'x');
      return [city, balance, country];
    };
    expect(await seen({})).toEqual([null, 12.5, 'UNITED_STATES_OF_AMERICA']);
    expect(await seen({ nulls: 'text', numbers: 'string', countries: 'name' })).toEqual([
      'null',
      '12.5',
      'United States of America',
    ]);
    expect(await seen({ nulls: 'missing', countries: 'short' })).toEqual([undefined, '12.5', 'USA']);
  });
});

describe('updateContact', () => {
  const example = {
    person: {
      firstName: 'Jame',
      lastName: '222',
      dateOfBirth: 621057600000,
      email: 'example@liveox.com',
      ssn: '1234DonotChange',
      zipCode: '560002',
    },
    guarantor: { firstName: 'aaa', lastName: 'bbab' },
    phone: [{ phone: '6503517501', ordinal: 1, phoneBlock: 'PERMANENT_OFF', smsConsent: false, cellConsent: false }],
    customFields: [{ field: 'COL1', value: true }],
    active: false,
    balance: 101.0,
    accountBlock: 'PERMANENT_OFF',
    accountToSpeak: '1234DonotChange',
    originalAccountNumber: 'oan1234',
    address1: 'ABC',
    address2: 'XYZ',
    city: 'San Francisco',
    state: 'CA',
    country: 'UNITED_STATES_OF_AMERICA',
    amountToSpeak: 101.0,
    dueDate: 1641963600000,
    groupId: '6460',
    primaryEmailConsent: false,
  };

  it('changes what the vendor’s example sends', async () => {
    const caller = await setup();
    await putGroup(caller, 6460);
    await put(caller, 'DOC1625198460001', { accountBlock: true, phone1: '6503517500', phone1Block: true });
    const reply = await caller.call('PUT', '/contact/contacts/DOC1625198460001', { updateContactDetails: example });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(await caller.held('DOC1625198460001')).toMatchObject({
      active: 'false',
      accountBlock: 'false',
      phone1: '6503517501',
      phone1Block: 'false',
      COL1: 'true',
      groupId: '6460',
      modifyUser: 'demo',
    });
  });

  it('a contact that does not exist is a bare 404, as in the vendor’s example', async () => {
    const { call } = await setup();
    const updateContactDetails = {
      person: { firstName: 'mike', lastName: 'bonds' },
      phone: [{ phone: '4565553748', ordinal: '2', phoneBlock: 'DAILY' }],
    };
    const reply = await call('PUT', '/contact/contacts/1234567', { updateContactDetails });
    expect([reply.status, reply.text]).toEqual([404, '']);
  });

  it('a missing active leaves the contact active', async () => {
    const caller = await setup();
    await put(caller, 'x', { active: true });
    const body = { updateContactDetails: { city: 'Here', account: 'x' } };
    expect((await caller.call('PUT', '/contact/contacts/x', body)).status).toBe(204);
    expect(await caller.held('x')).toMatchObject({ active: 'true', city: 'Here' });
  });

  it('without details changes nothing, not even the time', async () => {
    let now = startedAt;
    const caller = await setup({ now: () => now });
    const before = await caller.held('A0000001');
    now += 1000;
    expect((await caller.call('PUT', '/contact/contacts/A0000001', {})).status).toBe(204);
    expect(await caller.held('A0000001')).toEqual(before);
  });

  it('another account than the path’s is refused', async () => {
    const { call } = await setup();
    const body = { updateContactDetails: { account: 'A0000002' } };
    expect((await call('PUT', '/contact/contacts/A0000001', body)).status).toBe(400);
  });
});

describe('deleteContact', () => {
  it('is gone, and 404 without a body the second time, as in the vendor’s examples', async () => {
    const caller = await setup({ contacts: 3 });
    await put(caller, '123456789');
    const remove = () => caller.call('DELETE', '/contact/contacts/123456789');
    const [first, second] = [await remove(), await remove()];
    expect([first.status, first.text, second.status, second.text]).toEqual([204, '', 404, '']);
    expect((await caller.call('GET', '/contact/contacts/123456789')).status).toBe(404);
    expect(await caller.download({ exportableFields: ['account'] })).not.toContain('123456789');
  });
});

describe('an account named like a part of a path', () => {
  it.each([
    ['GET', '/contact/contacts/bulk', 405],
    ['DELETE', '/contact/contacts/bulk', 405],
    ['DELETE', '/contact/contacts/search', 405],
    ['GET', '/contact/contacts/search', 405],
    ['PUT', '/contact/contacts/dnd', 405],
    ['DELETE', '/contact/contacts/customFields', 405],
    ['PUT', '/contact/contacts/customFields/dnd', 405],
    ['GET', '/contact/contacts/customFields/notes', 404],
  ])('%s %s does not reach the contact', async (method, path, status) => {
    const caller = await setup();
    for (const account of ['bulk', 'search', 'dnd', 'customFields']) await put(caller, account);
    expect((await caller.call(method, path, method === 'PUT' ? {} : undefined)).status).toBe(status);
    expect((await caller.call('GET', '/sandbox/count')).body).toEqual({ count: 24 });
  });
});

describe('listContacts', () => {
  const listOf = (body: unknown): Details[] => (body as { listContactDetails: Details[] }).listContactDetails;

  it('answers pages in the shape of the vendor’s example', async () => {
    const { call } = await setup({ contacts: 25 });
    const reply = await call('GET', '/contact/contacts?offset=0&count=10');
    expect(reply.body).toMatchObject({ next: 'contact/contacts?offset=10&count=10' });
    expect(listOf(reply.body).map((contact) => contact['account'])).toEqual(
      Array.from({ length: 10 }, (_, index) => `A${String(index + 1).padStart(7, '0')}`),
    );
    expect(Object.keys(listOf(reply.body)[0] ?? {}).sort()).toEqual(
      [
        ...['person', 'guarantor', 'phone', 'customFields', 'account', 'active', 'balance', 'accountBlock'],
        ...['accountToSpeak', 'originalAccountNumber', 'address1', 'address2', 'city', 'state', 'country'],
        ...['amountToSpeak', 'dueDate', 'groupId', 'callAttemptsToday', 'callAttemptsTotal', 'initialLoad', 'lastLoad'],
        ...['createDate', 'modifyDate', 'primaryEmailConsent'],
      ].sort(),
    );
    const last = await call('GET', '/contact/contacts?offset=20&count=10');
    expect(listOf(last.body)).toHaveLength(5);
    expect(last.body).not.toHaveProperty('next');
  });

  it('never gives more than a thousand, and goes on where it ended', async () => {
    const { call } = await setup({ contacts: 1500 });
    const reply = await call('GET', '/contact/contacts?offset=0&count=5000');
    expect(listOf(reply.body)).toHaveLength(1000);
    expect(reply.body).toMatchObject({ next: 'contact/contacts?offset=1000&count=1000' });
  });

  it('shifts when a contact before the page goes away', async () => {
    const { call } = await setup();
    await call('DELETE', '/contact/contacts/A0000003');
    const reply = await call('GET', '/contact/contacts?offset=5&count=1');
    expect(listOf(reply.body)[0]?.['account']).toBe('A0000007');
  });

  it.each([
    '',
    '?offset=0',
    '?count=1',
    '?offset=0&count=',
    '?offset=-1&count=1',
    '?offset=0&count=0',
    '?offset={0}&count={1}',
  ])('with the query "%s" is refused', async (query) => {
    expect((await (await setup()).call('GET', `/contact/contacts${query}`)).status).toBe(400);
  });

  it.each([
    ['relative', 'contact/contacts?offset=2&count=2'],
    ['rooted', '/contact/contacts?offset=2'],
    ['absolute', 'ORIGIN/contact/contacts?offset=2&count=2'],
  ] as const)('next may be %s', async (next, expected) => {
    const { call, sandbox } = await setup({ dialect: { next } });
    const reply = await call('GET', '/contact/contacts?offset=0&count=2');
    expect(reply.body).toMatchObject({ next: expected.replace('ORIGIN', sandbox.url) });
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['blank', ''],
  ] as const)('the last page’s next may be %s', async (lastNext, expected) => {
    const { call } = await setup({ dialect: { lastNext } });
    const reply = await call('GET', '/contact/contacts?offset=0&count=20');
    expect((reply.body as { next?: unknown }).next).toBe(expected);
  });

  it('without contacts is an empty array or 404', async () => {
    const { call } = await setup({ contacts: 0 });
    expect((await call('GET', '/contact/contacts?offset=0&count=20')).body).toEqual({ listContactDetails: [] });
    await call('PUT', '/sandbox/dialect', { emptyLists: '404' });
    const reply = await call('GET', '/contact/contacts?offset=0&count=20');
    expect([reply.status, reply.body]).toEqual([404, { code: 203, message: 'No Record Found' }]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { FatalError, RetriableError } from '../../src/errors.ts';
import type { ContactSearch, LiveVoxClient, SingleContactWrite } from '../../src/livevox/index.ts';
import {
  associatedAccounts,
  foundByManyConditions,
  foundBySingleCondition,
  listedContacts,
  readContact,
} from './contact-examples.ts';
import { afterLogin, json, makeClient, type OddServer, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

type Answer = { status: number; body?: unknown };

/** A LiveVox that gives these answers one after the other, the last one again and again. */
async function setup(
  ...answers: Answer[]
): Promise<{ client: LiveVoxClient; sent: () => string[]; bodies: () => unknown[] }> {
  const server: OddServer = await startOddServer(
    afterLogin((response, nth) => {
      const answer = answers[Math.min(nth, answers.length) - 1] ?? { status: 500 };
      json(response, answer.status, answer.body === undefined ? '' : answer.body);
    }),
  );
  const client = makeClient(server.baseUrl);
  open.push(client, server);
  const calls = () => server.requests.filter(({ path }) => !path.startsWith('/session/'));
  return {
    client,
    sent: () => calls().map(({ verb, path }) => `${verb} ${path}`),
    bodies: () => calls().map(({ body }) => (body === '' ? undefined : JSON.parse(body))),
  };
}

async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

const exampleSends = {
  firstName: 'James',
  lastName: '22',
  dateOfBirth: '1989-09-06',
  email: 'example@liveox.com',
  ssn: '123DonotChange',
  zipCode: '560001',
  guarantorFirstName: 'aa',
  guarantorLastName: 'bbb',
  phone1: '6503517500',
  phone1Block: 'DAILY_OFF',
  phone1SmsConsent: 'true',
  phone1CellConsent: 'true',
  COL1: '123',
  active: 'true',
  balance: '100',
  accountBlock: 'DAILY_OFF',
  accountToSpeak: '123DonotChange',
  originalAccountNumber: 'oan123',
  address1: 'ABC',
  address2: 'XYZ',
  city: 'San Francisco',
  state: 'CA',
  amountToSpeak: '100',
  dueDate: '2022-01-12',
  groupId: '12371',
  primaryEmailConsent: 'true',
};
const country = 'UNITED_STATES_OF_AMERICA';

/** The example's body, but for two of its values: the table calls a custom field's value a text and an id a number. */
const exampleBody = {
  person: {
    firstName: 'James',
    lastName: '22',
    dateOfBirth: 621_057_600_000,
    email: 'example@liveox.com',
    ssn: '123DonotChange',
    zipCode: '560001',
  },
  guarantor: { firstName: 'aa', lastName: 'bbb' },
  phone: [{ phone: '6503517500', ordinal: 1, phoneBlock: 'DAILY_OFF', smsConsent: true, cellConsent: true }],
  customFields: [{ field: 'COL1', value: '123' }],
  active: true,
  balance: 100,
  accountBlock: 'DAILY_OFF',
  accountToSpeak: '123DonotChange',
  originalAccountNumber: 'oan123',
  address1: 'ABC',
  address2: 'XYZ',
  city: 'San Francisco',
  state: 'CA',
  country,
  amountToSpeak: 100,
  dueDate: 1_641_963_600_000,
  groupId: 12371,
  primaryEmailConsent: true,
};

describe('contacts.createContact', () => {
  it('sends the example and gives the id', async () => {
    const { client, sent, bodies } = await setup({ status: 201, body: { id: '3456782' } });
    const answer = await client.contacts.createContact({ account: '1234556', sends: exampleSends, country });
    expect(answer).toMatchObject({ kind: 'accepted', httpStatus: 201, id: '3456782' });
    expect(sent()).toEqual(['POST /contact/contacts/']);
    expect(bodies()).toEqual([{ createContactDetails: { account: '1234556', ...exampleBody } }]);
  });

  // The example's request lacks a comma after its account.
  it('one that exists is refused, as the example says it: 202', async () => {
    const { client } = await setup({ status: 202, body: { code: 202, message: 'Contact already exists!' } });
    const sends = {
      active: 'true',
      balance: '1000.00',
      accountBlock: 'NONE',
      originalAccountNumber: '987654',
      city: 'San Francisco',
      state: 'CA',
      firstName: 'john',
      lastName: 'doe',
      phone1: '4085553593',
      phone1Block: 'NONE',
    };
    const answer = await client.contacts.createContact({ account: '1246583', sends, country });
    expect(answer).toMatchObject({ kind: 'refused', httpStatus: 202, code: '202' });
  });

  it('is not sent without `active`, which LiveVox would take for false', async () => {
    const { client, sent } = await setup({ status: 201 });
    await expect(client.contacts.createContact({ account: 'A', sends: { city: 'Reno' } })).rejects.toThrow(FatalError);
    expect(sent()).toEqual([]);
  });

  it('is sent once, whatever becomes of it', async () => {
    const { client, sent } = await setup({ status: 503 });
    const answer = await client.contacts.createContact({ account: 'A', sends: { active: 'true' } });
    expect(answer.kind).toBe('unknown');
    expect(sent()).toHaveLength(1);
  });
});

describe('contacts.deleteContact', () => {
  it.each([
    [204, 'accepted'],
    [404, 'refused'],
    [503, 'unknown'],
  ])('%i is %s', async (status, kind) => {
    const { client, sent } = await setup({ status });
    expect(await client.contacts.deleteContact('123456789')).toMatchObject({ kind, httpStatus: status });
    expect(sent()).toEqual(['DELETE /contact/contacts/123456789']);
  });
});

describe('contacts.findMatchingContacts', () => {
  it('asks with a single condition and reads the example', async () => {
    const { client, sent, bodies } = await setup(
      { status: 200, body: foundBySingleCondition },
      { status: 200, body: {} },
    );
    const request: ContactSearch = {
      search: { field: 'account', criteria: '10', condition: 'STARTS_WITH' },
      sort: [{ field: 'account', order: 'ASC' }],
    };
    const [first, second, ...others] = await collect(client.contacts.findMatchingContacts(request));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ account: '100', id: '1500034846256', active: false, agentId: '723247', balance: 0 });
    expect(first).toMatchObject({ person: {}, guarantor: {}, customFields: [], callAttemptsTotal: 0 });
    expect(first?.groupId).toBeUndefined();
    expect(first?.phone).toHaveLength(10);
    expect(first?.phone[9]).toEqual({ ordinal: 10, phoneBlock: 'NONE', smsConsent: false, cellConsent: false });
    expect(second).toMatchObject({
      account: '1003',
      city: 'California',
      person: { firstName: 'Mary', lastName: 'Shelley' },
      createDate: new Date(1635853113000),
      modifyDate: new Date(1637130335000),
      initialLoad: new Date(1635853113000),
    });
    expect(second?.phone[0]).toMatchObject({ phone: '9742573688', smsConsent: true });
    expect(second?.country).toBeUndefined();
    expect(sent()[0]).toBe('POST /contact/contacts/search?count=1000&offset=0');
    expect(bodies()[0]).toEqual(request);
  });

  it('asks with rules in rules and reads the example', async () => {
    const { client, bodies } = await setup({ status: 200, body: foundByManyConditions });
    const request: ContactSearch = {
      search: {
        rule: 'OR',
        right: {
          rule: 'AND',
          right: { field: 'account', criteria: '10', condition: 'STARTS_WITH' },
          left: { field: 'postalcode', criteria: '10', condition: 'STARTS_WITH' },
        },
        left: {
          rule: 'AND',
          right: { field: 'paymentbalance', criteria: '100', condition: 'GREATER' },
          left: {
            rule: 'AND',
            left: { field: 'account', criteria: '123', condition: 'STARTS_WITH' },
            right: { field: 'postalcode', criteria: '10', condition: 'STARTS_WITH' },
          },
        },
      },
    };
    const found = await collect(client.contacts.findMatchingContacts(request));
    expect(found.map(({ account, person }) => [account, person.zipCode])).toEqual([
      ['1000', '10010'],
      ['1010', '10010'],
    ]);
    expect(bodies()).toEqual([request]);
  });

  it('a lone condition cannot be negated, within a rule it can', async () => {
    const { client, sent, bodies } = await setup({ status: 200, body: {} });
    const condition = { field: 'COL7', criteria: 'x', condition: 'EQUALS', isNegated: true } as const;
    expect(() => client.contacts.findMatchingContacts({ search: condition })).toThrow(FatalError);
    expect(sent()).toEqual([]);
    const search = { rule: 'AND', left: condition } as const;
    expect(await collect(client.contacts.findMatchingContacts({ search }))).toEqual([]);
    expect(bodies()).toEqual([{ search }]);
  });
});

describe('contacts.listContacts', () => {
  it('reads the example, page by page until one brings nothing new', async () => {
    const { client, sent } = await setup(
      { status: 200, body: listedContacts },
      { status: 200, body: { listContactDetails: listedContacts.listContactDetails.slice(1) } },
    );
    const [first, second, ...others] = await collect(client.contacts.listContacts());
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      account: '101243',
      person: { firstName: 'Bruce', lastName: 'Banner' },
      phone: [],
      dueDate: new Date(1506470400000),
      callAttemptsTotal: 5,
      createDate: new Date(1501587068000),
      modifyDate: new Date(1508931850000),
    });
    expect(first?.person.dateOfBirth).toBeUndefined();
    expect(second).toMatchObject({
      account: '2222',
      person: { dateOfBirth: new Date(1187841600000), ssn: '0095' },
      guarantor: { firstName: 'Gua', lastName: 'Tor' },
      phone: [
        { phone: '4158149720', ordinal: 1, phoneBlock: 'PERMANENT' },
        { phone: '4042168962', ordinal: 2, phoneBlock: 'NONE' },
      ],
      country: 'UNITED_STATES_OF_AMERICA',
      balance: 100,
    });
    expect([second?.dueDate, second?.initialLoad, second?.lastLoad, second?.groupId]).toEqual(Array(4).fill(undefined));
    expect(sent()).toEqual(['GET /contact/contacts?count=1000&offset=0', 'GET /contact/contacts?count=1000&offset=1']);
  });

  it('an entry without an account is an error that does not repeat it', async () => {
    const body = { listContactDetails: [{ person: { lastName: 'Secretperson' } }] };
    const { client } = await setup({ status: 200, body });
    const failure = await collect(client.contacts.listContacts()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FatalError);
    expect(String(failure)).toContain('"List Contact" in a shape we do not know');
    expect(String(failure)).not.toContain('Secretperson');
  });
});

describe('contacts.readContact', () => {
  it('reads the example', async () => {
    const { client, sent } = await setup({ status: 200, body: readContact });
    const contact = await client.contacts.readContact('1234567');
    expect(contact).toMatchObject({
      account: '1234567',
      accountBlock: 'DAILY',
      groupId: '12345',
      country: 'UK',
      phone: [
        { phone: '6565556666', ordinal: 1, phoneBlock: 'DAILY' },
        { phone: '6564445559', ordinal: 7, phoneBlock: 'DAILY' },
      ],
      createDate: new Date(1484673045000),
      modifyDate: new Date(1484673045000),
    });
    expect(contact?.dueDate).toBeUndefined();
    expect(sent()).toEqual(['GET /contact/contacts/1234567']);
  });

  it('every way to write a value is read, and what cannot be read is undefined', async () => {
    const details = {
      account: 5,
      active: 'Y',
      balance: '12.50',
      amountToSpeak: 'much',
      accountBlock: 'daily',
      person: { dateOfBirth: '1971-03-09', firstName: 'null' },
      guarantor: 'null',
      phone: { position: '3', dnd: 1, dndDaily: 'false' },
      customFields: [
        { field: 'COL1', value: 7 },
        { field: 'COL2', value: null },
      ],
      dueDate: '03/09/2026',
      initialLoad: '0',
      createdDate: '621057600000',
      modifiedDate: '2026-03-09T10:00:00-04:00',
      agentId: '0',
      callAttemptsToday: '3',
    };
    const { client } = await setup({ status: 200, body: { readContactDetails: details } });
    expect(await client.contacts.readContact('5')).toEqual({
      account: '5',
      active: true,
      balance: 12.5,
      accountBlock: 'DAILY',
      person: { dateOfBirth: new Date('1971-03-09T05:00:00Z') },
      guarantor: {},
      phone: [{ ordinal: 3, phoneBlock: 'PERMANENT' }],
      customFields: [
        { field: 'COL1', value: '7' },
        { field: 'COL2', value: '' },
      ],
      dueDate: new Date('2026-03-09T04:00:00Z'),
      createDate: new Date(621057600000),
      modifyDate: new Date('2026-03-09T14:00:00Z'),
      callAttemptsToday: 3,
    });
  });

  it.each<[string, Answer]>([
    ['404', { status: 404 }],
    ['404 with a body', { status: 404, body: { code: 203, message: 'No Record Found' } }],
    ['"No Record Found" in another answer', { status: 200, body: { code: 203, message: 'No Record Found' } }],
    ['no details', { status: 200, body: {} }],
    ['details of null', { status: 200, body: { readContactDetails: null } }],
  ])('%s is no contact', async (_, answer) => {
    const { client } = await setup(answer);
    expect(await client.contacts.readContact('1234567')).toBeUndefined();
  });

  it('errors do not repeat what LiveVox says', async () => {
    const { client } = await setup({ status: 400, body: { code: 9, message: 'account 1234567 is odd' } });
    const failure = await client.contacts.readContact('1234567').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FatalError);
    expect(String(failure)).not.toContain('1234567');
    const ill = await setup({ status: 500 });
    await expect(ill.client.contacts.readContact('1')).rejects.toThrow(RetriableError);
  });
});

describe('contacts.updateContact', () => {
  const sends = {
    ...exampleSends,
    lastName: '222',
    active: 'false',
    phone1Block: 'PERMANENT_OFF',
    phone1SmsConsent: 'false',
    COL1: 'true',
  };

  // The example leaves the account out of the body; the table above it calls it mandatory.
  it('sends the example', async () => {
    const { client, sent, bodies } = await setup({ status: 204 });
    const write: SingleContactWrite = { account: 'DOC1625198460001', lvAccountId: '9', sends, country };
    expect(await client.contacts.updateContact(write)).toMatchObject({ kind: 'accepted', httpStatus: 204 });
    expect(sent()).toEqual(['PUT /contact/contacts/DOC1625198460001']);
    expect(bodies()).toEqual([
      {
        updateContactDetails: {
          ...exampleBody,
          account: 'DOC1625198460001',
          person: { ...exampleBody.person, lastName: '222' },
          active: false,
          phone: [
            { phone: '6503517500', ordinal: 1, phoneBlock: 'PERMANENT_OFF', smsConsent: false, cellConsent: true },
          ],
          customFields: [{ field: 'COL1', value: 'true' }],
        },
      },
    ]);
  });

  it('one that does not exist is refused; `active` may be left out', async () => {
    const { client, bodies } = await setup({ status: 404 });
    const changes = { firstName: 'mike', lastName: 'bonds', phone2: '4565553748', phone2Block: 'DAILY' };
    const answer = await client.contacts.updateContact({ account: '1234567', sends: changes });
    expect(answer).toMatchObject({ kind: 'refused', httpStatus: 404 });
    expect(bodies()).toEqual([
      {
        updateContactDetails: {
          account: '1234567',
          person: { firstName: 'mike', lastName: 'bonds' },
          phone: [{ phone: '4565553748', ordinal: 2, phoneBlock: 'DAILY' }],
        },
      },
    ]);
  });
});

describe('contacts.updateContactDnd', () => {
  it('sends the example', async () => {
    const { client, sent, bodies } = await setup({ status: 204 });
    const sends = { phone1: '6505551234', phone1Block: 'BOTH', phone1SmsConsent: 'true', phone1CellConsent: 'true' };
    const answer = await client.contacts.updateContactDnd({ account: 'DOC1625198460001', sends });
    expect(answer).toMatchObject({ kind: 'accepted', httpStatus: 204 });
    expect(sent()).toEqual(['PUT /contact/contacts/DOC1625198460001/dnd']);
    expect(bodies()).toEqual([
      {
        updateContactDND: [
          { phone: '6505551234', ordinal: 1, phoneBlock: 'BOTH', smsConsent: true, cellConsent: true },
        ],
      },
    ]);
  });

  it('one that does not exist is refused', async () => {
    const { client, bodies } = await setup({ status: 404, body: { code: 203, message: 'No Record Found' } });
    const sends = { accountBlock: 'NONE', phone1: '4085550384', phone1Block: 'DAILY' };
    const answer = await client.contacts.updateContactDnd({ account: '5555555', sends });
    expect(answer).toMatchObject({ kind: 'refused', httpStatus: 404 });
    const updateContactDND = [{ phone: '4085550384', ordinal: 1, phoneBlock: 'DAILY' }];
    expect(bodies()).toEqual([{ accountBlock: 'NONE', updateContactDND }]);
  });
});

describe('contacts.listAssociatedAccounts', () => {
  // The example's request is a POST to /contact/contacts/qa123/:account/accounts, its answer's `next` has the path of the heading.
  it('reads the example, under the key of the table too', async () => {
    const { listAccount } = associatedAccounts;
    const { client, sent } = await setup(
      { status: 200, body: associatedAccounts },
      { status: 200, body: { listAccounts: listAccount } },
    );
    const [first, ...others] = await collect(client.contacts.listAssociatedAccounts('qa123'));
    expect(others).toEqual([]);
    expect(first).toEqual({
      ...listAccount[0],
      id: '604423',
      agentId: '595348',
      agentTeamId: '16001',
      campaignId: '28571101',
      classificationId: '172',
      typeId: '48',
      createdDate: new Date(1594635589054),
      modifiedDate: new Date(1595322442540),
    });
    expect(sent()[0]).toBe('GET /contact/contacts/qa123/accounts?count=1000&offset=0');
  });
});

describe('an account in a path', () => {
  it.each([
    ['A/B', 'A%2FB'],
    ['a b?c=d#e', 'a%20b%3Fc%3Dd%23e'],
    ['50%', '50%25'],
    ['Zoë', 'Zo%C3%AB'],
    ['...', '...'],
    ['bulk1', 'bulk1'],
  ])('%s goes out as %s', async (account, encoded) => {
    const { client, sent } = await setup({ status: 404 });
    await client.contacts.readContact(account);
    expect(sent()).toEqual([`GET /contact/contacts/${encoded}`]);
  });

  it.each(['', ' ', '.', '..', 'bulk', 'BULK', 'search', 'Dnd', 'customFields', 'customfields', '\ud800'])(
    '%j is refused by every method before anything is sent',
    async (account) => {
      const { client, sent } = await setup({ status: 200, body: {} });
      const { contacts, contactNotes } = client;
      const sends = { accountBlock: 'NONE' };
      await expect(contacts.readContact(account)).rejects.toThrow(FatalError);
      await expect(contacts.deleteContact(account)).rejects.toThrow(FatalError);
      await expect(contacts.updateContact({ account, sends })).rejects.toThrow(FatalError);
      await expect(contacts.updateContactDnd({ account, sends })).rejects.toThrow(FatalError);
      expect(() => contacts.listAssociatedAccounts(account)).toThrow(FatalError);
      await expect(contactNotes.listContactNotes(account)).rejects.toThrow(FatalError);
      await expect(contactNotes.readContactNote(account, 1)).rejects.toThrow(FatalError);
      expect(sent()).toEqual([]);
    },
  );
});

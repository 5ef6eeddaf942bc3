import { describe, expect, it } from 'vitest';
import { contactFields, type Sends } from '../../src/contact/index.ts';
import { FatalError } from '../../src/errors.ts';
import { toBulkRow, toWireId } from '../../src/livevox/bulk-write.ts';
import { afterLogin, json, makeClient, startOddServer } from './odd-server.ts';

const zone = 'America/New_York';
const convert = (sends: Sends, lvAccountId?: string) => toBulkRow({ account: 'A-1', lvAccountId, sends }, zone);

describe('toBulkRow', () => {
  it('makes the vendor body of its example', () => {
    const sends: Sends = {
      account: 'Doc1',
      firstName: 'James',
      lastName: 'Bond',
      dateOfBirth: '1989-09-06',
      email: 'example@liveox.com',
      ssn: 'A1234565',
      zipCode: '10010',
      guarantorFirstName: 'AAA',
      guarantorLastName: 'BBB',
      phone1: '9437774229',
      phone1Block: 'DAILY',
      phone1SmsConsent: 'true',
      phone1CellConsent: 'true',
      COL1: '123',
      active: 'true',
      balance: '100',
      accountBlock: 'DAILY',
      accountToSpeak: 'X1234',
      originalAccountNumber: 'oan123',
      address1: 'St1',
      address2: 'ORR',
      city: 'San Francisco',
      state: 'CA',
      amountToSpeak: '100.5',
      dueDate: '2022-01-12',
      primaryEmailConsent: 'true',
      groupId: '83195',
      agentId: '657530671',
      department: 'APIDEPT',
      salutation: 'Mr',
      title: 'Mr',
    };
    expect(toBulkRow({ account: 'Doc1', lvAccountId: '77', sends }, zone)).toEqual({
      id: 77,
      account: 'Doc1',
      person: {
        firstName: 'James',
        lastName: 'Bond',
        dateOfBirth: 621_057_600_000,
        email: 'example@liveox.com',
        ssn: 'A1234565',
        zipCode: '10010',
      },
      guarantor: { firstName: 'AAA', lastName: 'BBB' },
      phone: [{ ordinal: 1, phone: '9437774229', phoneBlock: 'DAILY', smsConsent: true, cellConsent: true }],
      customFields: [{ field: 'COL1', value: '123' }],
      active: true,
      balance: 100,
      accountBlock: 'DAILY',
      accountToSpeak: 'X1234',
      originalAccountNumber: 'oan123',
      address1: 'St1',
      address2: 'ORR',
      city: 'San Francisco',
      state: 'CA',
      amountToSpeak: 100.5,
      dueDate: 1_641_963_600_000,
      primaryEmailConsent: true,
      groupId: 83195,
      agentId: 657530671,
      department: 'APIDEPT',
      salutation: 'Mr',
      title: 'Mr',
    });
  });

  it('has a place for every writable field but the daily halves of the blocks', () => {
    const sends: Record<string, string> = {};
    const texts: Record<string, string> = { boolean: 'true', date: '2026-01-02', integer: '7', numeric: '7.5' };
    for (const { name, type, writable } of contactFields) {
      if (writable && !name.endsWith('BlockDaily')) sends[name] = /Block$/.test(name) ? 'BOTH' : (texts[type] ?? name);
    }
    sends['account'] = 'A-1';
    const { person, guarantor, phone, customFields, ...top } = convert(sends);
    expect(Object.keys(person ?? {})).toHaveLength(6);
    expect(Object.keys(guarantor ?? {})).toHaveLength(2);
    expect(phone?.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(phone?.every((each) => Object.keys(each).length === 5)).toBe(true);
    expect(customFields).toHaveLength(100);
    const written = Object.keys(top).length + 6 + 2 + 10 * 4 + 100;
    expect(written).toBe(Object.keys(sends).length);
  });

  it('an empty text clears by an empty text, in every place', () => {
    expect(
      convert({ active: 'true', city: null, lastName: null, guarantorLastName: null, COL9: null, phone2: null }),
    ).toEqual({
      account: 'A-1',
      active: true,
      city: '',
      person: { lastName: '' },
      guarantor: { lastName: '' },
      customFields: [{ field: 'COL9', value: '' }],
      phone: [{ ordinal: 2, phone: '' }],
    });
  });

  it('dates are midnight in the zone of the tenant, across the change of clocks', () => {
    const dueDate = (day: string, timeZone: string) =>
      toBulkRow({ account: 'A', sends: { active: 'true', dueDate: day } }, timeZone)['dueDate'];
    expect(dueDate('2026-03-08', zone)).toBe(Date.parse('2026-03-08T05:00:00Z'));
    expect(dueDate('2026-03-09', zone)).toBe(Date.parse('2026-03-09T04:00:00Z'));
    expect(dueDate('1899-12-31', 'UTC')).toBe(Date.parse('1899-12-31T00:00:00Z'));
  });

  it.each<[string, Sends]>([
    ['a row without active', { firstName: 'X' }],
    ['an empty number', { active: 'true', balance: null }],
    ['an empty date', { active: 'true', dueDate: null }],
    ['an empty boolean', { active: 'true', phone1SmsConsent: null }],
    ['an empty active', { active: null }],
    ['an empty verb', { active: 'true', accountBlock: null }],
    ['a block that is no verb', { active: 'true', phone1Block: 'true' }],
    ['the daily half of the account block', { active: 'true', accountBlockDaily: 'true' }],
    ['the daily half of a phone block', { active: 'true', phone3BlockDaily: 'false' }],
    ['a read-only field', { active: 'true', modifyDate: '2026-01-01T00:00:00.000Z' }],
    ['an unknown field', { active: 'true', phone11: '5' }],
    ['a number that is none', { active: 'true', balance: '1e3' }],
    ['a number a double cannot hold', { active: 'true', balance: '12345678901234567.89' }],
    ['a boolean that is none', { active: 'yes' }],
    ['a date that is none', { active: 'true', dueDate: '01/02/2026' }],
    ['another account', { active: 'true', account: 'B-2' }],
  ])('refuses %s', (_, sends) => {
    expect(() => convert(sends)).toThrow(FatalError);
  });

  it('no refusal repeats a value', () => {
    expect(() => convert({ active: 'true', dateOfBirth: 'secret-birthday' })).toThrow(
      /^"dateOfBirth" cannot be written: its value is not a date(?!.*secret-birthday)/,
    );
  });
});

describe('toWireId', () => {
  it.each([
    ['123', 123],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
  ])('%s goes out as %j', (digits, expected) => {
    expect(toWireId(digits)).toBe(expected);
  });
});

describe('contacts.bulkCreateContact, contacts.bulkUpdateContact', () => {
  const row = { account: 'A-1', lvAccountId: '5', sends: { active: 'true' } };

  it('go to the same path under two verbs, and only the update names the id', async () => {
    const server = await startOddServer(
      afterLogin((response) => json(response, 200, { message: 'Successfully updated contacts 1' })),
    );
    const client = makeClient(server.baseUrl);
    await client.contacts.bulkCreateContact([row]);
    await client.contacts.bulkUpdateContact([row]);
    await client.close();
    await server.close();
    const [, create, update] = server.requests;
    expect(create).toMatchObject({ verb: 'POST', path: '/contact/contacts/bulk' });
    expect(create?.headers).toMatchObject({ accept: 'application/json', 'accept-encoding': 'application/json' });
    expect(JSON.parse(create?.body ?? '')).toEqual({ createContactDetails: [{ account: 'A-1', active: true }] });
    expect(update).toMatchObject({ verb: 'PUT', path: '/contact/contacts/bulk' });
    expect(JSON.parse(update?.body ?? '')).toEqual({ updateContactDetails: [{ id: 5, account: 'A-1', active: true }] });
  });

  it('send nothing when a row cannot be expressed, or there is none', async () => {
    const server = await startOddServer(() => 'default');
    const client = makeClient(server.baseUrl);
    await expect(client.contacts.bulkUpdateContact([row, { account: 'A-2', sends: {} }])).rejects.toThrow(FatalError);
    await expect(client.contacts.bulkCreateContact([])).rejects.toThrow('at least one contact');
    await client.close();
    await server.close();
    expect(server.requests).toEqual([]);
  });
});

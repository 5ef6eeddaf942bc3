import { describe, expect, it } from 'vitest';
import { type Caller, type Reply, setup, startedAt } from '../caller.ts';

const create = ({ call }: Caller, ...createContactDetails: unknown[]): Promise<Reply> =>
  call('POST', '/contact/contacts/bulk', { createContactDetails });

const count = async ({ call }: Caller): Promise<unknown> => (await call('GET', '/sandbox/count')).body;

describe('createContacts', () => {
  it('creates what the vendor’s example sends', async () => {
    const caller = await setup({ contacts: 0 });
    const reply = await create(
      caller,
      {
        person: {
          firstName: 'James',
          lastName: 'Bond',
          dateOfBirth: '621057600000',
          email: 'example@example.com',
          ssn: 'A1234565',
          zipCode: '10010',
        },
        guarantor: { firstName: 'AAA', lastName: 'BBB' },
        phone: [{ phone: '9437774229', ordinal: 1, phoneBlock: 'DAILY', smsConsent: true, cellConsent: true }],
        customFields: [{ field: 'COL1', value: 123 }],
        account: 'Doc1',
        active: true,
        balance: 100.0,
        accountBlock: 'DAILY',
        accountToSpeak: 'X1234',
        originalAccountNumber: 'oan123',
        address1: 'St1',
        address2: 'ORR',
        city: 'San Francisco',
        state: 'CA',
        country: 'United States of America',
        amountToSpeak: 100.5,
        dueDate: 1641963600000,
        primaryEmailConsent: true,
        department: 'APIDEPT',
        salutation: 'Mr',
        title: 'Mr',
      },
      { account: 'Doc3', groupId: '83195', agentId: '657530671' },
    );
    expect([reply.status, reply.body]).toEqual([200, { message: 'Successfully updated contacts 2' }]);
    const given = Object.entries(await caller.held('Doc1')).filter(([, value]) => value !== null);
    expect(Object.fromEntries(given)).toEqual({
      account: 'Doc1',
      dueDate: '2022-01-12',
      accountToSpeak: 'X1234',
      address1: 'St1',
      address2: 'ORR',
      amountToSpeak: '100.5',
      active: 'true',
      callAttemptsTotal: '0',
      callAttemptsToday: '0',
      city: 'San Francisco',
      clientId: '100042',
      countryId: '1',
      createDate: new Date(startedAt).toISOString(),
      createUser: 'demo',
      department: 'APIDEPT',
      dateOfBirth: '1989-09-06',
      accountBlock: 'false',
      accountBlockDaily: 'true',
      accountEmailBlock: 'false',
      email: 'example@example.com',
      firstName: 'James',
      guarantorFirstName: 'AAA',
      guarantorLastName: 'BBB',
      lastName: 'Bond',
      lvAccountId: '5000000001',
      modifyDate: new Date(startedAt).toISOString(),
      modifyUser: 'demo',
      originalAccountNumber: 'oan123',
      balance: '100',
      phone1: '9437774229',
      phone1AttemptsTotal: '0',
      phone1AttemptsToday: '0',
      phone1CellConsent: 'true',
      phone1Block: 'false',
      phone1BlockDaily: 'true',
      phone1SmsConsent: 'true',
      zipCode: '10010',
      primaryEmailConsent: 'true',
      salutation: 'Mr',
      primarySMSConsent: 'false',
      ssn: 'A1234565',
      state: 'CA',
      title: 'Mr',
      COL1: '123',
    });
    expect(await caller.held('Doc3')).toMatchObject({ active: 'false', groupId: '83195', agentId: '657530671' });
  });

  it.each([
    ['400', 400],
    ['202', 202],
    ['409', 409],
  ] as const)('a contact that exists refuses the whole request, with status %s', async (exists, status) => {
    const caller = await setup({ dialect: { exists } });
    const reply = await create(caller, { account: 'new' }, { account: 'A0000007' });
    expect([reply.status, reply.body]).toEqual([status, { code: 202, message: 'Contact already exists!' }]);
    expect(await count(caller)).toEqual({ count: 20 });
  });

  it('an account twice in one request refuses it too; another letter case is another account', async () => {
    const caller = await setup();
    expect((await create(caller, { account: 'mf1' }, { account: 'mf1' })).status).toBe(400);
    expect((await create(caller, { account: 'mf1' }, { account: 'MF1' })).status).toBe(200);
    expect(await count(caller)).toEqual({ count: 22 });
  });

  it('a purged account can be created again, under a new id', async () => {
    const caller = await setup();
    await caller.call('DELETE', '/sandbox/contacts/A0000007');
    expect((await create(caller, { account: 'A0000007' })).status).toBe(200);
    expect(await caller.held('A0000007')).toMatchObject({ lvAccountId: '5000000021', lastName: null });
  });

  it('more contacts than the dialect allows are refused with 413', async () => {
    const caller = await setup({ dialect: { maxRows: 1 } });
    expect((await create(caller, { account: 'x' }, { account: 'y' })).status).toBe(413);
    expect(await count(caller)).toEqual({ count: 20 });
  });

  it.each<[string, object]>([
    ['no account', {}],
    ['an empty account', { account: '' }],
    ['an account that is a number', { account: 7 }],
    ['an id', { account: 'x', id: 7 }],
    ['an attribute nobody knows', { account: 'x', surname: 'Smith' }],
    ['an attribute nobody knows inside', { account: 'x', person: { surname: 'Smith' } }],
    ['a flag that is text', { account: 'x', active: 'true' }],
    ['a group nobody made', { account: 'x', groupId: 12371 }],
    ['an agent nobody made', { account: 'x', agentId: 657539999 }],
    ['a DND value nobody knows', { account: 'x', accountBlock: 'WEEKLY' }],
    ['a phone’s DND value nobody knows', { account: 'x', phone: [{ phone: '1', ordinal: 1, phoneBlock: true }] }],
    ['ordinal 0', { account: 'x', phone: [{ phone: '2125551000', ordinal: 0 }] }],
    ['ordinal 11', { account: 'x', phone: [{ phone: '2125551000', ordinal: '11' }] }],
    ['a phone that is a number', { account: 'x', phone: [{ phone: 2125551000, ordinal: 1 }] }],
    ['custom field COL0', { account: 'x', customFields: [{ field: 'COL0', value: '' }] }],
    ['custom field COL101', { account: 'x', customFields: [{ field: 'COL101', value: '' }] }],
    ['a custom value of 256 characters', { account: 'x', customFields: [{ field: 'COL1', value: 'x'.repeat(256) }] }],
    ['a balance that is no number', { account: 'x', balance: '12,50' }],
    ['a date that is none', { account: 'x', dueDate: '2026-02-30' }],
    ['an empty date', { account: 'x', dueDate: '' }],
    ['a country nobody knows', { account: 'x', country: 'Atlantis' }],
  ])('%s refuses the request, and nothing of it is applied', async (_, details) => {
    const caller = await setup();
    const reply = await create(caller, { account: 'good' }, details);
    expect([reply.status, reply.body]).toEqual([400, { code: expect.any(Number), message: expect.any(String) }]);
    expect(reply.text).toContain('createContactDetails[1]');
    expect(await count(caller)).toEqual({ count: 20 });
  });

  it('a custom value of 255 characters is taken', async () => {
    const caller = await setup();
    const value = 'é'.repeat(255);
    await create(caller, { account: 'x', customFields: [{ field: 'COL100', value }] });
    expect(await caller.held('x')).toMatchObject({ COL100: value });
  });

  it('how often an account was asked for and created is counted', async () => {
    const caller = await setup();
    await create(caller, { account: 'x' });
    await create(caller, { account: 'x' }, { account: 'y' });
    expect((await caller.call('GET', '/sandbox/creates')).body).toEqual({
      accounts: { x: { received: 2, created: 1 }, y: { received: 1, created: 0 } },
    });
    expect((await caller.call('GET', '/sandbox/creates?min=2')).body).toEqual({
      accounts: { x: { received: 2, created: 1 } },
    });
  });
});

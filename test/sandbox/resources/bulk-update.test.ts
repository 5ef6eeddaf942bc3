import { describe, expect, it } from 'vitest';
import { type Caller, type Reply, setup, startedAt } from '../caller.ts';

const update = ({ call }: Caller, ...updateContactDetails: unknown[]): Promise<Reply> =>
  call('PUT', '/contact/contacts/bulk', { updateContactDetails });

async function setupContact(fields: Record<string, unknown>, phones: 'merge' | 'replace' = 'merge'): Promise<Caller> {
  const caller = await setup({ contacts: 0, dialect: { phones } });
  await caller.call('PUT', '/sandbox/contacts/X1', { fields });
  return caller;
}

/** The values of phones 1..3, a phone per line. */
async function phonesOf({ held }: Caller): Promise<string[]> {
  const fields = await held('X1');
  return [1, 2, 3].map((ordinal) =>
    ['', 'Block', 'BlockDaily', 'CellConsent', 'SmsConsent'].map((part) => fields[`phone${ordinal}${part}`]).join(' '),
  );
}

describe('matching', () => {
  it.each([
    ['account', { account: 'A0000003' }],
    ['id', { id: 5_000_000_003 }],
    ['id in digits', { id: '5000000003' }],
    ['both', { id: 5_000_000_003, account: 'A0000003' }],
  ])('by %s finds the contact', async (_, identity) => {
    const caller = await setup();
    expect((await update(caller, { ...identity, active: true, city: 'Here' })).status).toBe(204);
    expect(await caller.held('A0000003')).toMatchObject({ city: 'Here' });
  });

  it('by an id and an account that disagree refuses the whole request', async () => {
    const caller = await setup();
    const reply = await update(
      caller,
      { account: 'A0000001', city: 'Here' },
      { id: 5_000_000_003, account: 'A0000004', city: 'Here' },
    );
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('updateContactDetails[1]')]);
    expect((await caller.held('A0000001'))['city']).not.toBe('Here');
  });

  it('by nothing is refused', async () => {
    const caller = await setup();
    expect((await update(caller, { city: 'Here' })).status).toBe(400);
    expect((await update(caller, { account: '', city: 'Here' })).status).toBe(400);
  });

  it('contacts it does not find are not counted', async () => {
    const caller = await setup({ dialect: { update: '200' } });
    const reply = await update(caller, { account: 'A0000001' }, { account: 'nobody' }, { id: 12, account: 'A0000002' });
    expect([reply.status, reply.body]).toEqual([200, { message: 'Successfully updated contacts 1' }]);
  });

  it.each([
    ['group', { groupId: 12371 }],
    ['agent', { agentId: '657539999' }],
  ])('a %s nobody made refuses the whole request; 0 is none', async (_, naming) => {
    const caller = await setup();
    const reply = await update(caller, { account: 'A0000001', city: 'Here' }, { account: 'A0000002', ...naming });
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('updateContactDetails[1].')]);
    expect((await caller.held('A0000001'))['city']).not.toBe('Here');
    expect((await update(caller, { account: 'A0000001', groupId: 0, agentId: 0 })).status).toBe(204);
  });

  it('every group and agent that generated contacts name may be written', async () => {
    const caller = await setup({ contacts: 300 });
    const csv = await caller.download({ exportableFields: ['account', 'groupId', 'agentId'] });
    const rows = csv
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const details = rows.map(([account, groupId, agentId]) => ({ account, groupId, agentId: agentId || null }));
    expect((await update(caller, ...details)).status).toBe(204);
  });

  it('answers 204 without a body by default', async () => {
    const reply = await update(await setup(), { account: 'A0000001', active: true });
    expect([reply.status, reply.text]).toEqual([204, '']);
  });
});

describe('values', () => {
  it('a missing active means false', async () => {
    const caller = await setupContact({ active: 'true', lastName: 'Old' });
    await update(caller, { account: 'X1', person: { lastName: 'New' } });
    expect(await caller.held('X1')).toMatchObject({ active: 'false', lastName: 'New' });
  });

  it('an empty text clears, null and absence leave alone', async () => {
    const caller = await setupContact({ firstName: 'A', lastName: 'B', city: 'C', COL1: 'D', COL2: 'E', balance: '5' });
    await update(caller, {
      account: 'X1',
      active: null,
      person: { firstName: '', lastName: null },
      city: '',
      balance: null,
      customFields: [
        { field: 'COL1', value: '' },
        { field: 'COL2', value: null },
      ],
    });
    expect(await caller.held('X1')).toMatchObject({
      active: 'false',
      firstName: null,
      lastName: 'B',
      city: null,
      COL1: null,
      COL2: 'E',
      balance: '5',
    });
  });

  it.each([
    ['epoch milliseconds', 1_641_963_600_000, '2022-01-12'],
    ['the last millisecond of the client’s day', 1_641_963_599_999, '2022-01-11'],
    ['digits', '621057600000', '1989-09-06'],
    ['an instant before 1970', -86_400_000 * 365, '1968-12-31'],
    ['CCYY-MM-DD', '2024-02-29', '2024-02-29'],
    ['MM/DD/YYYY', '02/29/2024', '2024-02-29'],
  ])('a date may be %s', async (_, sent, held) => {
    const caller = await setupContact({});
    await update(caller, { account: 'X1', dueDate: sent, person: { dateOfBirth: sent } });
    expect(await caller.held('X1')).toMatchObject({ dueDate: held, dateOfBirth: held });
  });

  it.each([
    [0.1, '0.1'],
    [-12.5, '-12.5'],
    ['0042.10', '42.1'],
    [0, '0'],
    [1234567.125, '1234567.125'],
  ])('the balance %j is kept as %s', async (sent, held) => {
    const caller = await setupContact({});
    await update(caller, { account: 'X1', balance: sent });
    expect(await caller.held('X1')).toMatchObject({ balance: held });
  });

  it('every update leaves its time to the millisecond and its user, and nothing else', async () => {
    let now = startedAt;
    const caller = await setup({ now: () => now });
    const before = await caller.held('A0000001');
    now += 12_345;
    await update(caller, { account: 'A0000001', active: before['active'] === 'true' });
    expect(await caller.held('A0000001')).toEqual({
      ...before,
      modifyDate: new Date(now).toISOString(),
      modifyUser: 'demo',
    });
  });

  it('an account’s block is a DND value applied to its state', async () => {
    const caller = await setupContact({ accountBlock: 'true' });
    await update(caller, { account: 'X1', accountBlock: 'DAILY' });
    expect(await caller.held('X1')).toMatchObject({ accountBlock: 'true', accountBlockDaily: 'true' });
  });
});

describe('phones', () => {
  const held = {
    phone1: '2125551001',
    phone1Block: 'true',
    phone1CellConsent: 'true',
    phone2: '2125551002',
    phone2SmsConsent: 'true',
  };

  it('merged, an entry changes its ordinal, whose block and consents stay', async () => {
    const caller = await setupContact(held);
    await update(caller, {
      account: 'X1',
      phone: [
        { phone: '2125551009', ordinal: 1 },
        { phone: '2125551003', ordinal: '3', phoneBlock: 'BOTH' },
      ],
    });
    expect(await phonesOf(caller)).toEqual([
      '2125551009 true false true false',
      '2125551002 false false false true',
      '2125551003 true true false false',
    ]);
  });

  it('replacing, the array is all there is, and block and consents follow the number', async () => {
    const caller = await setupContact(held, 'replace');
    await update(caller, {
      account: 'X1',
      phone: [
        { phone: '2125551009', ordinal: 1 },
        { phone: '2125551001', ordinal: 3, phoneBlock: 'DAILY' },
      ],
    });
    expect(await phonesOf(caller)).toEqual([
      '2125551009 false false false false',
      '    ',
      '2125551001 true true true false',
    ]);
  });

  it.each(['merge', 'replace'] as const)(
    'all phones sent with all they have gives the same under %s',
    async (phones) => {
      const caller = await setupContact(held, phones);
      await update(caller, {
        account: 'X1',
        phone: [
          { phone: '2125551005', ordinal: 1, phoneBlock: 'PERMANENT', cellConsent: true, smsConsent: false },
          { phone: '2125551002', ordinal: 2 },
        ],
      });
      expect(await phonesOf(caller)).toEqual([
        '2125551005 true false true false',
        '2125551002 false false false true',
        '    ',
      ]);
    },
  );

  it('an empty number removes the phone with all it had', async () => {
    const caller = await setupContact(held);
    await update(caller, { account: 'X1', phone: [{ phone: '', ordinal: 1 }] });
    expect(await phonesOf(caller)).toEqual(['    ', '2125551002 false false false true', '    ']);
  });

  it('an entry without a number changes the phone that is there, and makes none', async () => {
    const caller = await setupContact(held);
    await update(caller, {
      account: 'X1',
      phone: [
        { ordinal: 2, phoneBlock: 'PERMANENT' },
        { ordinal: 3, phoneBlock: 'PERMANENT' },
      ],
    });
    expect(await phonesOf(caller)).toEqual([
      '2125551001 true false true false',
      '2125551002 true false false true',
      '    ',
    ]);
  });
});

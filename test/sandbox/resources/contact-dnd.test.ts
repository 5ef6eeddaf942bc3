import { describe, expect, it } from 'vitest';
import { type Caller, type Reply, setup, startedAt } from '../caller.ts';

async function setupContact(fields: Record<string, unknown> = {}): Promise<Caller> {
  const caller = await setup({ contacts: 0 });
  await caller.call('PUT', '/sandbox/contacts/DOC1625198460001', { fields: { phone1: '6505551234', ...fields } });
  return caller;
}

const update = ({ call }: Caller, body: unknown, account = 'DOC1625198460001'): Promise<Reply> =>
  call('PUT', `/contact/contacts/${account}/dnd`, body);

describe('updateContactDnd', () => {
  it('does what the vendor’s example asks', async () => {
    const caller = await setupContact();
    const reply = await update(caller, {
      updateContactDND: [{ phone: '6505551234', ordinal: 1, phoneBlock: 'BOTH', smsConsent: true, cellConsent: true }],
    });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(await caller.held('DOC1625198460001')).toMatchObject({
      phone1Block: 'true',
      phone1BlockDaily: 'true',
      phone1SmsConsent: 'true',
      phone1CellConsent: 'true',
      modifyUser: 'demo',
    });
  });

  it('a contact that does not exist, as in the vendor’s example', async () => {
    const body = { updateContactDND: [{ phone: '4085550384', ordinal: '1', phoneBlock: 'DAILY' }] };
    const reply = await update(await setupContact(), body, '5555555');
    expect([reply.status, reply.body]).toEqual([404, { code: 203, message: 'No Record Found' }]);
  });

  it('the account’s block stands beside the array or in an entry', async () => {
    const caller = await setupContact();
    await update(caller, { accountBlock: 'PERMANENT' });
    expect(await caller.held('DOC1625198460001')).toMatchObject({ accountBlock: 'true', accountBlockDaily: 'false' });
    await update(caller, { updateContactDND: [{ phone: '6505551234', ordinal: 1, accountBlock: 'DAILY' }] });
    expect(await caller.held('DOC1625198460001')).toMatchObject({ accountBlock: 'true', accountBlockDaily: 'true' });
  });

  it('another number at the ordinal changes nothing and leaves no stamp', async () => {
    let now = startedAt;
    const caller = await setup({ now: () => now });
    const before = await caller.held('A0000001');
    now += 1000;
    const reply = await update(
      caller,
      { updateContactDND: [{ phone: '1', ordinal: 1, phoneBlock: 'BOTH' }] },
      'A0000001',
    );
    expect([reply.status, await caller.held('A0000001')]).toEqual([204, before]);
  });

  it.each([
    ['a phone without an ordinal', { updateContactDND: [{ phone: '6505551234', phoneBlock: 'BOTH' }] }],
    ['an ordinal without a phone', { updateContactDND: [{ ordinal: 1, phoneBlock: 'BOTH' }] }],
    ['an unknown block', { accountBlock: 'WEEKLY' }],
    ['a field DND does not carry', { balance: 1 }],
  ])('%s is refused', async (_, body) => {
    expect((await update(await setupContact(), body)).status).toBe(400);
  });
});

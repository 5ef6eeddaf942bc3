import { describe, expect, it } from 'vitest';
import { type Caller, type Reply, setup, startedAt } from '../caller.ts';

const verbs = ['DAILY', 'PERMANENT', 'NONE', 'BOTH', 'DAILY_OFF', 'PERMANENT_OFF'] as const;
const states = ['DAILY', 'PERMANENT', 'NONE', 'BOTH'] as const;

/** The vendor's table: a line per sent value, a column per current status. */
const table = `
  DAILY         DAILY BOTH      DAILY     BOTH
  PERMANENT     BOTH  PERMANENT PERMANENT BOTH
  NONE          NONE  NONE      NONE      NONE
  BOTH          BOTH  BOTH      BOTH      BOTH
  DAILY_OFF     NONE  PERMANENT NONE      PERMANENT
  PERMANENT_OFF DAILY NONE      NONE      DAILY`;

const expected = new Map(
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([verb, ...results]) => [verb, results]),
);

const dnd = ({ call }: Caller, ...contactDnd: unknown[]): Promise<Reply> =>
  call('POST', '/contact/contacts/dnd', { contactDnd });

function toState(permanent: unknown, daily: unknown): string {
  if (permanent === 'true') return daily === 'true' ? 'BOTH' : 'PERMANENT';
  return daily === 'true' ? 'DAILY' : 'NONE';
}

function toBlocks(prefix: string, state: string): Record<string, string> {
  const permanent = state === 'PERMANENT' || state === 'BOTH';
  const daily = state === 'DAILY' || state === 'BOTH';
  return { [`${prefix}Block`]: String(permanent), [`${prefix}BlockDaily`]: String(daily) };
}

describe('the table of sent value and current state', () => {
  for (const verb of verbs) {
    it(`holds for ${verb}, on the account and on a phone`, async () => {
      const caller = await setup({ contacts: 0 });
      for (const [column, state] of states.entries()) {
        const fields = { phone2: '2125551002', ...toBlocks('account', state), ...toBlocks('phone2', state) };
        await caller.call('PUT', '/sandbox/contacts/X1', { fields });
        const reply = await dnd(caller, {
          account: 'X1',
          accountBlock: verb,
          updateContactDND: [{ phone: '2125551002', ordinal: '2', phoneBlock: verb }],
        });
        expect(reply.body).toEqual({ updated: 1 });
        const held = await caller.held('X1');
        const result = expected.get(verb)?.[column];
        expect([state, toState(held['accountBlock'], held['accountBlockDaily'])]).toEqual([state, result]);
        expect([state, toState(held['phone2Block'], held['phone2BlockDaily'])]).toEqual([state, result]);
      }
    });
  }
});

describe('updateDnd', () => {
  it('counts contacts, not phones, and not those it does not know', async () => {
    const caller = await setup({ contacts: 2 });
    await caller.call('PUT', '/sandbox/contacts/X1', { fields: { phone1: '2125551001', phone2: '2125551002' } });
    const reply = await dnd(
      caller,
      {
        account: 'X1',
        updateContactDND: [
          { phone: '2125551001', ordinal: 1, phoneBlock: 'PERMANENT' },
          { phone: '2125551002', ordinal: 2, smsConsent: true, cellConsent: true },
        ],
      },
      { account: 'nobody', accountBlock: 'BOTH' },
      { account: 'X1', accountBlock: 'PERMANENT' },
      { account: 'A0000001', accountBlock: 'NONE' },
    );
    expect([reply.status, reply.body]).toEqual([200, { updated: 2 }]);
    expect(await caller.held('X1')).toMatchObject({
      accountBlock: 'true',
      phone1Block: 'true',
      phone1SmsConsent: 'false',
      phone2Block: 'false',
      phone2SmsConsent: 'true',
      phone2CellConsent: 'true',
      modifyUser: 'demo',
    });
  });

  it('counts as text when the dialect says so', async () => {
    const caller = await setup({ dialect: { numbers: 'string' } });
    expect((await dnd(caller, { account: 'nobody' })).body).toEqual({ updated: '0' });
  });

  it('an entry whose phone is not at its ordinal changes nothing, not even the time', async () => {
    let now = startedAt;
    const caller = await setup({ contacts: 0, now: () => now });
    await caller.call('PUT', '/sandbox/contacts/X1', { fields: { phone1: '2125551001', phone2: '2125551002' } });
    const before = await caller.held('X1');
    now += 1000;
    const reply = await dnd(caller, {
      account: 'X1',
      updateContactDND: [
        { phone: '2125551002', ordinal: 1, phoneBlock: 'PERMANENT', smsConsent: true },
        { phone: '2125551003', ordinal: 3, phoneBlock: 'PERMANENT' },
      ],
    });
    expect(reply.body).toEqual({ updated: 1 });
    expect(await caller.held('X1')).toEqual(before);
  });

  it('never touches active', async () => {
    const caller = await setup({ contacts: 0 });
    await caller.call('PUT', '/sandbox/contacts/X1', { fields: { active: 'true' } });
    await dnd(caller, { account: 'X1', accountBlock: 'PERMANENT' });
    expect(await caller.held('X1')).toMatchObject({ active: 'true', accountBlock: 'true' });
  });

  it.each([
    ['an ordinal of 11', { account: 'X1', updateContactDND: [{ phone: '1', ordinal: 11 }] }],
    ['no ordinal', { account: 'X1', updateContactDND: [{ phone: '1' }] }],
    ['no account', { accountBlock: 'NONE' }],
    ['an unknown value', { account: 'X1', accountBlock: 'OFF' }],
  ])('%s refuses the request, and nothing of it is applied', async (_, contact) => {
    const caller = await setup();
    const before = await caller.held('A0000001');
    expect((await dnd(caller, { account: 'A0000001', accountBlock: 'BOTH' }, contact)).status).toBe(400);
    expect(await caller.held('A0000001')).toEqual(before);
  });

  it('a DAILY block ends with the client’s day, without a change of modifyDate', async () => {
    let now = Date.parse('2026-11-20T04:59:00Z');
    const caller = await setup({ contacts: 0, now: () => now });
    await caller.call('PUT', '/sandbox/contacts/X1', { fields: { phone1: '2125551001' } });
    const updateContactDND = [{ phone: '2125551001', ordinal: 1, phoneBlock: 'BOTH' }];
    await dnd(caller, { account: 'X1', accountBlock: 'DAILY', updateContactDND });
    const evening = await caller.held('X1');
    expect(evening).toMatchObject({ accountBlockDaily: 'true', phone1Block: 'true', phone1BlockDaily: 'true' });
    now += 60_000;
    expect(await caller.held('X1')).toEqual({ ...evening, accountBlockDaily: 'false', phone1BlockDaily: 'false' });
    const csv = await caller.download({ exportableFields: ['accountBlockDaily', 'phone1Block', 'phone1BlockDaily'] });
    expect(csv.split('\n')[1]).toBe('false,true,false');
  });
});

import { describe, expect, it } from 'vitest';
import { type Caller, type Reply, setup } from '../caller.ts';

type Found = { readonly next?: string; readonly findMatchingContactsDetails: Record<string, unknown>[] };

const people: Readonly<Record<string, Record<string, unknown>>> = {
  '100': { active: false, agentId: 657530001 },
  '1003': { firstName: 'Mary', lastName: 'Shelley', city: 'California', phone1: '9742573688', phone1SmsConsent: true },
  '1010': { firstName: 'Wilkins', lastName: 'Micawber', zipCode: '10010', balance: '99.5' },
  '1234': { zipCode: '10099', balance: '100.01', dueDate: '2026-01-05', COL3: '5' },
  '2000': {
    zipCode: '20000',
    balance: '2000',
    accountBlock: true,
    countryId: 3,
    groupId: 83195,
    dueDate: '2026-02-01',
  },
};

async function setupPeople(): Promise<Caller> {
  const caller = await setup({ contacts: 0 });
  for (const [account, fields] of Object.entries(people))
    await caller.call('PUT', `/sandbox/contacts/${account}`, { fields });
  return caller;
}

function find({ call }: Caller, body: unknown, query = 'offset=0&count=5'): Promise<Reply> {
  return call('POST', `/contact/contacts/search?${query}`, body);
}

async function accountsOf(caller: Caller, search: unknown, sort?: unknown): Promise<unknown[]> {
  const reply = await find(caller, { search, sort });
  expect(reply.status).toBe(200);
  return (reply.body as Found).findMatchingContactsDetails.map((contact) => contact['account']);
}

const where = (field: string, condition: string, criteria: string, isNegated?: boolean): Record<string, unknown> => ({
  field,
  criteria,
  condition,
  ...(isNegated === undefined ? {} : { isNegated }),
});

describe('the vendor’s examples', () => {
  it('a single condition, with a sort', async () => {
    const caller = await setupPeople();
    const search = where('account', 'STARTS_WITH', '10');
    const reply = await find(caller, { search, sort: [{ field: 'account', order: 'ASC' }] });
    const { findMatchingContactsDetails: found, next } = reply.body as Found;
    expect([found.map((contact) => contact['account']), next]).toEqual([['100', '1003', '1010'], undefined]);
    const { phone, ...first } = found[0] as { phone: unknown[] };
    expect(phone).toHaveLength(10);
    expect(phone[4]).toEqual({
      smsConsent: false,
      cellConsent: false,
      ordinal: 5,
      position: 5,
      dnd: false,
      dndDaily: false,
      callAttemptsTotal: 0,
      callAttemptsToday: 0,
    });
    expect(first).toMatchObject({
      id: 5_000_000_001,
      account: '100',
      active: false,
      balance: 0,
      accountBlock: 'NONE',
      country: '',
      amountToSpeak: 0,
      groupId: 0,
      primaryEmailConsent: false,
      agentId: 657530001,
      happinessIndex: 0,
      callAttemptsToday: 0,
      callAttemptsLifetime: 0,
    });
    expect(first).not.toHaveProperty('person');
    expect(found[1]).toMatchObject({ person: { firstName: 'Mary', lastName: 'Shelley' }, city: 'California' });
    expect((found[1] as { phone: unknown[] }).phone[0]).toMatchObject({ smsConsent: true, phone: '9742573688' });
    expect(found[2]).toMatchObject({ postalCode: '10010', person: { zipCode: '10010' } });
  });

  it('the next page, with a slash and no count', async () => {
    const caller = await setupPeople();
    await caller.call('PUT', '/sandbox/dialect', { next: 'rooted' });
    const reply = await find(caller, { search: where('account', 'CONTAINS', '') }, 'offset=0&count=2');
    expect((reply.body as Found).next).toBe('/contact/contacts/search?offset=2');
  });

  it('several conditions', async () => {
    const search = {
      rule: 'OR',
      right: {
        rule: 'AND',
        right: where('account', 'STARTS_WITH', '10'),
        left: where('postalcode', 'STARTS_WITH', '10'),
      },
      left: {
        rule: 'AND',
        right: where('paymentbalance', 'GREATER', '100'),
        left: {
          rule: 'AND',
          left: where('account', 'STARTS_WITH', '123'),
          right: where('postalcode', 'STARTS_WITH', '10'),
        },
      },
    };
    expect(await accountsOf(await setupPeople(), search)).toEqual(['1010', '1234']);
  });
});

describe('conditions', () => {
  it.each([
    [where('account', 'ENDS_WITH', '00'), ['100', '2000']],
    [where('name', 'EQUALS', 'mary shelley'), ['1003']],
    [where('name', 'CONTAINS', 'caw'), ['1010']],
    [where('phone', 'EQUALS', '9742573688'), ['1003']],
    [where('phone_sms_consent', 'EQUALS', 'true'), ['1003']],
    [where('phone1_sms_consent', 'EQUALS', 'Y'), ['1003']],
    [where('paymentbalance', 'LESS', '100'), ['1010']],
    [where('paymentbalance', 'GREATER_EQUAL', '100.01'), ['1234', '2000']],
    [where('paymentbalance', 'EQUALS', '2000.00'), ['2000']],
    [where('account_due_date', 'GREATER', '01/05/2026'), ['2000']],
    [where('account_due_date', 'GREATER_EQUAL', '2026-01-05'), ['1234', '2000']],
    [where('account_due_date', 'STARTS_WITH', '01/'), ['1234']],
    [where('do_not_dial', 'EQUALS', 'true'), ['2000']],
    [where('country', 'EQUALS', 'United Kingdom'), ['2000']],
    [where('country', 'EQUALS', '3'), ['2000']],
    [where('group', 'EQUALS', '83195'), ['2000']],
    [where('COL3', 'EQUALS', '5'), ['1234']],
    [where('accountForTodaysResult', 'CONTAINS', ''), []],
    [where('account_dial_today', 'EQUALS', 'true'), []],
  ])('%j finds %j', async (search, expected) => {
    expect(await accountsOf(await setupPeople(), search)).toEqual(expected);
  });

  it.each([
    ['no search', {}],
    ['neither rule nor condition', { search: {} }],
    ['an unknown field', { search: where('shoe_size', 'EQUALS', '9') }],
    ['an unknown condition', { search: where('account', 'LIKE', '9') }],
    ['a rule without sides', { search: { rule: 'AND' } }],
    ['an unknown rule', { search: { rule: 'XOR', left: where('account', 'EQUALS', '9') } }],
    ['text for a number', { search: where('paymentbalance', 'GREATER', 'much') }],
    ['text for a date', { search: where('dob', 'LESS', 'long ago') }],
    ['a flag that is less', { search: where('do_not_dial', 'LESS', 'true') }],
    [
      'an unknown sort field',
      { search: where('account', 'EQUALS', '9'), sort: [{ field: 'SHOE_SIZE', order: 'ASC' }] },
    ],
    ['an unknown order', { search: where('account', 'EQUALS', '9'), sort: [{ field: 'ACCOUNT', order: 'UP' }] }],
  ])('%s is refused', async (_, body) => {
    expect((await find(await setup(), body)).status).toBe(400);
  });
});

describe('negation', () => {
  const starts = where('account', 'STARTS_WITH', '10');
  const rich = where('paymentbalance', 'GREATER', '100');

  it.each([
    ['of a side', { rule: 'AND', left: { ...starts, isNegated: true }, right: rich }, ['1234', '2000']],
    ['of a rule exchanges AND and OR too', { rule: 'OR', left: starts, right: rich, isNegated: true }, []],
    ['of a rule with one side', { rule: 'AND', left: starts, isNegated: true }, ['1234', '2000']],
    ['twice is none', { rule: 'AND', left: { ...starts, isNegated: true }, isNegated: true }, ['100', '1003', '1010']],
    ['of a lone condition is ignored, as the page says', { ...starts, isNegated: true }, ['100', '1003', '1010']],
  ])('%s', async (_, search, expected) => {
    expect(await accountsOf(await setupPeople(), search)).toEqual(expected);
  });
});

describe('sort and pages', () => {
  const everybody = where('account', 'CONTAINS', '');

  it.each([
    [[{ field: 'PAYMENTBALANCE', order: 'DESC' }], ['2000', '1234', '1010', '100', '1003']],
    [
      [
        { field: 'POSTALCODE', order: 'ASC' },
        { field: 'ACCOUNT', order: 'DESC' },
      ],
      ['1003', '100', '1010', '1234', '2000'],
    ],
    [[{ field: 'PHONE1', order: 'DESC' }], ['1003', '100', '1010', '1234', '2000']],
    [[{ field: 'LVACCOUNT_ID', order: 'DESC' }], ['2000', '1234', '1010', '1003', '100']],
    [[{ field: 'do_not_dial', order: 'DESC' }], ['2000', '100', '1003', '1010', '1234']],
    [[{ field: 'COL3', order: 'DESC' }], ['1234', '100', '1003', '1010', '2000']],
    [[{ field: 'PHONE10_ATTEMPTS_LIFETIME', order: 'ASC' }], ['100', '1003', '1010', '1234', '2000']],
  ])('%j', async (sort, expected) => {
    expect(await accountsOf(await setupPeople(), everybody, sort)).toEqual(expected);
  });

  it('pages of a sorted search join without gap or repetition', async () => {
    const caller = await setup({ contacts: 3500 });
    const search = where('state', 'EQUALS', 'TX');
    const sort = [{ field: 'LAST_NAME', order: 'ASC' }];
    const seen: unknown[] = [];
    for (let query: string | undefined = 'offset=0&count=100'; query !== undefined; ) {
      const { next, findMatchingContactsDetails: found } = (await find(caller, { search, sort }, query)).body as Found;
      seen.push(...found.map((contact) => contact['id']));
      query = next?.split('?')[1];
    }
    const whole = (await find(caller, { search, sort }, 'offset=0&count=1000')).body as Found;
    expect(whole.next).toBeUndefined();
    expect(seen).toEqual(whole.findMatchingContactsDetails.map((contact) => contact['id']));
    expect(seen.length).toBeGreaterThan(300);
  });

  it('nobody found is an empty array, or 404', async () => {
    const caller = await setupPeople();
    const body = { search: where('account', 'EQUALS', 'nobody') };
    expect((await find(caller, body)).body).toEqual({ findMatchingContactsDetails: [] });
    await caller.call('PUT', '/sandbox/dialect', { emptyLists: '404' });
    expect((await find(caller, body)).status).toBe(404);
  });
});

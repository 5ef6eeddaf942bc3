import { describe, expect, it } from 'vitest';
import { type Caller, setup } from '../caller.ts';

type List = { readonly next?: string; readonly listAccount: Record<string, unknown>[] };

async function list({ call }: Caller, contact: string, query = 'offset=0&count=2'): Promise<List> {
  return (await call('GET', `/contact/contacts/${contact}/accounts?${query}`)).body as List;
}

/** The account of a contact with three accounts. */
async function findBusy(caller: Caller): Promise<string> {
  for (let number = 1; number <= 20; number += 1) {
    const account = `A${String(number).padStart(7, '0')}`;
    if ((await list(caller, account, 'offset=0&count=10')).listAccount.length === 3) return account;
  }
  throw new Error('Nobody has three accounts.');
}

describe('listAssociatedAccounts', () => {
  // The example's verb is POST and its path has ":account" in it; both are slips of the page.
  it('answers in the shape of the vendor’s example, by name', async () => {
    const caller = await setup();
    const account = await findBusy(caller);
    const first = await list(caller, account);
    expect(first.next).toBe(`contact/contacts/${account}/accounts?offset=2&count=2`);
    expect(first.listAccount[0]).toMatchObject({
      id: expect.any(Number),
      createdDate: expect.any(Number),
      createdBy: expect.any(String),
      billingAddress: { street: expect.any(String), postalCode: expect.any(String), country: 'USA' },
      customFields: expect.any(Array),
      classificationName: expect.stringMatching(/Gold|Silver|Bronze/),
    });
    const last = await list(caller, account, 'offset=2&count=2');
    const names = [...first.listAccount, ...last.listAccount].map((entry) => String(entry['name']));
    expect(names).toHaveLength(3);
    expect(names).toEqual([...names].sort());
  });

  it('finds the contact by its id too, and may have the key of the table', async () => {
    const caller = await setup();
    const account = await findBusy(caller);
    const id = (await caller.held(account))['lvAccountId'] ?? '';
    const { listAccount } = await list(caller, account);
    await caller.call('PUT', '/sandbox/dialect', { accountsKey: 'listAccounts' });
    expect(await list(caller, id)).toEqual({
      listAccounts: listAccount,
      next: `contact/contacts/${id}/accounts?offset=2&count=2`,
    });
  });

  it('a contact nobody knows is 404, a list without its numbers 400', async () => {
    const { call } = await setup();
    expect((await call('GET', '/contact/contacts/nobody/accounts?offset=0&count=2')).status).toBe(404);
    expect((await call('GET', '/contact/contacts/A0000001/accounts')).status).toBe(400);
  });
});

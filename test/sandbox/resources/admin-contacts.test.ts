import { describe, expect, it } from 'vitest';
import type { PlainContact } from '../../../src/sandbox/index.ts';
import { type Caller, setup, startedAt } from '../caller.ts';

async function accountsOf({ call }: Caller, query: string): Promise<string[]> {
  const { contacts } = (await call('GET', `/sandbox/contacts?${query}`)).body as { contacts: PlainContact[] };
  return contacts.map((contact) => contact.account);
}

describe('/sandbox/contacts', () => {
  it('pages through what is there, in the order of creation', async () => {
    const caller = await setup({ contacts: 4 });
    await caller.call('PUT', '/sandbox/contacts/new%2Fone', { fields: {} });
    await caller.call('DELETE', '/sandbox/contacts/A0000002');
    expect(await accountsOf(caller, 'offset=0&count=2')).toEqual(['A0000001', 'A0000003']);
    expect(await accountsOf(caller, 'offset=2&count=2')).toEqual(['A0000004', 'new/one']);
    expect(await accountsOf(caller, 'offset=4&count=2')).toEqual([]);
    expect((await caller.call('GET', '/sandbox/count')).body).toEqual({ count: 4 });
  });

  it('shows every field in plain form, and 404 for nobody', async () => {
    const { call, held } = await setup();
    expect(Object.keys(await held('A0000001'))).toHaveLength(214);
    expect((await call('GET', '/sandbox/contacts/A0000021')).status).toBe(404);
    expect((await call('GET', '/sandbox/contacts/A00000001')).status).toBe(404);
    expect((await call('DELETE', '/sandbox/contacts/A0000000')).status).toBe(404);
  });

  it('sets fields directly, with the time of the change or the one given', async () => {
    const { call, held } = await setup();
    const fields = { lastName: 'New', phone10: '2125551010', balance: '10.50', COL99: 'x' };
    expect((await call('PUT', '/sandbox/contacts/A0000001', { fields })).status).toBe(200);
    expect(await held('A0000001')).toMatchObject({
      lastName: 'New',
      phone10: '2125551010',
      phone10Block: 'false',
      balance: '10.5',
      COL99: 'x',
      modifyDate: new Date(startedAt).toISOString(),
    });
    const modifyDate = '2020-01-01T00:00:00.001Z';
    await call('PUT', '/sandbox/contacts/A0000001', { fields: { modifyDate, phone10: null } });
    expect(await held('A0000001')).toMatchObject({ modifyDate, phone10: null, phone10Block: null });
  });

  it('a field nobody knows, or a value it cannot read, changes nothing', async () => {
    const { call, held } = await setup();
    const before = await held('A0000001');
    for (const fields of [
      { surname: 'x' },
      { lastName: 'x', active: 'yes' },
      { dueDate: '01/02/2026' },
      { account: 'B' },
    ]) {
      expect((await call('PUT', '/sandbox/contacts/A0000001', { fields })).status).toBe(400);
    }
    expect(await held('A0000001')).toEqual(before);
  });
});

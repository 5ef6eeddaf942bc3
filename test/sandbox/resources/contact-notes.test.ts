import { describe, expect, it } from 'vitest';
import { type Caller, setup, startedAt } from '../caller.ts';

type Notes = { readonly listContactNotes: { readonly id: number; readonly note: string }[] };

async function listNotes({ call }: Caller, account: string): Promise<Notes['listContactNotes']> {
  return ((await call('GET', `/contact/contacts/${account}/notes/`)).body as Notes).listContactNotes;
}

it('lists and reads what the vendor’s examples show', async () => {
  const caller = await setup();
  const { call } = caller;
  await call('PUT', '/sandbox/contacts/123456', { fields: {} });
  await call('POST', '/sandbox/contacts/123456/notes', { id: 1489384, note: 'Caller was hostile' });
  await call('POST', '/sandbox/contacts/123456/notes', { note: 'Do not accept check payments from this account.' });
  expect(await listNotes(caller, '123456')).toEqual([
    { id: 1489384, note: 'Caller was hostile' },
    { id: 1489385, note: 'Do not accept check payments from this account.' },
  ]);
  const reply = await call('GET', '/contact/contacts/123456/notes/1489384');
  expect([reply.status, reply.body]).toEqual([
    200,
    {
      id: 1489384,
      note: 'Caller was hostile',
      transactionId: expect.any(Number),
      sessionId: expect.stringMatching(/^U[\dA-F]+@[\d.]+$/),
      createDate: startedAt,
      modifiedDate: startedAt,
    },
  ]);
});

describe('generated notes', () => {
  it('are the same for the same seed, belong to some contacts, and have ids of their own', async () => {
    const [one, again, other] = [await setup({ seed: 4 }), await setup({ seed: 4 }), await setup({ seed: 5 })];
    const all = async (caller: Caller): Promise<Notes['listContactNotes'][]> => {
      const accounts = Array.from({ length: 20 }, (_, index) => `A${String(index + 1).padStart(7, '0')}`);
      return Promise.all(accounts.map((account) => listNotes(caller, account)));
    };
    const notes = await all(one);
    expect(await all(again)).toEqual(notes);
    expect(await all(other)).not.toEqual(notes);
    expect(new Set(notes.map((list) => list.length > 0))).toEqual(new Set([true, false]));
    const ids = notes.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stay when the contact is written, and go with it', async () => {
    const caller = await setup({ contacts: 1, seed: 4 });
    const before = await listNotes(caller, 'A0000001');
    await caller.call('PUT', '/contact/contacts/A0000001', { updateContactDetails: { city: 'Here' } });
    expect(await listNotes(caller, 'A0000001')).toEqual(before);
    await caller.call('DELETE', '/contact/contacts/A0000001');
    await caller.call('POST', '/contact/contacts', { createContactDetails: { account: 'A0000001' } });
    expect(await listNotes(caller, 'A0000001')).toEqual([]);
  });
});

it('an unknown account and an unknown note are 404; no notes are an empty array, or 404', async () => {
  const { call } = await setup();
  await call('PUT', '/sandbox/contacts/x', { fields: {} });
  expect((await call('GET', '/contact/contacts/nobody/notes')).status).toBe(404);
  expect((await call('GET', '/contact/contacts/x/notes/1')).body).toEqual({ code: 203, message: 'No Record Found' });
  expect((await call('GET', '/contact/contacts/x/notes')).body).toEqual({ listContactNotes: [] });
  await call('PUT', '/sandbox/dialect', { emptyLists: '404' });
  expect((await call('GET', '/contact/contacts/x/notes')).status).toBe(404);
});

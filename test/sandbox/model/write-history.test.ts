import { describe, expect, it } from 'vitest';
import type { ContactWrite } from '../../../src/sandbox/index.ts';
import { type Caller, setup, startedAt } from '../caller.ts';

async function fetchWrites({ call }: Caller, after = 0): Promise<readonly ContactWrite[]> {
  return ((await call('GET', `/sandbox/writes?after=${after}`)).body as { writes: ContactWrite[] }).writes;
}

describe('/sandbox/writes', () => {
  it('names every write in its order, with what it changed and nothing else', async () => {
    const caller = await setup({ keepsWrites: true });
    const createContactDetails = [{ account: 'NEW-1', active: true, accountBlock: 'PERMANENT' }];
    await caller.call('POST', '/contact/contacts/bulk', { createContactDetails });
    await caller.call('POST', '/contact/contacts/dnd', { contactDnd: [{ account: 'NEW-1', accountBlock: 'NONE' }] });
    await caller.call('DELETE', '/contact/contacts/NEW-1');
    const writes = await fetchWrites(caller);
    expect(writes.map(({ seq, at, account, kind }) => [seq, at, account, kind])).toEqual([
      [1, startedAt, 'NEW-1', 'created'],
      [2, startedAt, 'NEW-1', 'changed'],
      [3, startedAt, 'NEW-1', 'purged'],
    ]);
    expect(writes[0]?.changes).toMatchObject({ account: 'NEW-1', accountBlock: 'true', active: 'true' });
    expect(writes[1]?.changes).toEqual({ accountBlock: 'false' });
    expect((await fetchWrites(caller, 2)).map(({ kind }) => kind)).toEqual(['purged']);
  });

  it('holds what comes late at the time it is done, and nothing of a write that was refused', async () => {
    const caller = await setup({ keepsWrites: true });
    await caller.call('POST', '/sandbox/faults', [
      { route: 'bulk-update', kind: 'late-commit', ms: 60_000, nth: 1 },
      { route: 'bulk-update', kind: 'poison-row', account: 'A0000002', nth: 2 },
    ]);
    const update = (account: string) =>
      caller.call('PUT', '/contact/contacts/bulk', {
        updateContactDetails: [{ account, active: true, person: { lastName: 'Late' } }],
      });
    await update('A0000001');
    await update('A0000002');
    expect(await fetchWrites(caller)).toMatchObject([{ account: 'A0000001', changes: { lastName: 'Late' } }]);
  });

  it('is 404 where they are not kept', async () => {
    const { call } = await setup();
    expect((await call('GET', '/sandbox/writes')).status).toBe(404);
  });
});

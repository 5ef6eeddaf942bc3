/** What mappings know of the client: a list that was never read is not an empty one, and what is gone is not there. */
import { expect, test } from 'vitest';
import { selectKnownValues } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';

test('custom fields, and groups and agents that LiveVox still has, of one tenant', async () => {
  const { store } = await setupDatabase();
  expect(await selectKnownValues(store.pool, 'acme')).toEqual({
    customFields: [],
    groups: undefined,
    agents: undefined,
  });
  await store.pool.query(`
    insert into mirror.reference_lists (tenant, list, fetched_at, refused_at)
    values ('acme', 'contact_groups', now(), null), ('acme', 'agents', null, now()), ('other', 'agents', now(), null);
    insert into mirror.contact_groups (tenant, id, name, fetched_at, gone_at)
    values ('acme', 12, 'Silver', now(), null), ('acme', 9007199254740991, 'Gold', now(), null),
           ('acme', 13, 'Gone', now(), now()), ('other', 14, 'Theirs', now(), null);
    insert into mirror.agents (tenant, id, login_id, first_name, last_name, phone, active, fetched_at, gone_at)
    values ('acme', 21, 'ann', '', '', '', true, now(), null), ('acme', 22, 'bob', '', '', '', true, now(), now());
    insert into mirror.custom_fields (tenant, field, label, data_type, list_values, fetched_at)
    values ('acme', 'COL7', 'Loan type', 'LIST', '{Car,Home}', now()), ('other', 'COL8', 'Theirs', 'STRING', null, now())`);
  const known = {
    customFields: [{ field: 'COL7', label: 'Loan type', dataType: 'LIST', listValues: ['Car', 'Home'] }],
    groups: [
      { id: 12, name: 'Silver' },
      { id: 9007199254740991, name: 'Gold' },
    ],
    agents: undefined,
  };
  expect(await selectKnownValues(store.pool, 'acme')).toEqual(known);
  await store.pool.query(
    `update mirror.reference_lists set fetched_at = now() where tenant = 'acme' and list = 'agents'`,
  );
  expect(await selectKnownValues(store.pool, 'acme')).toEqual({ ...known, agents: [{ id: 21, loginId: 'ann' }] });
});

/** What a mapping says in the client's own words - a custom field's label, a group's name, a list of values - all the way to LiveVox. */
import { expect, it } from 'vitest';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace } from '../support/lvsync.ts';
import { fetchAllContacts, putContact, setupSandbox } from '../support/sandbox-admin.ts';

type Answer = { readonly state: string; readonly tally: Readonly<Record<string, number>> };

it('lvsync sync finds labels and names, sends what they stand for, and reads it back', async () => {
  const sandbox = await setupSandbox({ contacts: 20 });
  const { url, store } = await setupDatabase();
  const mapping = {
    account: 'id',
    'custom:Segment': 'segment',
    'custom:Placement Date': 'placed',
    'custom:VIP': 'vip',
    groupId: { column: 'team', lookup: 'contact-group' },
    state: { column: 'state', values: { Kalifornien: 'CA', Texas: 'TX' } },
    lastName: { column: 'name', owner: 'only-if-empty' },
    department: { constant: 'collections' },
  };
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping } } },
  });
  await putContact(sandbox, 'X1', { lastName: 'Kept', state: 'TX' });
  await place.json('pull');
  const groups = await store.pool.query<{ id: string; name: string }>(
    `select id, min(name) as name from mirror.contact_groups where name in (select name from mirror.contact_groups group by name having count(*) = 1) group by id order by id`,
  );
  const { id, name } = groups.rows[0]!;
  const field = await store.pool.query<{ field: string }>(
    `select field from mirror.custom_fields where label = 'Segment'`,
  );
  const column = field.rows[0]!.field;
  await place.write(
    'record.csv',
    `id,segment,team,state,name,placed,vip\nX1,gold,${name},Kalifornien,Other,01/02/2026,Yes\nX2,blue,Nobody,Texas,New,,\n`,
  );
  const { code, answer } = await place.json<Answer>('sync');
  expect([code, answer.state]).toEqual([0, 'proven']);
  const shown = (await fetchAllContacts(sandbox)).get('X1');
  expect(shown).toMatchObject({
    [column]: 'gold',
    groupId: id,
    state: 'CA',
    lastName: 'Kept',
    department: 'collections',
  });
  expect((await place.json<Answer>('sync')).answer).toMatchObject({ state: 'proven', tally: { confirmed: 0 } });
  const refused = await store.pool.query(`select distinct account, reason from sync.quarantine`);
  expect(refused.rows).toEqual([{ account: 'X2', reason: expect.stringContaining('groupId') }]);
  expect(JSON.stringify(refused.rows)).not.toContain('Nobody');
});

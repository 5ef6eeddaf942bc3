/** The step as a user meets it: `lvsync pull`, as a process of its own. */
import { expect, test } from 'vitest';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace } from '../support/lvsync.ts';
import { addFaults, setupSandbox } from '../support/sandbox-admin.ts';

type Answer = {
  readonly state: string;
  readonly steps: readonly { readonly step: string; readonly counts: Record<string, unknown> }[];
};

test('lvsync pull mirrors what is configured besides contacts, and is proven even when LiveVox does not show it', async () => {
  const sandbox = await setupSandbox({ contacts: 30 });
  const { url, store } = await setupDatabase();
  const references = { notes: true, maxContacts: 10, refreshHours: 0 };
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: { timeZone: 'America/Chicago', references },
  });
  const first = await place.json<Answer>('pull');
  expect([first.code, first.answer.state]).toEqual([0, 'proven']);
  expect(first.answer.steps[0]).toMatchObject({
    step: 'pull',
    counts: { added: 30, referenceLists: 3, contactsRead: 10 },
  });
  await addFaults(sandbox, { route: 'list-skills', kind: 'status', status: 403 });
  const second = await place.json<Answer>('pull');
  expect([second.code, second.answer.state]).toEqual([0, 'proven']);
  expect(second.answer.steps[0]?.counts).toMatchObject({ referenceLists: 2, referencesFailed: 1, contactsRead: 10 });
  const found = await store.pool.query(
    `select t.time_zone, (select count(*)::int from mirror.main_contacts) as contacts from mirror.tenants t`,
  );
  expect(found.rows).toEqual([{ time_zone: 'America/Chicago', contacts: 30 }]);
});

/** The whole ring reaches the same end, whichever way LiveVox reads what the vendor's pages leave open. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { demoRules, writeDemoRecord } from '../../src/cli/demo-record.ts';
import type { Dialect } from '../../src/sandbox/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace } from '../support/lvsync.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { fetchAllContacts, setupSandbox } from '../support/sandbox-admin.ts';

const dialects: readonly Partial<Dialect>[] = [
  { phones: 'replace', update: '200', errors: 'xml' },
  { dates: 'iso', booleans: 'Y', lineEnd: 'crlf', numbers: 'string' },
  { dates: 'epoch', booleans: '1', contentEncoding: true, phones: 'replace' },
  { modifyDate: 'day', nulls: 'text', customFieldTypes: 'strict' },
];

it.each(dialects)('lvsync sync is proven and LiveVox equals the system of record, in dialect %j', async (dialect) => {
  const sandbox = await setupSandbox({ contacts: 600, dialect });
  const { url } = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: {
      guards: { maxMoreDiallable: 10_000, hazards: { drops_phone: 10_000, shifts_ordinals: 10_000 } },
      systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping: demoRules } },
    },
  });
  const record = path.join(place.folder, 'record.csv');
  const contacts = [...(await fetchAllContacts(sandbox))].map(([account, fields]) => ({ account, fields }));
  await writeDemoRecord(
    record,
    (async function* () {
      yield contacts;
    })(),
  );
  const sync = await place.json<{ state: string; differencesLeft: number }>('sync');
  expect(sync).toMatchObject({ code: 0, answer: { state: 'proven', differencesLeft: 0 } });
  expect((await compareWithRecord(sandbox, record)).differences).toEqual([]);
});

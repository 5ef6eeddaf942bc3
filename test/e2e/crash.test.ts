/** A run killed anywhere ends, with the next run, in the same state: nothing is lost, no account is created twice. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { demoRules, writeDemoRecord } from '../../src/cli/demo-record.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import {
  addFaults,
  clearFaults,
  fetchAllContacts,
  fetchCreates,
  setupSandbox,
  waitForRequest,
} from '../support/sandbox-admin.ts';

type Bundle = { readonly sandbox: Sandbox; readonly place: Workplace; readonly record: string };

async function setup(): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 1_200 });
  const { url } = await setupDatabase();
  const place = await setupWorkplace({
    sandbox,
    databaseUrl: url,
    tenant: {
      guards: { maxMoreDiallable: 10_000, hazards: { drops_phone: 10_000, shifts_ordinals: 10_000 } },
      push: { chunkRows: 60, settleSeconds: 3 },
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
  return { sandbox, place, record };
}

const places = [
  { name: 'while the first block is on its way', route: 'multi-dnd' },
  { name: 'while a create is on its way', route: 'bulk-create' },
  { name: 'while it reads back', route: 'bulk-download' },
] as const;

describe('kill -9 of lvsync apply', () => {
  it.each(places)('$name: the next sync reaches the same state, and no account is created twice', async ({ route }) => {
    const { sandbox, place, record } = await setup();
    expect((await place.run('pull')).code).toBe(0);
    const plan = await place.json<{ changeSetId: string }>('plan');
    expect(plan.code).toBe(0);

    const before = Date.now();
    await addFaults(sandbox, { route, kind: 'latency', ms: 1_500, nth: 1 });
    const apply = place.start('apply', plan.answer.changeSetId);
    await waitForRequest(sandbox, route, (entry) => entry.at >= before && entry.status === null);
    apply.child.kill('SIGKILL');
    expect((await apply.finished).signal).toBe('SIGKILL');
    await clearFaults(sandbox);

    const sync = await place.json<{ state: string; differencesLeft: number }>('sync');
    expect(sync).toMatchObject({ code: 0, answer: { state: 'proven', differencesLeft: 0 } });
    expect((await compareWithRecord(sandbox, record)).differences).toEqual([]);
    expect(await fetchCreates(sandbox, 2)).toEqual({});
    const again = await place.json<{ tally: Record<string, number>; differencesLeft: number }>('plan');
    expect(again.answer.differencesLeft).toBe(0);
  });
});

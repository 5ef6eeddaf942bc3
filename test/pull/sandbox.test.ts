import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeSecret } from '../../src/config.ts';
import { contactFields, toMirrorCanonical } from '../../src/contact/index.ts';
import { FatalError } from '../../src/errors.ts';
import { LiveVoxClient } from '../../src/livevox/index.ts';
import { type PullDeps, pull } from '../../src/pull/pull.ts';
import type { Dialect, Sandbox } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { addFaults, fetchAllContacts, fetchLog, putContact, setupSandbox } from '../support/sandbox-admin.ts';
import { setupPull } from './download-source.ts';

type Setup = Awaited<ReturnType<typeof setupPull>> & { sandbox: Sandbox; store: Store };

async function setup(dialect: Partial<Dialect> = {}, contacts = 300): Promise<Setup> {
  const sandbox = await setupSandbox({ contacts, dialect });
  const { clientName, userName, password, accessToken } = sandbox.credentials;
  const client = new LiveVoxClient({
    baseUrl: sandbox.url,
    credentials: { clientName, userName, password: makeSecret(password), accessToken: makeSecret(accessToken) },
    timeZone: 'America/New_York',
  });
  onTestFinished(() => client.close());
  const { store } = await setupDatabase();
  return { ...(await setupPull(store, toReader(client), join(await setupFolder(), 'spool'))), sandbox, store };
}

function toReader(client: LiveVoxClient): PullDeps['livevox'] {
  return {
    fetchServerNow: (signal) => client.fetchServerNow(signal),
    fetchBulkContacts: client.contacts.bulkContactDownload,
    fetchCustomFields: client.customFields.listCustomFields,
  };
}

/** Account → canonical values of all fields but empty ones. */
async function selectMirror(store: Store): Promise<Map<string, Record<string, string>>> {
  const columns = contactFields.map((field) => `${field.column}::text as "${field.name}"`).join(', ');
  const client = await store.pool.connect();
  await client.query(`set datestyle = 'ISO, MDY'`);
  const found = await client.query<Record<string, string | null>>(`select ${columns} from mirror.contacts`);
  client.release(true);
  return new Map(found.rows.map((row) => [row['account'] ?? '', toFields(row)]));
}

function toFields(row: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(
    contactFields.flatMap((field) => {
      const value = toMirrorCanonical(field, row[field.name] ?? null);
      return value === null ? [] : [[field.name, field.type === 'timestamp' ? value.slice(0, 19) : value]];
    }),
  );
}

describe('pull from the sandbox', () => {
  it.each<Partial<Dialect>>([
    { dates: 'us' },
    { dates: 'iso', lineEnd: 'crlf' },
    { dates: 'epoch', contentEncoding: true },
    { booleans: 'Y', modifyDate: 'iso' },
    { booleans: '1', modifyDate: 'epoch' },
    { dates: 'iso', modifyDate: 'us' },
  ])('the mirror shows every field of every contact, in dialect %j', async (dialect) => {
    const { deps, input, sandbox, store } = await setup(dialect);
    const counts = await pull(deps, input);
    const truth = await fetchAllContacts(sandbox);
    expect(counts).toMatchObject({ rows: truth.size, added: truth.size, quarantined: 0 });
    const mirror = await selectMirror(store);
    expect(mirror.size).toBe(truth.size);
    for (const [account, fields] of truth) {
      expect(mirror.get(account)).toEqual(toFields({ account, ...fields } as Record<string, string | null>));
    }
  });

  it('a modifyDate of days alone is read as the client’s day, and a later change of that day still comes', async () => {
    const { deps, input, sandbox, store } = await setup({ modifyDate: 'day' }, 20);
    expect(await pull(deps, input)).toMatchObject({ added: 20, quarantined: 0 });
    for (const firstName of ['Nora', 'Nina']) {
      await putContact(sandbox, 'NEW-1', { firstName });
      await pull(deps, input);
      const found = await store.pool.query(`select first_name from mirror.contacts where account = 'NEW-1'`);
      expect(found.rows).toEqual([{ first_name: firstName }]);
    }
  });

  it('where LiveVox takes whole days alone, days of the client that enclose the window are sent, and no change is lost', async () => {
    const { deps, input, sandbox, store } = await setup({ bounds: 'days', modifyDate: 'day' }, 60);
    await expect(
      pull(deps, { ...input, window: { kind: 'given', since: new Date('2020-01-01T00:00:00Z') } }),
    ).rejects.toThrow(/400|startDate/);
    const inDays = { ...input, windows: 'days' } as const;
    await pull(deps, inDays);
    await putContact(sandbox, 'NEW-1', { firstName: 'Nora' });
    expect(await pull(deps, inDays)).toMatchObject({ added: 1, quarantined: 0 });
    const asked = (await fetchLog(sandbox, 'bulk-download')).at(-1)?.window;
    expect(asked).toEqual({
      startDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      endDate: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
    await store.pool.query(`delete from mirror.contacts where tenant = 'acme'`);
    await pull(deps, { ...inDays, maxWindowBytes: 10_000, window: { kind: 'full' } });
    expect((await store.pool.query(`select account from mirror.contacts`)).rowCount).toBe(61);
  });

  it('a change of the same second is in the next increment', async () => {
    const { deps, input, sandbox, store } = await setup({}, 20);
    await pull(deps, input);
    await putContact(sandbox, 'NEW-1', { firstName: 'Nora' });
    expect(await pull(deps, input)).toMatchObject({ added: 1, quarantined: 0 });
    const found = await store.pool.query(`select first_name from mirror.contacts where account = 'NEW-1'`);
    expect(found.rows).toEqual([{ first_name: 'Nora' }]);
  });

  it('a download that is cut, or looks complete but is not, is fetched again', async () => {
    const { deps, input, sandbox } = await setup({}, 50);
    await addFaults(
      sandbox,
      { route: 'bulk-download', kind: 'truncate', look: 'complete', nth: 1 },
      { route: 'bulk-download', kind: 'truncate', look: 'cut', nth: 2 },
    );
    expect(await pull(deps, input)).toMatchObject({ rows: 50, added: 50 });
    expect(await fetchLog(sandbox, 'bulk-download')).toHaveLength(3);
    expect(deps.clock.sleptMs).toEqual([1000, 2000]);
  });

  it('refused credentials are fatal', async () => {
    const { deps, input, sandbox } = await setup({}, 1);
    const { clientName, userName, accessToken } = sandbox.credentials;
    const client = new LiveVoxClient({
      baseUrl: sandbox.url,
      credentials: { clientName, userName, password: makeSecret('wrong'), accessToken: makeSecret(accessToken) },
      timeZone: 'America/New_York',
    });
    onTestFinished(() => client.close());
    await expect(pull({ ...deps, livevox: toReader(client) }, input)).rejects.toThrow(FatalError);
  });
});

/**
 * `lvsync forget`: after it, no text of any table, nor any file of the home, holds what was planted of a person; what other contacts have stays; and
 * what stands against an erasure stops it before anything is gone.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import type { Store } from '../../src/store/index.ts';
import { canaries, canarySentence, findCanaries } from '../support/canaries.ts';
import { setupDatabase } from '../support/database.ts';
import { setupWorkplace, type Workplace } from '../support/lvsync.ts';
import { runLvsync } from '../support/run-lvsync.ts';
import { addFaults, putContact, setupSandbox } from '../support/sandbox-admin.ts';

const account = 'CANARY-1';
const { firstName, lastName, otherName, ssn, otherSsn, dateOfBirth, otherDateOfBirth, phone, otherPhone, email } =
  canaries;
const mapping = {
  ...{
    account: 'id',
    firstName: 'first',
    lastName: 'last',
    ssn: 'ssn',
    dateOfBirth: 'born',
    phone1: 'phone',
    email: 'email',
  },
  ...{ phone1Block: 'stop', phone2: 'home', phone2Block: 'stop2' },
};
/** Of a household: a block of one fans out to the other, with a cause that names the one. */
const household = '2125559999';
const header = 'id,first,last,ssn,born,phone,email,stop,home,stop2';
const own = [account, otherName, lastName, otherSsn, otherDateOfBirth, otherPhone, email, 'yes', household, 'yes'].join(
  ',',
);
const other = 'B-2,Boris,Brown,111-22-3333,1970-01-01,2125550101,b@example.com,,2125559999,';
/** A row whose account is named by the raw text alone, and one that cannot be used for another reason. */
const bad = `"${account}" x,${firstName}\n${account},${firstName},${lastName},${ssn},no date,${phone},${email},no,,`;

type Bundle = { readonly sandbox: Sandbox; readonly store: Store; readonly place: Workplace };

async function setup(): Promise<Bundle> {
  const sandbox = await setupSandbox({ contacts: 5 });
  const { url, store } = await setupDatabase();
  const tenant = {
    systemsOfRecord: { crm: { kind: 'csv', path: 'record.csv', mapping } },
    guards: { hazards: { drops_phone: 100, shifts_ordinals: 100 }, maxQuarantinedPercent: 100 },
    pull: { keepDownloadsDays: 1 },
    references: { notes: true },
    fanOut: { blocks: true, from: '2020-01-01' },
  };
  const place = await setupWorkplace({ sandbox, databaseUrl: url, tenant });
  const fields = { firstName, lastName, ssn, dateOfBirth, phone1: phone, phone2: household, email };
  await putContact(sandbox, account, fields);
  await putContact(sandbox, 'B-2', { firstName: 'Bob', phone2: household });
  await note(sandbox, account, `spoke with ${firstName}, ${ssn}`);
  return { sandbox, store, place };
}

async function note(sandbox: Sandbox, of: string, text: string): Promise<void> {
  const body = JSON.stringify({ note: text });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${sandbox.url}/sandbox/contacts/${of}/notes`, { method: 'POST', headers, body });
}

/** Runs in this process. */
const lvsync = (place: Workplace, ...args: string[]) => runLvsync(args, { cwd: place.folder, env: place.env });

/** Every row of every table of ours as text, and every file of the home. */
async function dump({ store, place }: Bundle): Promise<string> {
  const { rows: tables } = await store.pool.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relkind = 'r' and relnamespace in ('mirror'::regnamespace, 'mirror_history'::regnamespace, 'sync'::regnamespace, 'lvsync'::regnamespace)`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await store.pool.query<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  const home = path.join(place.folder, '.lvsync');
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) texts.push(`${entry.name} ${await readFile(path.join(entry.parentPath, entry.name), 'utf8')}`);
  }
  return texts.join('\n');
}

/** A reconcile that waits in the queue. */
const queued = `insert into sync.reconciles (id, tenant, accounts, apply) values (gen_random_uuid(), 'main', string_to_array($1, ','), false)`;

/** Where canaries stand: the beginnings of the lines, which name table or file. */
function findLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => findCanaries(line).length > 0)
    .map((line) => line.slice(0, 120));
}

const request = ['--by', 'Ann Lee', '--reason', 'request 17'];

/** A life: pulled, changed and blocked by a plan, refused, quarantined, changed again in LiveVox. */
async function live({ sandbox, place }: Bundle): Promise<void> {
  await place.write('record.csv', `${header}\n${own}\n${other}\n${bad}\n`);
  await addFaults(sandbox, {
    ...{ route: 'bulk-update', kind: 'status', status: 400, nth: 1 },
    body: { code: 1, message: canarySentence },
  });
  expect((await lvsync(place, 'sync')).code).toBeLessThan(5);
  await lvsync(place, 'pull', '--full');
}

async function eraseElsewhere({ sandbox, place }: Bundle): Promise<void> {
  await fetch(`${sandbox.url}/sandbox/contacts/${account}`, { method: 'DELETE' });
  await place.write('record.csv', `${header}\n${other}\n`);
  await lvsync(place, 'plan');
}

describe('lvsync forget', () => {
  it('leaves nothing of the person in any table or file, and all of the others', async () => {
    const bundle = await setup();
    const { store, place } = bundle;
    await live(bundle);
    const blocked = await lvsync(place, 'block', '--number', phone, '--by', 'Ann Lee', '--reason', 'said stop');
    expect(blocked.code).toBe(0);
    const before = await dump(bundle);
    expect(findCanaries(before).length).toBeGreaterThan(8);
    expect(before).toContain('Boris');
    expect(before).toMatch(new RegExp(`sync\\.change_sets .*${phone}`));
    for (const accounts of [account, `B-2,${account}`]) await store.pool.query(queued, [accounts]);
    expect(before).toMatch(/sync\.patches .*B-2.*fan_out.*CANARY-1/);
    await eraseElsewhere(bundle);
    const { code, stdout, stderr } = await lvsync(place, 'forget', account, ...request, '--json');
    expect([code, stderr]).toEqual([0, []]);
    const receipt = JSON.parse(stdout);
    expect(receipt).toMatchObject({ account, by: 'Ann Lee', reason: 'request 17', tenant: 'main' });
    for (const table of [
      'mirror.contacts',
      'mirror.contact_versions',
      'mirror.contact_notes',
      'sync.patches',
      'sync.quarantine',
      'sync.suppressions',
      'sync.reconciles',
    ])
      expect([table, receipt.erased[table] > 0]).toEqual([table, true]);
    const after = await dump(bundle);
    expect(findLines(after)).toEqual([]);
    expect(after.split('\n').filter((line) => line.includes(account))).toEqual([]);
    expect(after).toContain('Boris');
    const { rows } = await store.pool.query(`select actor, action, detail from sync.audit where action = 'forgotten'`);
    expect(rows).toEqual([
      {
        actor: 'Ann Lee',
        action: 'forgotten',
        detail: expect.stringMatching(`^receipt ${receipt.receipt}: \\d+ rows; request 17$`),
      },
    ]);
    expect((await lvsync(place, 'sync')).code).toBe(0);
    expect(findLines(await dump(bundle))).toEqual([]);
  });

  it('is refused while LiveVox or the system of record shows the contact, unless somebody says even so', async () => {
    const bundle = await setup();
    const { sandbox, place } = bundle;
    await live(bundle);
    const before = await dump(bundle);
    const record = await lvsync(place, 'forget', account, ...request);
    expect([record.code, record.stderr[0]]).toEqual([
      3,
      expect.stringContaining('The system of record crm held this contact'),
    ]);
    await place.write('record.csv', `${header}\n${other}\n`);
    await lvsync(place, 'plan');
    const shown = await lvsync(place, 'forget', account, ...request);
    expect([shown.code, shown.stderr[0]]).toEqual([3, expect.stringContaining('LiveVox still shows this contact')]);
    expect(findCanaries(await dump(bundle)).length).toBe(findCanaries(before).length);
    expect((await lvsync(place, 'forget', account, ...request, '--even-so')).code).toBe(0);
    expect(findLines(await dump(bundle))).toEqual([]);
    await putContact(sandbox, account, { lastName });
    await lvsync(place, 'pull');
    expect(findCanaries(await dump(bundle))).toContain(lastName.toLowerCase());
  });

  it('is refused while a stop is on its way, also even so; and an open plan with the contact is superseded', async () => {
    const bundle = await setup();
    const { store, place } = bundle;
    await lvsync(place, 'pull', '--full');
    await place.write('record.csv', `${header}\n${own}\n${other}\n`);
    expect(await lvsync(place, 'plan')).toMatchObject({ code: 0 });
    const refused = await lvsync(place, 'forget', account, ...request, '--even-so');
    expect([refused.code, refused.stderr[0]]).toEqual([3, expect.stringContaining('A stop of this contact')]);
    await store.pool.query(
      `update sync.suppressions set ended_at = now(), ended_because = 'taken back' where account = $1`,
      [account],
    );
    expect((await lvsync(place, 'forget', account, ...request, '--even-so')).code).toBe(0);
    const { rows } = await store.pool.query(`select distinct state from sync.change_sets`);
    expect(rows).toEqual([{ state: 'superseded' }]);
    expect(findLines(await dump(bundle))).toEqual([]);
  });

  it('a reason that names the account is refused: it stays on record', async () => {
    const { place } = await setup();
    const { code, stderr } = await lvsync(place, 'forget', account, '--by', 'Ann', '--reason', `for ${account}`);
    expect([code, stderr]).toEqual([
      2,
      ['lvsync: --reason names the account, and stays on record; write it without personal data.'],
    ]);
  });
});

/** `lvsync map`: a draft that loads as it is printed, rows as they would be sent, masked; and plans by what the mirror knows. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { setupDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { type LvsyncResult, runLvsync } from '../support/run-lvsync.ts';

const record = `${[
  "acct_no,fname,home_phone,dnc,loan_type,group,it's",
  'A-1,Annabel,(212) 555-0123,y,Car,Gold,1',
  'A-2,,,n,Plane,Gold,2',
  'A-3,Bob,,n,,Brass,3',
].join('\n')}\n`;

async function setup(source: string) {
  const { url, store } = await setupDatabase();
  const config = `export default { tenants: { acme: { systemsOfRecord: { crm: { kind: 'csv', path: 'crm.csv', ${source} } } } } };`;
  const cwd = await setupFolder({ 'lvsync.config.ts': config, 'crm.csv': record });
  await store.pool.query(`
    insert into mirror.reference_lists (tenant, list, fetched_at) values ('acme', 'contact_groups', now());
    insert into mirror.contact_groups (tenant, id, name, fetched_at) values ('acme', 11, 'Gold', now());
    insert into mirror.custom_fields (tenant, field, label, data_type, list_values, fetched_at)
    values ('acme', 'COL7', 'Loan type', 'LIST', '{Car,Home}', now())`);
  const run = (...argv: string[]): Promise<LvsyncResult> => runLvsync(argv, { cwd, env: { DATABASE_URL: url } });
  return { cwd, store, run, config };
}

const noMapping = '';

describe('lvsync map', () => {
  test('without a mapping it drafts one, shows rows by it, and says why rows cannot be used', async () => {
    const { run } = await setup(noMapping);
    const { code, stdout, stderr } = await run('map');
    expect([code, stderr]).toEqual([0, []]);
    expect(
      stdout,
    ).toBe(`// Drafted from the columns of 'crm.csv'. Read every line: it decides what is changed in LiveVox.
mapping: {
  account: 'acct_no',
  firstName: 'fname',
  phone1: 'home_phone', // check: which of the ten phones is it in LiveVox?
  accountBlock: 'dnc', // check: does it block the whole account, or one phone?
  'custom:Loan type': 'loan_type',
  groupId: { column: 'group', lookup: 'contact-group' }, // check: drop lookup where the column holds ids
},
// Not mapped: 'it\\'s'

crm.csv: of its first 3 rows 1 can be used; nothing was sent
field         owner             row 2
account                         A-1
firstName     record            A•••
phone1        record            •••23
accountBlock  most-restrictive  true
COL7          record            •••
groupId       record            11
row 3 cannot be used: custom:Loan type (column "loan_type"): not among the values of the client's list for this field
row 4 cannot be used: groupId (column "group"): no contact group has this name
Personal data is masked; --unmask shows it.
`);
  });

  test('the draft loads as it is written, into a file that is its owner’s alone', async () => {
    const { cwd, run, config } = await setup(noMapping);
    expect(await run('map', '--rows', '0', '--out', 'draft.txt')).toMatchObject({
      code: 0,
      stderr: ['draft.txt: the draft is written.'],
    });
    const draft = await readFile(join(cwd, 'draft.txt'), 'utf8');
    expect((await stat(join(cwd, 'draft.txt'))).mode & 0o777).toBe(0o600);
    await writeFile(join(cwd, 'lvsync.config.ts'), config.replace("'crm.csv',", `'crm.csv',\n${draft}`));
    const { draft: drafted, sample } = JSON.parse((await run('map', '--json')).stdout);
    expect(drafted).toBeUndefined();
    expect(sample.rows).toMatchObject([
      { account: 'A-1', fields: { COL7: '•••', groupId: '11' } },
      { line: 3 },
      { line: 4 },
    ]);
    const again = await run('map', '--out', 'draft.txt');
    expect([again.code, again.stderr]).toEqual([2, ['lvsync: --out draft.txt exists already; choose another name.']]);
  });

  test('a mapping of the config is shown as it is, functions and all; --draft drafts beside it', async () => {
    const rules = `mapping: { account: 'acct_no', lastName: { columns: ['fname'], value: ({ fname }) => fname.toUpperCase(), owner: 'only-if-empty' } }`;
    const { run } = await setup(rules);
    const shown = await run('map', '--rows', '1', '--json');
    expect(JSON.parse(shown.stdout)).toEqual({
      tenant: 'acme',
      systemOfRecord: 'crm',
      sample: {
        label: 'crm.csv',
        owners: { lastName: 'only-if-empty' },
        rows: [{ line: 2, account: 'A-1', fields: { lastName: 'A•••' } }],
        isMasked: true,
      },
    });
    expect(JSON.parse((await run('map', '--draft', '--json')).stdout)).toMatchObject({
      draft: { mapping: { account: 'acct_no', groupId: { column: 'group', lookup: 'contact-group' } }, left: ["it's"] },
    });
  });

  test('whole values are shown only on request, which is recorded without any of them', async () => {
    const { run, store } = await setup(`mapping: { account: 'acct_no', firstName: 'fname' }`);
    expect((await run('map')).stdout).not.toContain('Annabel');
    expect((await run('map', '--unmask', '--by', 'Ann')).stdout).toContain('Annabel');
    const { rows } = await store.pool.query('select actor, action, detail from sync.audit');
    expect(rows).toEqual([{ actor: 'Ann', action: 'unmasked', detail: 'map --source crm --rows 5 --unmask' }]);
  });

  test('every other command refuses a source without a mapping, in one sentence', async () => {
    const { run } = await setup(noMapping);
    const refusal =
      'lvsync: The system of record crm of tenant acme has no mapping; lvsync map --source crm drafts one.';
    expect(await run('plan')).toMatchObject({ code: 2, stderr: [refusal] });
  });

  test('it says when no account was found, and refuses odd options', async () => {
    const { cwd, run } = await setup(noMapping);
    await writeFile(join(cwd, 'crm.csv'), 'Maria,2125550123\n');
    expect((await run('map')).stdout).toContain('No column was taken for the account');
    expect(await run('map', '--rows', '51')).toMatchObject({
      code: 2,
      stderr: ['lvsync: --rows 51 must be a whole number from 0 to 50.'],
    });
    expect(await run('map', '--by', 'Ann')).toMatchObject({ code: 2 });
  });

  test('names of a list that is no longer mirrored are not trusted', async () => {
    const mapping = `mapping: { account: 'acct_no', groupId: { column: 'group', lookup: 'contact-group' } }`;
    const { cwd, run, config } = await setup(mapping);
    expect((await run('map')).stdout).toContain('of its first 3 rows 2 can be used');
    await writeFile(
      join(cwd, 'lvsync.config.ts'),
      config.replace('acme: {', 'acme: { references: { contactGroups: false },'),
    );
    expect((await run('map')).stdout).toContain('run lvsync pull with references.contactGroups on');
  });
});

/** Mappings in the config file: every mistake that can be told without opening anything is told, all of them at once. */
import { describe, expect, test } from 'vitest';
import { chooseAnySource, chooseSource, chooseTenant, loadConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { setupFolder } from '../support/folder.ts';

type Source = Readonly<Record<string, unknown>>;

async function load(source: Source) {
  const crm = { kind: 'csv', path: 'a.csv', ...source };
  const cwd = await setupFolder({
    'lvsync.config.json': JSON.stringify({ tenants: { acme: { systemsOfRecord: { crm } } } }),
  });
  return chooseTenant(await loadConfig({ cwd, env: {} }));
}

/** The problems, without the path down to the mapping. */
async function problemsOf(mapping: Record<string, unknown>, more: Source = {}): Promise<readonly string[]> {
  const found = await load({ mapping: { account: 'acct', ...mapping }, ...more }).then(
    () => [],
    (error: unknown) => {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    },
  );
  return found.map((problem) =>
    problem.replace('lvsync.config.json: tenants.acme.systemsOfRecord.crm.', '').replace(/^mapping\.?/, ''),
  );
}

describe('a mapping', () => {
  test('takes columns, rules, phones by ordinal and custom fields by name and label', async () => {
    const mapping = {
      account: 'acct',
      phone10: { column: 'cell', owner: 'only-if-empty' },
      phone10Block: { column: 'dnc', owner: 'most-restrictive' },
      active: {
        column: 'status',
        values: { OPEN: true, CLOSED: false },
        otherwise: 'quarantine',
        owner: 'most-restrictive',
      },
      groupId: { column: 'team', lookup: 'contact-group' },
      agentId: { column: 'rep', lookup: 'agent' },
      department: { constant: 'collections' },
      city: { constant: null },
      COL7: 'seven',
      'custom:Loan type': { column: 'loan', owner: 'newest' },
    };
    const { source } = chooseSource(await load({ mapping, changedAt: 'upd', complete: true, onAbsence: 'deactivate' }));
    expect(source).toMatchObject({ mapping, changedAt: 'upd', onAbsence: 'deactivate' });
  });

  test('all mistakes are told at once, wherever they stand', async () => {
    expect(
      await problemsOf({
        lastname: 'a',
        phone11: 'b',
        phone11Block: 'c',
        col7: 'd',
        COL101: 'e',
        country: 'f',
        'custom: ': 'g',
        city: 7,
        state: {},
        title: { column: 'a', constant: 'b' },
        ssn: { columns: ['a'] },
        email: { column: 'e', otherwise: 'keep' },
        zipCode: { colum: 'z' },
        balance: { column: 'b', owner: 'most-restrictive' },
        dueDate: { column: 'd', owner: 'newst' },
        address1: { column: 'a', lookup: 'agent' },
        address2: { column: 'a', values: { ' M': '1' } },
        department: { constant: 'x', values: { x: 'y' } },
      }),
    ).toEqual([
      "city: must be the name of a column, or a rule such as { column: 'name' }.",
      'state: needs one of column, columns with value, and constant.',
      'title: needs one of column, columns with value, and constant.',
      'ssn.value: must be the function of those columns; a single column is given as column.',
      'email.otherwise: says what becomes of a text that values does not name; there is no values.',
      'zipCode: colum is not a known key; did you mean column?',
      'zipCode: needs one of column, columns with value, and constant.',
      'dueDate.owner: must be one of record, livevox, newest, only-if-empty, most-restrictive; did you mean newest?',
      'address2.values: " M" has spaces around it; texts are compared without.',
      'department.constant: is the value itself; values and lookup do not go with it.',
      'lastname: LiveVox has no such field; did you mean lastName?',
      'phone11: a contact has the phones 1 to 10 in LiveVox.',
      'phone11Block: a contact has the phones 1 to 10 in LiveVox.',
      'col7: LiveVox has no such field; did you mean COL7?',
      'COL101: the custom fields are COL1 to COL100.',
      'country: LiveVox shows only a number of the country (countryId), so that it can be neither compared nor read back; it cannot be mapped.',
      'custom: : needs a label behind custom:.',
      'balance.owner: most-restrictive is for blocks, consents and active only.',
      'address1.lookup: agent gives an id for agentId only.',
    ]);
  });

  test('the key has an origin in the source, and no owner', async () => {
    expect(await problemsOf({ account: { constant: 'A-1', owner: 'record' } })).toEqual([
      'account.owner: account is the key of a contact; nobody owns it.',
      'account.constant: account is the key of a contact; it needs a column.',
    ]);
    expect(await problemsOf({ account: undefined, city: 'c' })).toEqual([
      ': account must be mapped: it is the key of a contact.',
    ]);
  });

  test('a function cannot stand in JSON', async () => {
    expect(await problemsOf({ city: { columns: ['a'], value: '(cells) => cells.a' } })).toEqual([
      'city.value: must be a function; only a configuration in TypeScript or JavaScript can hold one.',
    ]);
  });

  test('newest needs the time of change, and a consequence of absence needs a complete source', async () => {
    expect(await problemsOf({ city: { column: 'c', owner: 'newest' }, state: 7 }, { onAbsence: 'delete' })).toEqual([
      "state: must be the name of a column, or a rule such as { column: 'name' }.",
      'onAbsence: needs complete: true, because only then a contact that is missing is gone.',
      'city.owner: newest needs changedAt: the column that says when a row was last changed.',
    ]);
  });

  test('without a header, every column is a number, those of rules as well', async () => {
    const mapping = { account: '1', city: { column: 'town' }, title: { constant: 'x' } };
    expect(await problemsOf(mapping, { header: false, changedAt: 'upd' })).toEqual([
      'changedAt: must be the number of a column, from 1, because header is false.',
      'city: must be the number of a column, from 1, because header is false.',
    ]);
  });
});

describe('a source without a mapping', () => {
  test('can be chosen to draft one, and for nothing else', async () => {
    const tenant = await load({});
    expect(chooseAnySource(tenant).source.mapping).toBeUndefined();
    expect(() => chooseSource(tenant)).toThrow(
      new ConfigError('The system of record crm of tenant acme has no mapping; lvsync map --source crm drafts one.'),
    );
  });
});

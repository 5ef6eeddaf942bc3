/** Mappings by rules: what each makes of a row, what it costs a row, and what is told before any row is read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldMapping } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import type { RecordRow } from '../../src/system-of-record/index.ts';
import type { KnownValues } from '../../src/system-of-record/known-values.ts';
import { csvSource, moduleSource, open, readAll, resolve, setupFile, summarize } from './open-record.ts';

const known: KnownValues = {
  customFields: [
    { field: 'COL7', label: ' Loan type ', dataType: 'LIST', listValues: ['Car', ' Home ', 'Boat'] },
    { field: 'COL8', label: 'Twice', dataType: 'STRING' },
    { field: 'COL9', label: 'Twice', dataType: 'STRING' },
    { field: 'COL10', label: 'Opened', dataType: 'DATE' },
  ],
  groups: [
    { id: 11, name: 'Gold' },
    { id: 12, name: 'Silver ' },
    { id: 13, name: 'Both' },
    { id: 14, name: 'Both' },
  ],
  agents: [{ id: 21, loginId: 'ann' }],
};

/** Rows of one field besides the account, as [account, value] or [line, reason]. */
async function readField(
  rule: FieldMapping[string],
  field: string,
  values: readonly unknown[],
  given: Partial<KnownValues> = known,
): Promise<readonly unknown[]> {
  const source = moduleSource({ account: 'id', [field]: rule }, async function* () {
    for (const [index, value] of values.entries()) yield { id: `A-${index + 1}`, x: value };
  });
  return summarize(
    await readAll(source, given),
    resolve({ account: 'id', [field]: rule }, given).fields[1]!.field.name,
  );
}

describe('where a value comes from', () => {
  test('a function is given the named cells and nothing else, and says what the field gets', async () => {
    const path = await setupFile('id,home,cell,more\nA-1,,2125550100,x\nA-2,2125550101,,x\n');
    const given: unknown[] = [];
    const value = (cells: Readonly<Record<string, string | null | undefined>>): string => {
      given.push({ ...cells });
      return cells['home'] || cells['cell'] || '';
    };
    const source = csvSource(path, { account: 'id', phone1: { columns: ['home', 'cell'], value } });
    expect(summarize(await readAll(source), 'phone1')).toEqual([
      ['A-1', '2125550100'],
      ['A-2', '2125550101'],
    ]);
    expect(given).toEqual([
      { home: '', cell: '2125550100' },
      { home: '2125550101', cell: '' },
    ]);
  });

  test('what a function gives is read as a value of the source’s own code is', async () => {
    const gifts = [12.5, 7n, true, null, undefined, new Date('2026-05-01T12:00:00Z'), {}, ['x'], Promise.resolve('x')];
    let next = 0;
    const value = (): never => gifts[next++] as never;
    expect(
      await readField(
        { columns: ['x'], value },
        'department',
        gifts.map(() => 'x'),
      ),
    ).toEqual([
      ['A-1', '12.5'],
      ['A-2', '7'],
      ['A-3', 'true'],
      ['A-4', null],
      ['A-5', undefined],
      ['A-6', '2026-05-01T12:00:00.000Z'],
      [7, 'department (column "x"): an object, not a single value'],
      [8, 'department (column "x"): a list, not a single value'],
      [9, 'department (column "x"): an object, not a single value'],
    ]);
  });

  test('what a function throws costs its row, names no value, and its block still counts', async () => {
    const fail = (cells: Readonly<Record<string, string | null | undefined>>): string => {
      if (cells['x'] === 'bad') throw new RangeError(`no such thing: ${cells['x']}`);
      if (cells['x'] === 'worse') throw 'worse';
      return 'fine';
    };
    const mapping = { account: 'id', title: { columns: ['id', 'x'], value: fail }, accountBlock: 'dnc' };
    const source = moduleSource(mapping, async function* () {
      for (const x of ['good', 'bad', 'worse', ['list']]) yield { id: `A-${String(x)}`, x, dnc: 'yes' };
    });
    const rows = await readAll(source);
    expect(summarize(rows, 'title')).toEqual([
      ['A-good', 'fine'],
      [2, 'title (columns "id", "x"): its function fails (RangeError)'],
      [3, 'title (columns "id", "x"): its function fails'],
      [4, 'title (columns "id", "x"): a list, not a single value'],
    ]);
    expect(rows[1]).toMatchObject({ account: 'A-bad', restrictions: { accountBlock: 'true' } });
  });

  test('a constant is the same for every row, and null clears', async () => {
    expect(await readField({ constant: 'collections' }, 'department', [1, 2])).toEqual([
      ['A-1', 'collections'],
      ['A-2', 'collections'],
    ]);
    expect(await readField({ constant: 7.5 }, 'balance', [1])).toEqual([['A-1', '7.5']]);
    expect(await readField({ constant: null }, 'department', [1])).toEqual([['A-1', null]]);
  });

  test('a column that only a function reads must be there, as any other', async () => {
    const rule = { columns: ['x', 'y'], value: () => 'z' };
    await expect(readField(rule, 'title', [1])).rejects.toThrow(
      new ConfigError('The key "y", mapped to title, stands in no row of crm.'),
    );
  });
});

describe('what becomes of a value', () => {
  const values = { M: '1', F: 2, U: null, Y: true };

  test('values takes trimmed texts to what they stand for, and another text costs the row', async () => {
    expect(
      await readField({ column: 'x', values }, 'title', [' M ', 'F', 'U', 'Y', '', null, undefined, 'm', 'X']),
    ).toEqual([
      ['A-1', '1'],
      ['A-2', '2'],
      ['A-3', null],
      ['A-4', 'true'],
      ['A-5', null],
      ['A-6', null],
      ['A-7', undefined],
      [8, 'title (column "x"): a text that values does not name'],
      [9, 'title (column "x"): a text that values does not name'],
    ]);
  });

  test('with otherwise: keep, another text stays; the empty text can be named', async () => {
    const rule = { column: 'x', values: { '': 'none', M: '1' }, otherwise: 'keep' } as const;
    expect(await readField(rule, 'title', ['M', 'X', ' ', null])).toEqual([
      ['A-1', '1'],
      ['A-2', 'X'],
      ['A-3', 'none'],
      ['A-4', 'none'],
    ]);
  });

  test('names become ids; a name that nobody or more than one has costs the row', async () => {
    expect(
      await readField({ column: 'x', lookup: 'contact-group' }, 'groupId', [
        ' Gold',
        'Silver',
        'gold',
        'Both',
        '',
        null,
      ]),
    ).toEqual([
      ['A-1', '11'],
      ['A-2', '12'],
      [3, 'groupId (column "x"): no contact group has this name'],
      [4, 'groupId (column "x"): more than one contact group has this name'],
      ['A-5', null],
      ['A-6', null],
    ]);
    const login = { column: 'x', values: { boss: 'ann' }, otherwise: 'keep', lookup: 'agent' } as const;
    expect(await readField(login, 'agentId', ['ann', 'boss', 'bob'])).toEqual([
      ['A-1', '21'],
      ['A-2', '21'],
      [3, 'agentId (column "x"): no agent has this login'],
    ]);
  });

  test('before the first pull no name is known, and no id is doubted', async () => {
    expect(await readField({ column: 'x', lookup: 'contact-group' }, 'groupId', ['Gold', ''], {})).toEqual([
      [
        1,
        'groupId (column "x"): the contact groups of LiveVox have not been read yet; run lvsync pull with references.contactGroups on',
      ],
      ['A-2', null],
    ]);
    expect(await readField('x', 'groupId', ['99'], {})).toEqual([['A-1', '99']]);
    expect(await readField('x', 'groupId', ['99'], { groups: [] })).toEqual([
      [1, 'groupId (column "x"): no contact group has this id'],
    ]);
  });
});

describe('what is held against what the client knows', () => {
  test('ids exist, lists allow, and the reasons quote no value', async () => {
    expect(await readField('x', 'groupId', ['11', ' 011', '99', ''])).toEqual([
      ['A-1', '11'],
      ['A-2', '11'],
      [3, 'groupId (column "x"): no contact group has this id'],
      ['A-4', null],
    ]);
    expect(await readField('x', 'agentId', ['21', '22'])).toEqual([
      ['A-1', '21'],
      [2, 'agentId (column "x"): no agent has this id'],
    ]);
    expect(await readField('x', 'custom:Loan type', [' Car', 'Home', 'car', ''])).toEqual([
      ['A-1', 'Car'],
      ['A-2', 'Home'],
      [3, 'custom:Loan type (column "x"): not among the values of the client\'s list for this field'],
      ['A-4', null],
    ]);
  });

  test('all reasons of a row are told together', async () => {
    const mapping = { account: 'id', groupId: 'g', COL7: 'l', COL1: 'long', phone1: 'p' };
    const source = moduleSource(mapping, async function* () {
      yield { id: 'A-1', g: 99, l: 'Plane', long: 'x'.repeat(256), p: '555' };
    });
    const [row] = await readAll(source, known);
    expect(row).toMatchObject({ kind: 'unusable', account: 'A-1' });
    const names = (row as Extract<RecordRow, { kind: 'unusable' }>).reason.split('; ').map((one) => one.split(' ')[0]);
    expect(names).toEqual(['groupId', 'COL7', 'COL1', 'phone1']);
  });

  test('restrictions of any unusable row count, whatever else it holds', async () => {
    const cell = fc.constantFrom('yes', 'no', '', 'Gold', '99', null, undefined);
    await fc.assert(
      fc.asyncProperty(cell, cell, cell, async (group, block, consent) => {
        const mapping: FieldMapping = {
          account: 'id',
          groupId: { column: 'g', lookup: 'contact-group' },
          accountBlock: 'b',
          phone1CellConsent: 'c',
        };
        const [row] = await readAll(
          moduleSource(mapping, async function* () {
            yield { id: 'A-1', g: group, b: block, c: consent };
            yield { id: 'A-2', g: 'Gold', b: 'no', c: 'yes' };
          }),
          known,
        );
        const said = row?.kind === 'desired' ? row.fields : (row?.restrictions ?? {});
        expect(said['accountBlock'] === 'true').toBe(block === 'yes');
        expect(said['phone1CellConsent'] === 'false').toBe(consent === 'no');
      }),
      { numRuns: 100 },
    );
  });
});

describe('what is told before any row is read', () => {
  const findProblems = (mapping: FieldMapping, given: Partial<KnownValues> = known): readonly string[] => {
    try {
      resolve(mapping, given);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };

  test('labels that no field or two fields have, fields named twice, constants that are none', () => {
    expect(
      findProblems({
        city: 'c',
        'custom:Loan typ': 'a',
        'custom:Twice': 'b',
        'custom:Loan type': 'd',
        COL7: 'e',
        balance: { constant: 'lots' },
        groupId: { constant: 99 },
      }),
    ).toEqual([
      'The mapping names "custom:Loan typ", but no custom field of the client has that label; the nearest is "Loan type".',
      'The mapping names "custom:Twice", but COL8 and COL9 have that label; map one of them by its name.',
      'The mapping names COL7 more than once, as "custom:Loan type" and "COL7"; keep one.',
      expect.stringMatching(/^The constant that the mapping gives balance cannot be used: not a .+\.$/),
      'The constant that the mapping gives groupId cannot be used: no contact group has this id.',
      'The mapping has no "account": map it to the key column.',
    ]);
  });

  test('labels before the first pull', () => {
    expect(findProblems({ account: 'a', 'custom:Loan type': 'x' }, {})).toEqual([
      'The mapping names "custom:Loan type", but the client\'s custom fields have not been read yet; run lvsync pull first.',
    ]);
  });

  test('a custom field is read by the type that the client gave it', () => {
    const { fields } = resolve({ account: 'a', 'custom:Opened': 'x', COL50: 'y', city: 'z' }, known);
    expect(fields.map(({ field, options }) => [field.name, options.dataType])).toEqual([
      ['account', undefined],
      ['COL10', 'DATE'],
      ['COL50', undefined],
      ['city', undefined],
    ]);
  });

  test('who owns what is known when the source is open, and so is what absence means', async () => {
    const mapping = {
      account: 'id',
      city: 'c',
      state: { column: 's', owner: 'only-if-empty' },
      accountBlock: 'b',
      phone1Block: { column: 'b', owner: 'record' },
      'custom:Loan type': { column: 'l', owner: 'livevox' },
    } as const;
    const source = csvSource(await setupFile('id,c,s,b,l\n'), mapping, { complete: true, onAbsence: 'delete' });
    expect(await open(source, known)).toMatchObject({
      owners: {
        city: 'record',
        state: 'only-if-empty',
        accountBlock: 'most-restrictive',
        phone1Block: 'record',
        COL7: 'livevox',
      },
      isComplete: true,
      onAbsence: 'delete',
    });
  });
});

describe('when a row was last changed', () => {
  test('it is an instant; empty says nothing, and what cannot be read costs the row', async () => {
    const path = await setupFile('id,upd\nA-1,2026-05-01 08:00:00\nA-2,2026-05-01T08:00:00Z\nA-3,\nA-4,soon\n');
    const rows = await readAll(csvSource(path, { account: 'id' }, { changedAt: 'upd' }));
    expect(rows.slice(0, 3).map((row) => row.kind === 'desired' && row.changedAt)).toEqual([
      '2026-05-01T12:00:00.000Z',
      '2026-05-01T08:00:00.000Z',
      undefined,
    ]);
    expect(rows[3]).toMatchObject({
      kind: 'unusable',
      account: 'A-4',
      reason: expect.stringMatching(/^changedAt \(column "upd"\): not a time/),
    });
  });

  test('its column must be there', async () => {
    const path = await setupFile('id,updated\nA-1,\n');
    await expect(readAll(csvSource(path, { account: 'id' }, { changedAt: 'updatd' }))).rejects.toThrow(
      new ConfigError(
        'The column "updatd", mapped to changedAt, is missing in contacts.csv; the nearest is "updated".',
      ),
    );
  });
});

import { describe, expect, test } from 'vitest';
import type { FieldMapping } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { resolveColumns } from '../../src/system-of-record/columns.ts';
import { resolve } from './open-record.ts';

function findProblems(mapping: FieldMapping, header: readonly string[]): readonly string[] {
  try {
    resolveColumns(resolve(mapping), header, 'contacts.csv');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('resolveColumns', () => {
  test('finds each field at the position of its column', () => {
    const { columns, inputs } = resolveColumns(
      resolve({ account: 'acct_no', phone1: 'cell', phone2: 'cell' }),
      [' cell ', 'x', 'acct_no', 'x'],
      'contacts.csv',
    );
    expect(columns.map(({ field, index }) => [field.name, index])).toEqual([
      ['account', 2],
      ['phone1', 0],
      ['phone2', 0],
    ]);
    expect(inputs).toEqual([
      { column: 'acct_no', index: 2 },
      { column: 'cell', index: 0 },
    ]);
  });

  test('a missing column is named with the nearest existing one', () => {
    expect(findProblems({ account: 'acct_number' }, ['first', 'Acct_Numer', 'cell'])).toEqual([
      'The column "acct_number", mapped to account, is missing in contacts.csv; the nearest is "Acct_Numer".',
    ]);
  });

  test('nothing is suggested that is not near: the first line may be somebody’s data', () => {
    expect(findProblems({ account: 'acct_no' }, ['Maria Gonzales', '2125550100'])).toEqual([
      'The column "acct_no", mapped to account, is missing in contacts.csv.',
    ]);
  });

  test('all problems are told at once, those of a rule’s columns as well', () => {
    const mapping = {
      account: 'acct',
      city: 'city',
      title: { columns: ['sex', 'stat'], value: () => null },
      state: 'stat',
    };
    expect(findProblems(mapping, ['acct', 'city', 'city', 'sex'])).toEqual([
      'The column "city", mapped to city, stands 2 times in contacts.csv; rename all but one.',
      'The column "stat", mapped to title, is missing in contacts.csv.',
      'The column "stat", mapped to state, is missing in contacts.csv.',
    ]);
  });
});

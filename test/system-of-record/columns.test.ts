import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { resolveColumns } from '../../src/system-of-record/columns.ts';

function findProblems(mapping: Record<string, string>, header: readonly string[]): readonly string[] {
  try {
    resolveColumns(mapping, header, 'contacts.csv');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('resolveColumns', () => {
  test('finds each field at the position of its column', () => {
    const columns = resolveColumns(
      { account: 'acct_no', phone1: 'cell', phone2: 'cell' },
      [' cell ', 'x', 'acct_no', 'x'],
      'contacts.csv',
    );
    expect(columns.map(({ field, column, index }) => [field.name, column, index])).toEqual([
      ['account', 'acct_no', 2],
      ['phone1', 'cell', 0],
      ['phone2', 'cell', 0],
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

  test('all problems are told at once', () => {
    expect(
      findProblems({ firstname: 'first', lvAccountId: 'id', city: 'city', state: 'stat' }, [
        'first',
        'id',
        'city',
        'city',
      ]),
    ).toEqual([
      'The mapping of contacts.csv has no "account": map it to the key column.',
      'The mapping of contacts.csv names "firstname", which is no LiveVox field; the nearest is "firstName".',
      'The mapping of contacts.csv names "lvAccountId", which LiveVox lets nobody write; remove it.',
      'The column "city", mapped to city, stands 2 times in contacts.csv; rename all but one.',
      'The column "stat", mapped to state, is missing in contacts.csv.',
    ]);
  });
});

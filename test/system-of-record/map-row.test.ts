import { describe, expect, test } from 'vitest';
import { resolveColumns } from '../../src/system-of-record/columns.ts';
import { mapRow } from '../../src/system-of-record/map-row.ts';
import { resolve } from './open-record.ts';

const mapping = {
  account: 'acct',
  firstName: 'first',
  phone1: 'cell',
  balance: 'owed',
  dueDate: 'due',
  accountBlock: 'dnc',
  phone1CellConsent: 'may_call',
};
const header = Object.values(mapping);
const layout = resolveColumns(resolve(mapping), header, 'contacts.csv');
const map = (cells: readonly (string | null)[], raw = 'raw'): unknown =>
  mapRow(layout, cells, { line: 7, byteOffset: 120, raw });

describe('mapRow', () => {
  test('a good row becomes the desired contact in canonical values', () => {
    expect(map(['A-1', 'Ann', '(212) 555-0100', '10.50', '5/1/2024', 'N', 'yes'])).toEqual({
      kind: 'desired',
      account: 'A-1',
      line: 7,
      fields: {
        firstName: 'Ann',
        phone1: '2125550100',
        balance: '10.5',
        dueDate: '2024-05-01',
        accountBlock: 'false',
        phone1CellConsent: 'true',
      },
      raw: 'raw',
    });
  });

  test.each([
    ['an empty text', ''],
    ['null', null],
  ])('%s says no value, but of a block or a consent it says nothing', (_, empty) => {
    expect(map(['A-1', empty, empty, empty, empty, empty, empty])).toEqual({
      kind: 'desired',
      account: 'A-1',
      line: 7,
      fields: { firstName: null, phone1: null, balance: null, dueDate: null },
      raw: 'raw',
    });
  });

  test('all reasons are told, with field and column and without the value', () => {
    expect(map(['A-1', 'Ann', '555-0199', '1,000', '02/30/2024', 'maybe', ''])).toEqual({
      kind: 'unusable',
      line: 7,
      byteOffset: 120,
      account: 'A-1',
      reason:
        'phone1 (column "cell"): not a phone number of 10 digits; ' +
        'balance (column "owed"): not a plain decimal number (digits, at most one point, no separators); ' +
        'dueDate (column "due"): not a calendar date (MM/DD/YYYY, YYYY-MM-DD, ISO 8601 or epoch ms); ' +
        'accountBlock (column "dnc"): neither yes nor no',
      raw: 'raw',
    });
  });

  test('a row without an account is unusable', () => {
    expect(map([' ', 'Ann', '', '', '', '', ''])).toEqual({
      kind: 'unusable',
      line: 7,
      byteOffset: 120,
      reason: 'account is empty',
      raw: 'raw',
    });
  });

  test('the raw text is bounded and something Postgres can keep', () => {
    expect(map([' '], `a\0\ud800${'x'.repeat(70_000)}`)).toMatchObject({ raw: `a\uFFFD\uFFFD${'x'.repeat(65_532)}…` });
  });
});

/** Drafts of mappings: what names say, what they only suggest, and what is left to a person. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { contactFields } from '../../src/contact/index.ts';
import { draftMapping } from '../../src/system-of-record/draft-mapping.ts';
import { doubtful, synonyms } from '../../src/system-of-record/draft-words.ts';
import { readColumnNames } from '../../src/system-of-record/index.ts';
import { setupDatabase } from '../support/database.ts';
import { csvSource, moduleSource, ndjsonSource, resolve, setupFile } from './open-record.ts';

const custom = (field: string, label: string) => ({ field, label, dataType: 'STRING' });

function draft(columns: readonly string[], customFields = [custom('COL7', 'Loan type')]): Record<string, string> {
  const { fields } = draftMapping(columns, customFields);
  return Object.fromEntries(
    fields.map(({ name, column, doubt }) => [name, `${column}${doubt === undefined ? '' : ' ?'}`]),
  );
}

describe('draftMapping', () => {
  test('the vendor’s names, the client’s labels and the usual names are taken', () => {
    expect(
      draft([
        'FName',
        'last name',
        'Acct_No',
        'DOB',
        'ZIP',
        'loan_type',
        'COL12',
        'phone3CellConsent',
        'Email Opt-In',
        'address.city',
      ]),
    ).toEqual({
      account: 'Acct_No',
      firstName: 'FName',
      lastName: 'last name',
      dateOfBirth: 'DOB',
      zipCode: 'ZIP',
      'custom:Loan type': 'loan_type',
      COL12: 'COL12',
      phone3CellConsent: 'phone3CellConsent',
      primaryEmailConsent: 'Email Opt-In',
      city: 'address.city',
    });
  });

  test('phones, their blocks and consents get an ordinal; the kind of a phone is only a hint', () => {
    expect(
      draft(['id_no', 'phone', 'phone_4', 'tel no 5', 'Cell Phone', 'work', 'cell_dnc', 'phone4_sms_consent']),
    ).toEqual({
      phone1: 'phone',
      phone4: 'phone_4',
      phone5: 'tel no 5',
      phone2: 'Cell Phone ?',
      phone3: 'work ?',
      phone2Block: 'cell_dnc ?',
      phone4SmsConsent: 'phone4_sms_consent',
    });
    expect(draft(['do_not_call', 'phone11', 'office', 'no2'])).toEqual({ accountBlock: 'do_not_call ?' });
  });

  test('a word that means a permission’s opposite is left out', () => {
    expect(draftMapping(['sms_opt_out', 'may_call', 'opt_out_email', 'status'], [])).toMatchObject({
      fields: [],
      left: ['sms_opt_out', 'may_call', 'opt_out_email', 'status'],
    });
  });

  test('of two columns for one field the surer is taken, and the other is left', () => {
    expect(draftMapping(['id', 'account', 'acct_no', 'updated_at'], [])).toEqual({
      fields: [{ column: 'account', name: 'account' }],
      changedAt: 'updated_at',
      left: ['id', 'acct_no'],
    });
  });

  test('a label that stands twice is taken by the field’s own name, with a doubt', () => {
    expect(draft(['loan type'], [custom('COL7', 'Loan type'), custom('COL9', 'loan-type')])).toEqual({
      COL7: 'loan type ?',
    });
  });

  test('whatever the columns are called, each is told of once, and what is drafted is a mapping', () => {
    const word = fc.constantFrom(
      'acct',
      'phone',
      'cell',
      'home',
      'dnc',
      'consent',
      'sms',
      'COL7',
      'Loan type',
      'col 9',
      'x',
      '2',
      '_',
      '.',
      "'",
    );
    const column = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(''));
    const customFields = [custom('COL7', 'Loan type'), custom('COL8', ' '), custom('COL9', 'x'), custom('COL10', 'X')];
    fc.assert(
      fc.property(fc.uniqueArray(column, { maxLength: 30 }), (columns) => {
        const { fields, changedAt, left } = draftMapping(columns, customFields);
        const told = [...fields.map((one) => one.column), ...left, ...(changedAt === undefined ? [] : [changedAt])];
        expect(told.toSorted()).toEqual(columns.toSorted());
        const mapping = Object.fromEntries(fields.map((one) => [one.name, one.column]));
        const resolved = resolve({ account: 'a', ...mapping }, { customFields }).fields;
        expect(new Set(resolved.map(({ field }) => field.name)).size).toBe(resolved.length);
      }),
      { numRuns: 300 },
    );
  });

  test('it knows no field that cannot be written, and no word twice', () => {
    const writable = contactFields.filter((field) => field.writable).map(({ name }) => name);
    const targets = [...Object.keys(synonyms), ...Object.values(doubtful).map(({ field }) => field)];
    expect(targets.filter((name) => !writable.includes(name))).toEqual([]);
    const words = [...Object.values(synonyms).flat(), ...Object.keys(doubtful)];
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });
});

describe('readColumnNames', () => {
  const options = { timeZone: 'America/New_York', clock: systemClock };

  test('of a file: its header, the numbers of its columns, or the keys of its first rows', async () => {
    const path = await setupFile('id,first,last\nA-1,Ann\n');
    const csv = csvSource(path, {});
    expect(await readColumnNames(csv, options)).toEqual({ label: 'contacts.csv', columns: ['id', 'first', 'last'] });
    expect((await readColumnNames({ ...csv, header: false }, options)).columns).toEqual(['1', '2', '3']);
    const lines = await setupFile('{"id":1,"address":{"city":"Troy"}}\nbad\n{"id":2,"tags":[]}\n', 'c.ndjson');
    expect((await readColumnNames(ndjsonSource(lines, {}), options)).columns).toEqual(['id', 'address.city', 'tags']);
  });

  test('of a query without rows, and of code that gives rows without end', async () => {
    const { url } = await setupDatabase();
    const query = { query: 'select 1 as id, 2 as owed where false', complete: false, onAbsence: 'nothing' } as const;
    const place = { kind: 'postgres', urlVariable: 'CRM_URL', url: { reveal: () => url } } as const;
    expect((await readColumnNames({ ...place, ...query }, options)).columns).toEqual(['id', 'owed']);
    const endless = moduleSource({}, async function* () {
      for (;;) yield { id: 'A-1', town: 'Troy' };
    });
    expect((await readColumnNames(endless, options)).columns).toEqual(['id', 'town']);
  });

  test('a file with another delimiter says so instead of giving one odd column', async () => {
    const path = await setupFile('id;first;last\n');
    await expect(readColumnNames(csvSource(path, {}), options)).rejects.toThrow('set delimiter');
  });
});

import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { CsvSourceConfig, FieldMapping } from '../../src/config.ts';
import { ConfigError, FatalError } from '../../src/errors.ts';
import { openSystemOfRecord, type RecordRow } from '../../src/system-of-record/index.ts';
import { collect, csvSource, open, readAll, setupFile, summarize } from './open-record.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

async function read(path: string, mapping: FieldMapping, more: Partial<CsvSourceConfig> = {}): Promise<RecordRow[]> {
  return readAll(csvSource(path, mapping, more));
}

describe('rows of a CSV file', () => {
  test('a good file gives its contacts in canonical values', async () => {
    const mapping = {
      account: 'acct_no',
      firstName: 'first',
      lastName: 'last',
      phone1: 'cell',
      dueDate: 'due',
      balance: 'owed',
      accountBlock: 'dnc',
      COL7: 'note',
    };
    expect(await read(fixture('record-good.csv'), mapping)).toEqual([
      {
        kind: 'desired',
        account: 'A-1',
        line: 2,
        fields: {
          firstName: 'Ann',
          lastName: 'Lee',
          phone1: '2125550100',
          dueDate: '2024-05-01',
          balance: '100.5',
          accountBlock: 'false',
          COL7: null,
        },
        raw: 'A-1,Ann,Lee,(212) 555-0100,05/01/2024,0100.50,no,',
      },
      {
        kind: 'desired',
        account: 'A-2',
        line: 3,
        fields: {
          firstName: 'Zoë',
          lastName: "O'Neil, Jr",
          phone1: '6465550101',
          dueDate: '2024-05-02',
          balance: '7',
          accountBlock: 'true',
          COL7: 'called twice',
        },
        raw: `A-2,Zoë,"O'Neil, Jr",+1 646-555-0101,2024-05-02,7,YES,called twice`,
      },
      {
        kind: 'desired',
        account: 'A-3',
        line: 4,
        fields: { firstName: null, lastName: null, phone1: null, dueDate: null, balance: null, COL7: null },
        raw: 'A-3,,,,,,,',
      },
    ]);
  });

  test('line numbers are physical lines, right behind quoted line breaks and empty lines', async () => {
    const rows = await read(fixture('record-quoted-newlines.csv'), { account: 'acct_no', COL1: 'note' });
    expect(rows.map((row) => [row.line, row.account, row.kind === 'desired' && row.fields['COL1']])).toEqual([
      [2, 'A-1', 'first\nsecond'],
      [4, 'A-2', 'plain'],
      [6, 'A-3', 'he said "no"\ntwice\n\ndone'],
      [10, 'A-4', 'last'],
    ]);
    expect(rows[2]?.raw).toBe('A-3,"he said ""no""\ntwice\n\ndone"');
  });

  test('each malformed row is unusable with line, offset, reason and raw text, and the rest goes on', async () => {
    const rows = await read(fixture('record-malformed.csv'), {
      account: 'acct_no',
      phone1: 'cell',
      balance: 'owed',
      accountBlock: 'dnc',
    });
    const good = (account: string, line: number, phone: string, block: string, raw: string): RecordRow => ({
      kind: 'desired',
      account,
      line,
      fields: { phone1: phone, balance: '10', accountBlock: block },
      raw,
    });
    const quote = 'a quote stands where none may stand';
    expect(rows).toEqual([
      good('A-1', 2, '2125550100', 'false', 'A-1,2125550100,10.00,no'),
      {
        kind: 'unusable',
        line: 3,
        byteOffset: 46,
        reason: 'the row has 3 columns, the header has 4',
        raw: 'A-2,2125550101,10.00',
      },
      {
        kind: 'unusable',
        line: 4,
        byteOffset: 67,
        reason: 'the row has 5 columns, the header has 4',
        raw: 'A-3,2125550102,10.00,no,extra',
      },
      { kind: 'unusable', line: 5, byteOffset: 97, reason: quote, raw: 'A-4,"2125550103"x,10.00,no' },
      { kind: 'unusable', line: 6, byteOffset: 124, reason: quote, raw: 'A-5,212"5550104,10.00,no' },
      { kind: 'unusable', line: 7, byteOffset: 149, reason: 'account is empty', raw: ',2125550105,10.00,no' },
      {
        kind: 'unusable',
        line: 8,
        byteOffset: 170,
        account: 'A-7',
        reason:
          'phone1 (column "cell"): not a phone number of 10 digits; ' +
          'balance (column "owed"): not a plain decimal number (digits, at most one point, no separators); ' +
          'accountBlock (column "dnc"): neither yes nor no',
        raw: 'A-7,555-0106,"1,000.00",maybe',
      },
      good('A-8', 9, '2125550107', 'true', 'A-8,2125550107,10.00,yes'),
      {
        kind: 'unusable',
        line: 10,
        byteOffset: 225,
        reason: 'a quote that opens in this row is never closed',
        raw: '"A-9,2125550108,10.00,no',
      },
      good('A-10', 11, '2125550109', 'true', 'A-10,2125550109,10.00,yes'),
    ]);
  });

  test('a file cut off inside quotes ends in one unusable row', async () => {
    const rows = await read(fixture('record-cut-off.csv'), { account: 'acct_no', COL1: 'note' });
    expect(rows.map(({ kind, line, raw }) => ({ kind, line, raw }))).toEqual([
      { kind: 'desired', line: 2, raw: 'A-1,fine' },
      { kind: 'unusable', line: 3, raw: 'A-2,"cut off in the middle of a no' },
    ]);
  });

  test('bytes that are no UTF-8 make their row unusable and no other', async () => {
    const rows = await read(fixture('record-not-utf8.csv'), { account: 'acct_no', firstName: 'first' });
    expect(
      rows.map((row) => (row.kind === 'desired' ? [row.line, row.fields['firstName']] : [row.line, row.reason])),
    ).toEqual([
      [2, 'not valid UTF-8'],
      [3, 'Renée'],
      [4, 'not valid UTF-8'],
      [6, 'Ann'],
    ]);
  });

  test('a byte order mark, semicolons and CRLF are read as well', async () => {
    const rows = await read(
      fixture('record-byte-order-mark.csv'),
      { account: 'acct_no', COL1: 'first' },
      { delimiter: ';' },
    );
    expect(rows).toEqual([
      { kind: 'desired', account: 'A-1', line: 2, fields: { COL1: 'semi;colon' }, raw: 'A-1;"semi;colon"' },
      { kind: 'desired', account: 'A-2', line: 3, fields: { COL1: 'Ann' }, raw: 'A-2;Ann' },
    ]);
  });

  test('a file with nothing but a header has no rows', async () => {
    expect(await read(await setupFile('acct_no,first'), { account: 'acct_no' })).toEqual([]);
  });

  test('an account that appears twice comes out twice, for the diff to find', async () => {
    const rows = await read(await setupFile('acct_no\nA-1\nA-1\n'), { account: 'acct_no' });
    expect(rows.map((row) => [row.kind, row.account])).toEqual([
      ['desired', 'A-1'],
      ['desired', 'A-1'],
    ]);
  });

  test('the rows can be read again', async () => {
    const record = await open(csvSource(fixture('record-good.csv'), { account: 'acct_no' }));
    expect(record.label).toBe('record-good.csv');
    expect(await collect(record.rows())).toEqual(await collect(record.rows()));
  });

  test('an aborted reading stops with the reason of the abort', async () => {
    const path = await setupFile(`acct_no\n${'A-1\n'.repeat(200_000)}`);
    const controller = new AbortController();
    const readSome = async (): Promise<void> => {
      const record = await open(csvSource(path, { account: 'acct_no' }));
      for await (const row of record.rows(controller.signal)) {
        if (row.line === 10) controller.abort(new Error('stopped by hand'));
      }
    };
    await expect(readSome()).rejects.toThrow('stopped by hand');
  });
});

describe('a CSV file that cannot be used', () => {
  test('a missing file is told in one sentence', async () => {
    await expect(read('/nowhere/contacts.csv', { account: 'acct_no' })).rejects.toMatchObject({
      name: 'ConfigError',
      message: 'The system of record /nowhere/contacts.csv cannot be read: there is no such file. Check its path.',
    });
  });

  test('an empty file is told in one sentence', async () => {
    await expect(read(await setupFile(''), { account: 'acct_no' })).rejects.toThrow(
      new FatalError('contacts.csv is empty; it needs a header line at least.'),
    );
  });

  test('a mapped column that is missing is a fault of the configuration', async () => {
    const reading = read(fixture('record-good.csv'), { account: 'acct_number', firstName: 'first' });
    await expect(reading).rejects.toThrow(
      new ConfigError(
        'The column "acct_number", mapped to account, is missing in record-good.csv; the nearest is "acct_no".',
      ),
    );
  });

  test('a header in another encoding is told with its line', async () => {
    const path = await setupFile(Buffer.from('acct_no,pr\xe9nom\nA-1,Ann\n', 'latin1'));
    await expect(read(path, { account: 'acct_no' })).rejects.toThrow(
      new FatalError(
        'The header of contacts.csv (line 1) cannot be read: not valid UTF-8; mend the file, or set its encoding.',
      ),
    );
  });

  test('UTF-16 without a byte order mark is told as what it is', async () => {
    const path = await setupFile(Buffer.from('acct_no\nA-1\n', 'utf16le'));
    await expect(read(path, { account: 'acct_no' })).rejects.toThrow(
      new FatalError('The header of contacts.csv holds NUL characters; is it UTF-16? Then set its encoding.'),
    );
  });

  test('a header that another delimiter would divide is told with that delimiter', async () => {
    const path = await setupFile('acct_no\tfirst\nA-1\tAnn\n');
    await expect(read(path, { account: 'acct_no', firstName: 'first' })).rejects.toThrow(
      new ConfigError(
        'The header of contacts.csv is a single column; its values seem to be divided by "\\t": set delimiter.',
      ),
    );
  });

  test('a file that grows while it is read is refused', async () => {
    const path = await setupFile('acct_no\nA-1\n');
    const readWhileWriting = async (): Promise<void> => {
      const record = await open(csvSource(path, { account: 'acct_no' }));
      for await (const row of record.rows()) {
        if (row.line === 2) await appendFile(path, 'A-2\n');
      }
    };
    await expect(readWhileWriting()).rejects.toThrow('contacts.csv changed while it was read');
  });

  test('an unknown time zone is refused at once', async () => {
    const source = csvSource('x.csv', { account: 'a' });
    const opening = openSystemOfRecord(source, {
      timeZone: 'New York',
      clock: systemClock,
      known: { customFields: [], groups: undefined, agents: undefined },
    });
    await expect(opening).rejects.toThrow(ConfigError);
  });
});

describe('columns', () => {
  const mapping = { account: 'acct_no', firstName: 'first', lastName: 'last' };

  test('columns that have changed places are found by their names', async () => {
    const one = await read(await setupFile('acct_no,first,last\nA-1,Ann,Lee\n'), mapping);
    const other = await read(await setupFile('last,acct_no,first\nLee,A-1,Ann\n'), mapping);
    expect(one).toHaveLength(1);
    expect(other.map((row) => ({ ...row, raw: '' }))).toEqual(one.map((row) => ({ ...row, raw: '' })));
  });

  test('without a header the mapping counts columns from 1, and the first row says how many there are', async () => {
    const path = await setupFile('"never closed\nA-1,Ann,Lee\nA-2,Bob\n');
    const rows = await read(path, { account: '1', firstName: '2' }, { header: false });
    expect(summarize(rows, 'firstName')).toEqual([
      [1, 'a quote that opens in this row is never closed'],
      ['A-1', 'Ann'],
      [3, 'the row has 2 columns, the first row has 3'],
    ]);
    await expect(read(path, { account: '1', firstName: '7' }, { header: false })).rejects.toThrow(
      'The column "7", mapped to firstName, is missing in contacts.csv.',
    );
  });

  test('a list of names stands for a header, and the first line is a row', async () => {
    const path = await setupFile('Lee,A-1,Ann\nA-2,Bob\n');
    const rows = await read(path, mapping, { header: ['last', 'acct_no', 'first'] });
    expect(summarize(rows, 'firstName')).toEqual([
      ['A-1', 'Ann'],
      [2, 'the row has 2 columns, the list in header has 3'],
    ]);
  });

  test('a file that has a header although its names were listed makes no contact of it', async () => {
    const path = await setupFile('acct_no,first,last\nA-1,Ann,Lee\n');
    await expect(read(path, mapping, { header: ['acct_no', 'first', 'last'] })).rejects.toThrow(
      new FatalError('Line 1 of contacts.csv holds the names of the columns; set header to true.'),
    );
  });

  test('a column that stands twice is refused when it is mapped', async () => {
    await expect(read(await setupFile('acct_no,first,last,first\n'), mapping)).rejects.toThrow(
      new ConfigError('The column "first", mapped to firstName, stands 2 times in contacts.csv; rename all but one.'),
    );
  });

  test('tabs, and quotes that mean nothing', async () => {
    const path = await setupFile('acct_no\tfirst\nA-1\t"Ann" Lee\nA-2\t"\n');
    const rows = await read(path, { account: 'acct_no', firstName: 'first' }, { delimiter: '\t', quote: false });
    expect(summarize(rows, 'firstName')).toEqual([
      ['A-1', '"Ann" Lee'],
      ['A-2', '"'],
    ]);
  });

  test('another quote than the usual one', async () => {
    const path = await setupFile(`acct_no,first\nA-1,'Lee, "Ann" ''x'''\n`);
    const rows = await read(path, { account: 'acct_no', firstName: 'first' }, { quote: `'` });
    expect(summarize(rows, 'firstName')).toEqual([['A-1', `Lee, "Ann" 'x'`]]);
  });

  test('a half-written last row costs itself and no more', async () => {
    const rows = await read(await setupFile('acct_no,first,last\nA-1,Ann,Lee\nA-2,B'), mapping);
    expect(summarize(rows, 'lastName')).toEqual([
      ['A-1', 'Lee'],
      [3, 'the row has 2 columns, the header has 3'],
    ]);
  });

  test('without a header, an empty file is refused as well', async () => {
    await expect(read(await setupFile('\n'), { account: '1' }, { header: false })).rejects.toThrow(
      new FatalError('contacts.csv is empty; it needs a row at least.'),
    );
  });
});

/** Counts the rows of a file in a process whose heap is smaller than the file; prints rows, unusable rows and MB at most. */
const counting = `
  const { openSystemOfRecord } = await import(process.env.DOOR);
  const source = JSON.parse(process.env.SOURCE);
  const counts = { desired: 0, unusable: 0 };
  const record = await openSystemOfRecord(source, {
    timeZone: 'UTC',
    clock: { now: () => new Date() },
    known: { customFields: [], groups: undefined, agents: undefined },
  });
  for await (const row of record.rows()) counts[row.kind] += 1;
  console.log(JSON.stringify({ ...counts, megabytes: process.resourceUsage().maxRSS / 1024 }));
`;

describe('memory', () => {
  test.each([
    ['a file of 60 MB', 'A', { desired: 300_000, unusable: 0 }, false],
    ['a file of 60 MB with a quote never closed in its first row', '"A', { desired: 299_999, unusable: 1 }, false],
    ['a file of 60 MB when it is unzipped', 'A', { desired: 300_000, unusable: 0 }, true],
  ])(
    '%s is read in a heap of 48 MB',
    async (_, start, counts, isZipped) => {
      const note = 'x'.repeat(190);
      const rows = Array.from({ length: 299_999 }, (_unused, index) => `A-${index},${note}\n`);
      const text = `acct_no,note\n${start},${note}\n${rows.join('')}`;
      const path = await setupFile(isZipped ? gzipSync(text) : text);
      const source = csvSource(path, { account: 'acct_no', COL1: 'note' });
      const door = fileURLToPath(new URL('../../src/system-of-record/index.ts', import.meta.url));
      const args = ['--max-old-space-size=48', '--import', 'tsx', '--input-type=module', '-e', counting];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: { ...process.env, DOOR: door, SOURCE: JSON.stringify(source) },
      });
      const { megabytes, ...counted } = JSON.parse(stdout);
      expect(counted).toEqual(counts);
      expect(megabytes).toBeLessThan(300);
    },
    60_000,
  );
});

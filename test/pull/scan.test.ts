import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { type ContactField, findField } from '../../src/contact/index.ts';
import { FailedDownloadError } from '../../src/pull/failed-download.ts';
import { toRawText } from '../../src/pull/raw-text.ts';
import { Scanner, type ScannerOptions } from '../../src/pull/scan.ts';

const fields = toFields('account', 'dueDate', 'agentId', 'active', 'modifyDate', 'firstName');

type Rejected = { line: number; byteOffset: number; reason: string; raw: string };

function toFields(...names: string[]): readonly ContactField[] {
  return names.map((name) => {
    const field = findField(name);
    if (field === undefined) throw new Error(name);
    return field;
  });
}

/** Scans text or bytes, cut into chunks of `chunkBytes`. */
function scan(
  csv: string | Buffer,
  options: Partial<ScannerOptions> & { readonly chunkBytes?: number } = {},
): { passed: string; rejected: Rejected[]; scanner: Scanner } {
  const bytes = Buffer.from(csv);
  const rejected: Rejected[] = [];
  const scanner = new Scanner({
    fields,
    timeZone: 'America/New_York',
    onRejected: (row) => rejected.push({ ...row, raw: toRawText(row.bytes), ...{ bytes: undefined } }),
    ...options,
  });
  const passed: Buffer[] = [];
  const chunkBytes = options.chunkBytes ?? Math.max(1, bytes.length);
  for (let index = 0; index < bytes.length; index += chunkBytes) {
    passed.push(...scanner.push(Buffer.from(bytes.subarray(index, index + chunkBytes))));
  }
  passed.push(...scanner.end());
  return { passed: Buffer.concat(passed).toString('utf8'), rejected, scanner };
}

const good = 'A1,08/27/2018,12,true,08/27/2018 10:11:12,Ann\n';
const alsoGood = 'A2,,,,,\n';

describe('Scanner', () => {
  it('passes good rows on byte for byte', () => {
    const csv = `${good}"A,2",,,,,"said ""hi""\nand left"\n"","08/27/2018","12","true",,x\n`.replace('"",', '"A3",');
    expect(scan(csv)).toMatchObject({ passed: csv, rejected: [] });
  });

  it.each([
    ['too few columns', 'B,1\n', 'too few columns: 2 of 6'],
    ['too many columns', 'B,,,,,,\n', 'too many columns: 7 of 6'],
    ['a quote inside an unquoted account', 'B"1,,,,,Ann\n', 'account: quote in the wrong place'],
    ['blanks behind a quoted account', '"B" ,,,,,Ann\n', 'account: quote in the wrong place'],
    ['a comma inside stray quotes', 'B,,,,,Ann "Nan, Lee"\n', 'firstName: quote in the wrong place'],
    ['stray quotes in a typed field', 'B,,"12" x,,,\n', 'agentId: quote in the wrong place'],
    ['a suspect row with a wrong value', 'B,soon,,,,5" pipe\n', 'dueDate: not a calendar date'],
    ['text behind a closing quote', 'B,,,,,"Ann"x\n', 'firstName: quote in the wrong place'],
    ['a quote that never closes', 'B,,,,,"Ann\n', 'firstName: quote is not closed'],
    ['a bare carriage return in the account', 'B\r1,,,,,Ann\n', 'account: carriage return outside of quotes'],
    ['a carriage return before the line end', 'B,,,,,Ann\r\r\n', 'firstName: carriage return outside of quotes'],
    ['rows that end in different ways', 'B,,,,,Ann\rC,,,,,\n', 'firstName: carriage return outside of quotes'],
    ['an offset that no clock has', 'B,,,,2018-08-27T10:11:12+16:00,\n', 'modifyDate: not a time'],
    ['an empty account', ',,,,,Ann\n', 'account: empty'],
    ['a quoted empty account', '"",,,,,Ann\n', 'account: empty'],
    ['a blank account', '  ,,,,,Ann\n', 'account: empty'],
    ['an endless account', `${'B'.repeat(1001)},,,,,\n`, 'account: longer than 1000 bytes'],
    ['a word for a date', 'B,soon,,,,\n', 'dueDate: not a calendar date'],
    ['a day that does not exist', 'B,02/30/2020,,,,\n', 'dueDate: not a calendar date'],
    ['a leap day in a common year', 'B,02/29/1900,,,,\n', 'dueDate: not a calendar date'],
    ['day before month', 'B,27/08/2018,,,,\n', 'dueDate: not a calendar date'],
    ['a word for a number', 'B,,many,,,\n', 'agentId: not a whole number'],
    ['a number out of range', 'B,,2147483648,,,\n', 'agentId: a whole number out of range'],
    ['a fraction for a whole number', 'B,,1.5,,,\n', 'agentId: not a whole number'],
    ['a word for yes or no', 'B,,,maybe,,\n', 'active: neither yes nor no'],
    ['an hour that does not exist', 'B,,,,08/27/2018 24:00:00,\n', 'modifyDate: not a time'],
    ['NUL', 'B,,,,,An\0n\n', 'contains a NUL character'],
  ])('quarantines %s with line, offset, reason and raw text, and keeps the neighbours', (_, row, reason) => {
    const { passed, rejected, scanner } = scan(good + row + alsoGood, { linesBefore: 1, bytesBefore: 100 });
    expect(passed).toBe(good + alsoGood);
    expect(rejected).toEqual([
      { line: 3, byteOffset: 100 + good.length, reason, raw: row.replace(/\r?\n$/, '').replace('\0', '\\x00') },
    ]);
    expect(scanner).toMatchObject({ passedRows: 2, rejectedRows: 1 });
  });

  it('shows bytes that are not UTF-8 escaped', () => {
    const row = Buffer.concat([Buffer.from('B,,,,,Mü'), Buffer.from([0xff, 0xc3]), Buffer.from('\n')]);
    const { rejected, passed } = scan(Buffer.concat([Buffer.from(good), row, Buffer.from(alsoGood)]));
    expect(rejected).toEqual([{ line: 2, byteOffset: good.length, reason: 'not UTF-8', raw: 'B,,,,,Mü\\xff\\xc3' }]);
    expect(passed).toBe(good + alsoGood);
  });

  it.each([
    ['a quote inside an unquoted field', '5" pipe', '"5"" pipe"', '5" pipe'],
    ['a nickname in quotes', 'Ann "Nan" Lee', '"Ann ""Nan"" Lee"', 'Ann "Nan" Lee'],
    ['a blank before a quote', ' "x"', '" ""x"""', ' "x"'],
    ['blanks behind a closing quote', '"a,b" \t', '"a,b"', 'a,b'],
    ['a no-break space behind a closing quote', '"Ann"\u00a0', 'Ann', 'Ann'],
    ['a carriage return behind a closing quote', '"Ann"\r', 'Ann', 'Ann'],
    ['a bare carriage return', 'An\rn', '"An\rn"', 'An\rn'],
  ])(
    'lets papaparse read what is suspect, and writes it so that nobody reads it in another way: %s',
    (_, field, written, value) => {
      const columns = toFields('account', 'firstName', 'agentId');
      const csv = `A1,${field}," 7 "\r\nA2,"two\r\nlines",\r\n`;
      const { passed, rejected } = scan(csv, { fields: columns });
      expect(rejected).toEqual([]);
      expect(passed).toBe(`A1,${written},7\nA2,"two\r\nlines",\n`.replaceAll(',\n', ',\r\n').replace(',7\n', ',7\r\n'));
      expect(Papa.parse<string[]>(passed, { newline: '\r\n' }).data[0]).toEqual(['A1', value, '7']);
    },
  );

  it('a suspect row may hold line breaks inside quotes, and a mark like the one a file may begin with', () => {
    const csv = `\uFEFFB,,,,"08/27/2018\n",5" "pipe"\n${good}`;
    expect(scan(csv).passed).toBe(`\uFEFFB,,,,2018-08-27T00:00:00.000,"5"" ""pipe"""\n${good}`);
  });

  it('resumes at the next line, so that a stray quote does not swallow the rows that follow', () => {
    const stray = 'B,,,,,"Ann\n';
    const { passed, rejected } = scan(`${good + stray + alsoGood}A3,,,,,"quoted"\n${alsoGood}`);
    expect(passed).toBe(`${good + alsoGood}A3,,,,,"quoted"\n${alsoGood}`);
    expect(rejected.map(({ line, raw }) => ({ line, raw }))).toEqual([{ line: 2, raw: 'B,,,,,"Ann' }]);
  });

  it('quarantines a row with a line break inside quotes whole when only a value is wrong', () => {
    const { rejected, passed } = scan(`A1,never,,,,"two\nlines"\n${alsoGood}B,1\n`);
    expect(passed).toBe(alsoGood);
    expect(rejected).toEqual([
      { line: 1, byteOffset: 0, reason: 'dueDate: not a calendar date', raw: 'A1,never,,,,"two\nlines"' },
      { line: 4, byteOffset: 32, reason: 'too few columns: 2 of 6', raw: 'B,1' },
    ]);
  });

  it('takes a quote that does not close within its reach for a stray one, wherever the chunks end', () => {
    const rows = alsoGood.repeat(40);
    for (const chunkBytes of [7, 64, 1000]) {
      const { passed, rejected } = scan(`B,,,,,"Ann\n${rows}`, { maxQuotedBytes: 100, chunkBytes });
      expect(rejected).toHaveLength(1);
      expect(passed).toBe(rows);
    }
  });

  it('accepts CRLF, and gives all rows the line end of the first', () => {
    const crLf = 'A1,,,,,Ann\r\nA2,,,,,"two\nlines"\r\n';
    expect(scan(crLf)).toMatchObject({ passed: crLf, rejected: [] });
    expect(scan('A1,,,,,\nA2,,,,,\r\nA3,,,,,\n').passed).toBe('A1,,,,,\nA2,,,,,\nA3,,,,,\n');
    expect(scan('A1,,,,,\r\nA2,,,,,\nA3,,,,,').passed).toBe('A1,,,,,\r\nA2,,,,,\r\nA3,,,,,\r\n');
  });

  it('reads rows that end in a bare carriage return, and gives them line feeds', () => {
    const csv = 'A1,,12,,,"one\rtwo\nthree"\rB,1\r\rA2,,,,,5" pipe\rB,,,,,a\nb\n\rA3,,,,,\r';
    for (const chunkBytes of [1, 5, 1000]) {
      const { passed, rejected, scanner } = scan(csv, { endsInCr: true, chunkBytes, linesBefore: 1 });
      expect(passed).toBe('A1,,12,,,"one\rtwo\nthree"\nA2,,,,,"5"" pipe"\nA3,,,,,\n');
      expect(rejected).toEqual([
        { line: 4, byteOffset: 25, reason: 'too few columns: 2 of 6', raw: 'B,1' },
        { line: 7, byteOffset: 45, reason: 'firstName: line feed outside of quotes', raw: 'B,,,,,a\nb\n' },
      ]);
      expect([1, 3, 4].map((line) => scanner.toLine(line))).toEqual([2, 6, 8]);
    }
    expect(scan('A1,,,,,Ann\rA2,,,,,', { endsInCr: true }).passed).toBe('A1,,,,,Ann\nA2,,,,,\n');
    expect(() => scan('A1,,,,,Ann\rA2,,,,', { endsInCr: true })).toThrow(FailedDownloadError);
  });

  it('knows the line behind a value that loses its line breaks', () => {
    const { scanner, passed } = scan(`A1,"\n08/27/2018\n",,,,\n${good}`);
    expect(passed).toBe(`A1,2018-08-27,,,,\n${good}`);
    expect([1, 2].map((line) => scanner.toLine(line))).toEqual([1, 4]);
  });

  it('skips blank lines', () => {
    expect(scan(`\n${good}\r\n\n${alsoGood}\n`)).toMatchObject({ passed: good + alsoGood, rejected: [] });
  });

  it.each([
    ['epoch milliseconds of an instant', '1535379072000,', '2018-08-27T14:11:12.000Z,'],
    ['negative epoch milliseconds', '-1000,', '1969-12-31T23:59:59.000Z,'],
    ['a padded time', '" 08/27/2018 10:11 ",', '2018-08-27T10:11:00.000,'],
    ['blanks', '   ,', ','],
  ])('rewrites what COPY cannot take: %s', (_, from, to) => {
    expect(scan(`A1,,,,${from}Ann\n${good}`)).toMatchObject({ passed: `A1,,,,${to}Ann\n${good}`, rejected: [] });
  });

  it.each([
    ['midnight UTC', '473385600000', '1985-01-01'],
    ['midnight at the client', '473403600000', '1985-01-01'],
    ['midnight at the client, in digits that may be read as a day', '184309200000', '1975-11-04'],
    ['an instant with a zone', '2018-08-28T02:00:00Z', '2018-08-27'],
    ['a date with a time of day', '08/27/2018 23:59:59', '2018-08-27'],
    ['unpadded', '8/7/2018', '2018-08-07'],
  ])('rewrites a date that is given as %s', (_, from, to) => {
    expect(scan(`A1,${from},,,,\n`)).toMatchObject({ passed: `A1,${to},,,,\n`, rejected: [] });
  });

  it.each(['20180827', '201808271011', '20180827101112'])('refuses %s, which may be a date or an epoch', (digits) => {
    expect(scan(`A1,${digits},,,${digits},\n`).rejected).toMatchObject([{ reason: 'dueDate: not a calendar date' }]);
  });

  it.each([
    'A1,08/27/2018,12,true,08/27/2018 10:11:12,An',
    'A1,08/27',
    'A1,,,,',
    'A1,,,,,"An',
    'A1,,,,,"two\nli',
    'A1,,,,"two\n',
    'A1,08/27/2018,12,true,"08/27',
  ])('a last row cut short is a failed download: %j', (last) => {
    const csv = good + last;
    if (last.endsWith(',An')) expect(scan(csv)).toMatchObject({ passed: `${csv}\n`, rejected: [] });
    else expect(() => scan(csv)).toThrow(FailedDownloadError);
  });

  it('a last row cut inside a character is a failed download', () => {
    expect(() => scan(Buffer.from(`${good}A2,,,,,Mü`).subarray(0, -1))).toThrow(FailedDownloadError);
  });

  it('a malformed last row with all its columns is quarantined, not taken for a cut', () => {
    expect(scan(`${good}B,,,,,"Ann\n`).rejected).toMatchObject([{ reason: 'firstName: quote is not closed' }]);
    expect(scan(`${good}B,,,,,,,`).rejected).toMatchObject([{ reason: 'too many columns: 8 of 6', raw: 'B,,,,,,,' }]);
  });

  it('knows which line of the file a line of what it passed on was', () => {
    const csv = `${good}B\n\n${good}A2,,,,,"two\nlines"\nB\n${good}`;
    for (const chunkBytes of [3, 1000]) {
      const { scanner } = scan(csv, { linesBefore: 2, chunkBytes });
      expect([1, 2, 3, 4, 5].map((line) => scanner.toLine(line))).toEqual([3, 6, 7, 8, 10]);
    }
  });

  it('gives the same result however the bytes are cut into chunks', () => {
    const pieces = [
      'A',
      '1',
      ',',
      ',',
      ',',
      '"',
      '""',
      '\n',
      '\r\n',
      '\r',
      'ü',
      '\0',
      'true',
      '08/27/2018',
      '1535379072000',
    ];
    const csvs = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(good, alsoGood, 'B,1\n')), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(csvs, fc.integer({ min: 1, max: 30 }), (parts, chunkBytes) => {
        const csv = parts.join('');
        expect(attempt(() => scan(csv, { chunkBytes, maxQuotedBytes: 60 }))).toEqual(
          attempt(() => scan(csv, { maxQuotedBytes: 60 })),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with papaparse on every well-formed row', () => {
    const texts = toFields('account', 'firstName', 'lastName', 'city');
    const value = fc.string({
      unit: fc.constantFrom('a', 'ü', '"', ',', '\n', '\r\n', ' ', '\\', '.', '€'),
      maxLength: 8,
    });
    const rows = fc.array(fc.tuple(fc.constantFrom('A1', 'x,"y"', '\\.'), value, value, value), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        rows,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        (table, isCrLf, quotes, chunkBytes) => {
          const newline = isCrLf ? '\r\n' : '\n';
          const csv = Papa.unparse(table, { newline, quotes }) + newline;
          const { passed, rejected } = scan(csv, { fields: texts, chunkBytes });
          expect(rejected).toEqual([]);
          expect(passed).toBe(csv);
          expect(Papa.parse(passed.slice(0, -newline.length), { newline }).data).toEqual(table);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('loses no good row of a file with random damage, where papaparse sees the same row in a line of its own', () => {
    const damage = fc.constantFrom('B,1\n', 'B,,,,,,\n', 'B"1,,,,,ab\n', ',,,,,\n', 'B,x,,,,\n', 'B,,,,,"ab"c\n');
    const rows = fc.array(
      fc.oneof(
        fc.nat({ max: 9 }).map((n) => `G${n},,${n},,,"a,b"\n`),
        damage,
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 40 }), (lines, chunkBytes) => {
        const expected = lines.filter((line) => line.startsWith('G'));
        const { passed, rejected } = scan(lines.join(''), { chunkBytes });
        expect(passed).toBe(expected.join(''));
        expect(rejected.map(({ raw }) => `${raw}\n`)).toEqual(lines.filter((line) => !line.startsWith('G')));
      }),
      { numRuns: 2000 },
    );
  });
});

function attempt(work: () => { passed: string; rejected: Rejected[] }): unknown {
  try {
    const { passed, rejected } = work();
    return { passed, rejected };
  } catch (error) {
    return String(error);
  }
}

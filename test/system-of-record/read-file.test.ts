/** Files as bytes: gzip and archives are known by their first bytes, and what is cut off or damaged is refused. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FatalError } from '../../src/errors.ts';
import type { RecordRow } from '../../src/system-of-record/index.ts';
import { csvSource, open, readAll, setupFile } from './open-record.ts';

const mapping = { account: 'acct_no' };

async function read(content: Buffer, name?: string): Promise<RecordRow[]> {
  return readAll(csvSource(await setupFile(content, name), mapping));
}

describe('a gzipped file', () => {
  test('is known by its first bytes, whatever its name; lines and offsets are those of its content', async () => {
    expect(await read(gzipSync('\uFEFFacct_no\nA-1\n ,\n'))).toEqual([
      { kind: 'desired', account: 'A-1', line: 2, fields: {}, raw: 'A-1' },
      { kind: 'unusable', line: 3, byteOffset: 15, reason: 'the row has 2 columns, the header has 1', raw: ' ,' },
    ]);
  });

  test('may consist of parts that were gzipped one after the other', async () => {
    const rows = await read(Buffer.concat([gzipSync('acct_no\nA-1\n'), gzipSync('A-2\n')]));
    expect(rows.map((row) => row.account)).toEqual(['A-1', 'A-2']);
  });

  test('is refused when it is cut off or damaged', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `A-${index}${(index * 7919) % 10_007}\n`);
    const whole = gzipSync(`acct_no\n${rows.join('')}`);
    await expect(read(whole.subarray(0, -9), 'contacts.csv.gz')).rejects.toThrow(
      new FatalError('contacts.csv.gz is cut off or damaged: unexpected end of file; bring it anew, then run again.'),
    );
    whole[whole.length - 6] = (whole.at(-6) ?? 0) ^ 0xff;
    await expect(read(whole, 'contacts.csv.gz')).rejects.toThrow('contacts.csv.gz is cut off or damaged');
  });

  test('can be left in the middle and read anew', async () => {
    const record = await open(csvSource(await setupFile(gzipSync(`acct_no\n${'A-1\n'.repeat(2_000_000)}`)), mapping));
    const readTen = async (): Promise<number> => {
      for await (const row of record.rows()) if (row.line === 10) return row.line;
      return 0;
    };
    expect([await readTen(), await readTen()]).toEqual([10, 10]);
  });
});

test('a workbook or an archive is told as what it is', async () => {
  await expect(read(Buffer.from('PK\u0003\u0004rest of the workbook'))).rejects.toThrow(
    new FatalError('contacts.csv is a ZIP archive or a workbook; unpack it, or save it as CSV.'),
  );
});

/** Encodings, through whole files: what is no text of the encoding costs its row and never reaches the data. */
import { describe, expect, test } from 'vitest';
import type { TextEncoding } from '../../src/config.ts';
import { csvSource, readAll, setupFile, summarize } from './open-record.ts';

const text = 'acct_no,first\nA-1,Renée\nA-2,"Zoë\n“x”"\n';
const expected = [
  ['A-1', 'Renée'],
  ['A-2', 'Zoë\n“x”'],
];

async function read(bytes: Buffer, encoding: TextEncoding): Promise<readonly unknown[]> {
  const source = csvSource(await setupFile(bytes), { account: 'acct_no', firstName: 'first' }, { encoding });
  return summarize(await readAll(source), 'firstName');
}

describe('encodings', () => {
  test('windows-1252 is read when it is said, with its own quotation marks and the euro', async () => {
    const bytes = Buffer.from(text.replace('“', '\x93').replace('”', '\x94'), 'latin1');
    expect(await read(bytes, 'windows-1252')).toEqual(expected);
    const others = Buffer.from('acct_no,first\nA-1,\x80\nA-2,\x81\nA-3,\xff\n', 'latin1');
    expect(await read(others, 'windows-1252')).toEqual([
      ['A-1', '€'],
      [3, 'not valid windows-1252'],
      ['A-3', 'ÿ'],
    ]);
  });

  test('what only windows-1252 has is no ISO 8859-1, and costs its row', async () => {
    const bytes = Buffer.from('acct_no,first\nA-1,Ren\xe9e\nA-2,\x93x\x94\n', 'latin1');
    expect(await read(bytes, 'iso-8859-1')).toEqual([
      ['A-1', 'Renée'],
      [3, 'not valid ISO 8859-1'],
    ]);
  });

  test.each([
    ['UTF-8', 'utf-16be', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16LE', 'windows-1252', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16BE', 'utf-8', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ] as const)('the byte order mark of %s wins over %s in the configuration', async (_, encoding, bytes) => {
    expect(await read(bytes, encoding)).toEqual(expected);
  });

  test('UTF-16 without a mark is read when it is said, offsets in bytes', async () => {
    const path = await setupFile(Buffer.from('acct_no,first\nA-1,Renée\n,x\n', 'utf16le').swap16());
    const source = csvSource(path, { account: 'acct_no', firstName: 'first' }, { encoding: 'utf-16be' });
    expect(await readAll(source)).toMatchObject([
      { account: 'A-1', fields: { firstName: 'Renée' } },
      { kind: 'unusable', line: 3, byteOffset: 48, reason: 'account is empty' },
    ]);
  });

  test('a file in another encoding than was said gets no replacement character into the data', async () => {
    const bytes = Buffer.from('acct_no,first\nA-1,Ren\xe9e\nA-2,\x93x\x94\n', 'latin1');
    expect(await read(bytes, 'utf-8')).toEqual([
      [2, 'not valid UTF-8'],
      [3, 'not valid UTF-8'],
    ]);
  });
});

import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import type { TextEncoding } from '../../src/config.ts';
import { encodings } from '../../src/system-of-record/encoding.ts';
import { RecordSplitter, type TextRecord } from '../../src/system-of-record/text-records.ts';

/** Splits `bytes` handed over in chunks of that many bytes. */
function split(
  bytes: Buffer | string,
  chunkBytes = 7,
  delimiter = ',',
  encoding: TextEncoding = 'utf-8',
): TextRecord[] {
  const buffer = Buffer.from(bytes);
  const splitter = new RecordSplitter({ delimiter, quote: '"' }, encodings[encoding], 0);
  const records: TextRecord[] = [];
  for (let at = 0; at < buffer.length; at += chunkBytes)
    records.push(...splitter.push(buffer.subarray(at, at + chunkBytes)));
  return [...records, ...splitter.end()];
}

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', ' ', 'a', 'é') }),
);
const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });

describe('RecordSplitter', () => {
  test('gives every well-formed row back as it stood, wherever the chunks end', () => {
    fc.assert(
      fc.property(
        table,
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('\n', '\r\n'),
        (rows, chunkBytes, newline) => {
          const texts = rows.map((row) => Papa.unparse([row], { quotes: true }));
          const bytes = Buffer.from(texts.join(newline) + newline);
          const records = split(bytes, chunkBytes);
          expect(records.map((record) => record.text)).toEqual(texts);
          expect(records.map((record) => record.reason)).toEqual(texts.map(() => undefined));
          for (const { byteOffset, line, text } of records) {
            expect(bytes.subarray(byteOffset, byteOffset + Buffer.byteLength(text)).toString()).toBe(text);
            expect(bytes.subarray(0, byteOffset).toString().split('\n').length).toBe(line);
          }
        },
      ),
    );
  });

  test('loses and repeats no byte of any input', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', ' ') }),
        fc.integer({ min: 1, max: 9 }),
        (text, chunkBytes) => {
          const ended = `${text}\n`;
          expect(
            split(ended, chunkBytes)
              .map((record) => `${record.text}\n`)
              .join(''),
          ).toBe(ended);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('the records do not depend on where the chunks end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', 'é') }),
        fc.integer({ min: 1, max: 9 }),
        (text, chunkBytes) => {
          expect(split(text, chunkBytes)).toEqual(split(text, 1_000_000));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a stray quote costs the rest of its line and no more', () => {
    expect(split('a,"b"c\nd,e\nf,g"h\ni,j\n')).toEqual([
      { line: 1, byteOffset: 0, text: 'a,"b"c', reason: 'a quote stands where none may stand' },
      { line: 2, byteOffset: 7, text: 'd,e' },
      { line: 3, byteOffset: 11, text: 'f,g"h', reason: 'a quote stands where none may stand' },
      { line: 4, byteOffset: 17, text: 'i,j' },
    ]);
  });

  test('a quote that is never closed costs the line that opened it and no more', () => {
    expect(split('a,b\n"c,d\ne,f\ng,h')).toEqual([
      { line: 1, byteOffset: 0, text: 'a,b' },
      { line: 2, byteOffset: 4, text: '"c,d', reason: 'a quote that opens in this row is never closed' },
      { line: 3, byteOffset: 9, text: 'e,f' },
      { line: 4, byteOffset: 13, text: 'g,h' },
    ]);
  });

  test('a quote that is not closed within a mebibyte is given up without holding the file', () => {
    const line = `${'x'.repeat(99)}\n`;
    const records = split(`"open\n${line.repeat(30_000)}`, 65_536);
    expect(records).toHaveLength(30_001);
    expect(records[0]).toEqual({
      line: 1,
      byteOffset: 0,
      text: '"open',
      reason: 'a quote that opens in this row is never closed',
    });
    expect(records.at(-1)).toEqual({ line: 30_001, byteOffset: 6 + 29_999 * 100, text: 'x'.repeat(99) });
  });

  test('a line longer than a mebibyte is one unusable record and the next line is read', () => {
    const records = split(`a,b\n${'é'.repeat(700_000)}\nc,d\n`, 65_536);
    expect(records.map(({ line, byteOffset, reason }) => ({ line, byteOffset, reason }))).toEqual([
      { line: 1, byteOffset: 0, reason: undefined },
      { line: 2, byteOffset: 4, reason: 'the line is longer than 1 MiB' },
      { line: 3, byteOffset: 1_400_005, reason: undefined },
    ]);
  });

  test('bytes that are no UTF-8 cost their record, a replacement character in the file does not', () => {
    const bytes = Buffer.concat([Buffer.from('a,b\nc,'), Buffer.from([0xe9]), Buffer.from('\n\uFFFD,e\n')]);
    expect(split(bytes).map((record) => record.reason)).toEqual([undefined, 'not valid UTF-8', undefined]);
  });

  test('a delimiter of any length is known', () => {
    expect(split('"a"||"b""c"||d\ne||"f"|g\n', 7, '||').map((record) => record.reason)).toEqual([
      undefined,
      'a quote stands where none may stand',
    ]);
  });

  test.each(['utf-16le', 'utf-16be'] as const)(
    '%s is cut where its characters end, wherever the chunks do',
    (encoding) => {
      // U+0A0A and U+0A0D are made of the bytes of line ends.
      const letters = fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', '\u0a0a', '\u0a0d', '\u010a', '😀') });
      fc.assert(
        fc.property(letters, fc.integer({ min: 1, max: 9 }), (text, chunkBytes) => {
          const bytes = Buffer.from(text, 'utf16le');
          const found = split(encoding === 'utf-16be' ? bytes.swap16() : bytes, chunkBytes, ',', encoding);
          const expected = split(text, 1_000_000);
          expect(found.map(({ byteOffset: _, ...rest }) => rest)).toEqual(
            expected.map(({ byteOffset: _, ...rest }) => rest),
          );
        }),
        { numRuns: 1000 },
      );
    },
  );

  test('in UTF-16 half a character and half a pair cost their record, and a line too long leaves the next in step', () => {
    const text = (value: string): Buffer => Buffer.from(value, 'utf16le');
    const bytes = Buffer.concat([text(`a\n\ud83d\n${'é'.repeat(700_000)}\nb\n`), Buffer.from('c')]);
    expect(split(bytes, 65_537, ',', 'utf-16le').map(({ line, reason }) => [line, reason])).toEqual([
      [1, undefined],
      [2, 'not valid UTF-16LE'],
      [3, 'the line is longer than 1 MiB'],
      [4, undefined],
      [5, 'not valid UTF-16LE'],
    ]);
  });
});

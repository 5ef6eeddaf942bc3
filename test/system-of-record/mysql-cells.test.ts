/** What MySQL itself sends otherwise than MariaDB, and what needs no server. */
import fc from 'fast-check';
import mysql from 'mysql2';
import { describe, expect, test } from 'vitest';
import { toCellReader } from '../../src/system-of-record/mysql-cells.ts';

const { Types } = mysql;
const binary = 63;

function readCell(columnType: number, text: string | Buffer, characterSet = 45): unknown {
  return toCellReader({ name: 'x', columnType, characterSet })(Buffer.from(text as string));
}

describe('the cells of a MySQL result', () => {
  test.each([
    ['"Zoë"', 'Zoë'],
    ['12345678901234567890.10', '12345678901234567890.10'],
    ['false', 'false'],
    ['null', null],
    ['{"a": 1}', { problem: expect.stringContaining('a JSON list or object') }],
    ['["a"]', { problem: expect.stringContaining('a JSON list or object') }],
    ['"cut', { problem: 'not valid JSON' }],
  ])('a JSON column has the character set binary and is text all the same: %s', (json, cell) => {
    expect(readCell(Types.JSON, json, binary)).toEqual(cell);
  });

  test.each([Types.BLOB, Types.VAR_STRING, Types.STRING])('text and bytes share the type %i', (type) => {
    expect(readCell(type, 'Zoë')).toBe('Zoë');
    expect(readCell(type, 'Zoë', binary)).toEqual({ problem: expect.stringContaining('bytes, not text') });
  });

  test('numbers have the character set binary and are text', () => {
    for (const type of [Types.LONGLONG, Types.NEWDECIMAL, Types.DOUBLE, Types.TINY, Types.YEAR])
      expect(readCell(type, '-00120', binary)).toBe('-00120');
  });

  test('a vector is told as bytes', () => {
    expect(readCell(Types.VECTOR, Buffer.from([1, 2]), binary)).toEqual({ problem: expect.stringContaining('bytes') });
  });

  test('the bits of a BIT are a whole number, however many they are', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (number) => {
        const bytes = Buffer.from(number.toString(16).padStart(16, '0'), 'hex');
        expect(readCell(Types.BIT, bytes, binary)).toBe(number.toString());
      }),
    );
  });

  test('every zero in month or day is a zero date, and no other day is', () => {
    const number = (max: number, digits: number) => fc.nat(max).map((n) => String(n).padStart(digits, '0'));
    fc.assert(
      fc.property(number(9999, 4), number(12, 2), number(31, 2), (year, month, day) => {
        const text = `${year}-${month}-${day}`;
        const isZero = month === '00' || day === '00';
        const problem = { problem: expect.stringContaining('a zero date') };
        expect(readCell(Types.DATE, text, binary)).toEqual(isZero ? problem : text);
        expect(readCell(Types.TIMESTAMP, `${text} 00:00:00`, binary)).toEqual(isZero ? problem : `${text} 00:00:00Z`);
      }),
    );
  });
});

/** Values as people read them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAge, formatCounts, formatTable, formatValue } from '../../src/cli/print.ts';

describe('formatValue', () => {
  test.each([
    [null, '(empty)'],
    ['', ''],
    ['Zoë 🙂', 'Zoë 🙂'],
    ['\u001b[2J', '\\u{1b}[2J'],
    ['a\u009bb\u202ec\n', 'a\\u{9b}b\\u{202e}c\\u{a}'],
  ])('%j cannot drive the terminal', (value, shown) => {
    expect(formatValue(value)).toBe(shown);
  });
});

describe('formatCounts', () => {
  test('counts of nothing are left out, unless all are', () => {
    expect(formatCounts({ read: 20_000, leftOut: 0, not_expressible: 3, file: null })).toBe(
      'read 20,000 · not expressible 3',
    );
    expect([formatCounts({ read: 0 }), formatCounts({})]).toEqual(['nothing', '']);
  });
});

describe('formatTable', () => {
  test('columns are aligned, and no line ends in blanks', () => {
    expect(
      formatTable(
        [
          ['a', 'bb'],
          ['ccc', ''],
          ['d', 'e'],
        ],
        '  ',
      ),
    ).toBe('  a    bb\n  ccc\n  d    e\n');
  });
});

describe('formatTable on a terminal', () => {
  const cell = fc.string({ maxLength: 12 });
  const rows = fc
    .integer({ min: 1, max: 5 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }),
    );

  test('no line is wider than the terminal, and colours do not move a column', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 60 }), (table, columns) => {
        const plain = formatTable(table, '', { columns });
        for (const line of plain.split('\n')) expect([...line].length).toBeLessThanOrEqual(columns);
        const painted = formatTable(table, '', { columns, paint: (text) => `<<${text}>>` });
        expect(painted.replaceAll(/<<|>>/g, '').replaceAll(/ +$/gm, '')).toBe(
          plain.replaceAll(/<<|>>/g, '').replaceAll(/ +$/gm, ''),
        );
      }),
    );
  });

  test('what does not fit is cut with …', () => {
    expect(formatTable([['a', 'state', 'a long message']], ' ', { columns: 15 })).toBe(' a  state  a l…\n');
  });
});

describe('formatAge', () => {
  test.each([
    [-5_000, '0 s'],
    [119_000, '119 s'],
    [3_600_000, '60 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 days'],
  ])('%d ms is %s', (ageMs, shown) => {
    expect(formatAge(ageMs)).toBe(shown);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonLine } from '../../src/system-of-record/json-line.ts';

/** Every number of a value as the text that JSON has for it. */
function toTexts(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(toTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toTexts(inner)]));
}

describe('parseJsonLine', () => {
  test('numbers stay as they were written', () => {
    const line = '{"a":12345678901234567890,"b":1.10,"c":-0,"d":1E+2,"e":[0.1,{"f":7}],"1":2}';
    expect(parseJsonLine(line)).toEqual({
      row: { a: '12345678901234567890', b: '1.10', c: '-0', d: '1E+2', e: ['0.1', { f: '7' }], '1': '2' },
    });
  });

  test('what stands in strings is left alone, whatever it looks like', () => {
    const object = { 'a\\": 12': 'x: 3, "4", [5]\\', b: '"6\\"', 'c"': '\u2028 -7' };
    expect(parseJsonLine(JSON.stringify(object))).toEqual({ row: object });
  });

  test('any object comes out as it went in, but for its numbers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (object) => {
        const written = JSON.parse(JSON.stringify(object));
        expect(parseJsonLine(JSON.stringify(object))).toEqual({ row: toTexts(written) });
      }),
    );
  });

  test.each([
    ['{"a":1', 'not valid JSON'],
    ['{"a":01}', 'not valid JSON'],
    ['{1:2}', 'not valid JSON'],
    ['{"a":NaN}', 'not valid JSON'],
    ['[1]', 'not a JSON object'],
    ['"A-1"', 'not a JSON object'],
    ['null', 'not a JSON object'],
  ])('%s is refused: %s', (line, reason) => {
    expect(parseJsonLine(line)).toEqual({ reason });
  });
});

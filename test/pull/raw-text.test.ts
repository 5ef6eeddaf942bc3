import { describe, expect, it } from 'vitest';
import { toRawText } from '../../src/pull/raw-text.ts';

describe('toRawText', () => {
  it('keeps a row without its line end', () => {
    expect(toRawText(Buffer.from('A1,"two\nlines",ü\r\n'))).toBe('A1,"two\nlines",ü');
    expect(toRawText(Buffer.from('A1'))).toBe('A1');
  });

  it('shows NUL and bytes that are not UTF-8 escaped, and the rest as it is', () => {
    const bytes = Buffer.concat([
      Buffer.from('ü\0'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('€😀'),
      Buffer.from([0xf0, 0x9f]),
    ]);
    expect(toRawText(bytes)).toBe('ü\\x00\\xe2\\x82€😀\\xf0\\x9f');
  });

  it('is bounded, ends between two characters, and says how much is missing', () => {
    const text = toRawText(Buffer.from(`x${'€'.repeat(10_000)}`));
    expect(text).toBe(`x${'€'.repeat(5461)}… (13617 more bytes)`);
  });
});

/** LiveVox's words, which may quote a contact, as they are shown by default. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskWords } from '../../src/cli/mask-words.ts';

test.each([
  ['Request could not be processed', 'Request could not be processed'],
  ["The contact doesn't exist, and can't be updated", "The contact doesn't exist, and can't be updated"],
  ['createContactDetails[3].phone[1].ordinal: not 1..10', 'createContactDetails[3].phone[1].ordinal: not 1..10'],
  ['Invalid phone 2015550123 at ordinal 3', 'Invalid phone … at ordinal 3'],
  ['Invalid phone (201) 555-0123.', 'Invalid phone (….'],
  ['born 1980-05-17 is no date', 'born … is no date'],
  ['last name "O\'Brien" is too long', 'last name … is too long'],
  ["last name 'O'Brien' is too long", 'last name … is too long'],
  ['value “Sally” and ‘Yam’ and `x`', 'value … and … and …'],
  ['bob.o+x@example.com is taken', '… is taken'],
  ['cut off: "Sally Ya', 'cut off: …'],
])('%s', (words, masked) => {
  expect(maskWords(words)).toBe(masked);
});

test('no four digits in a row, no e-mail address and nothing in quotation marks is left', () => {
  const quoted = fc.stringMatching(/^[\p{L} ']{3,12}$/u);
  const digits = fc.stringMatching(/^\d{4,14}$/);
  fc.assert(
    fc.property(quoted, digits, (name, number) => {
      const masked = maskWords(`Contact "${name}" with ${number} and ${number}@example.com is refused`);
      expect(masked).toBe('Contact … with … and … is refused');
    }),
  );
});

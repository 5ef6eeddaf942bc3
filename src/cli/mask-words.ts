/**
 * LiveVox's words as they are shown by default. They may quote what was sent: a number, a name, an address. What looks like a quotation shows
 * as `…`; what is left says what is wrong. Pure.
 */

const hidden = '…';

const quotations: readonly RegExp[] = [
  // An apostrophe within a word begins and ends nothing; what is opened and not closed was cut off.
  /"[^"]*(?:"|$)/gsu,
  /(?<!\p{L})'.*?(?:'(?!\p{L})|$)/gsu,
  /“[^”]*(?:”|$)|‘.*?(?:’(?!\p{L})|$)|`[^`]*(?:`|$)/gsu,
  /\S+@\S+/gu,
  // A phone number, a date, an amount, however it is grouped.
  /\d(?:[ ().\-/]{0,2}\d){3,}/gu,
];

/** The words with every quotation hidden. */
export function maskWords(words: string): string {
  return quotations.reduce((text, quotation) => text.replace(quotation, hidden), words);
}

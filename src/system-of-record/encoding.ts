/**
 * Bytes → text in the encodings that files come in, with a strict word on what is no text of that encoding: whatever is not
 * becomes U+FFFD (or an unpaired surrogate) in the text and is reported, so that its row is set aside and never used.
 * What would surprise: windows-1252 and iso-8859-1 differ only in the bytes 80 to 9F, and in an iso-8859-1 file those are
 * control characters, which no contact has: such a file is windows-1252 in truth, so they count as broken.
 */
import { isUtf8 } from 'node:buffer';
import type { TextEncoding } from '../config.ts';

export type Encoding = {
  /** As messages call it. */
  readonly label: string;
  /** A character is this many bytes or a multiple; offsets between are inside a character. */
  readonly unitBytes: 1 | 2;
  readonly lineFeed: Buffer;
  readonly decode: (bytes: Buffer) => string;
  /** Whether `bytes`, decoded to `text`, are no text of this encoding. */
  readonly isBroken: (text: string, bytes: Buffer) => boolean;
};

const replacement = '\uFFFD';

/** What windows-1252 has at 80 to 9F; five of them are not assigned. */
const windowsCharacters = '€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ';
const highControls = /[\x80-\x9f]/g;

const hasReplacement = (text: string): boolean => text.includes(replacement);
const isBrokenUtf16 = (text: string, bytes: Buffer): boolean => bytes.length % 2 === 1 || !text.isWellFormed();
const lineFeed = Buffer.from('\n');

export const encodings: Readonly<Record<TextEncoding, Encoding>> = {
  'utf-8': {
    label: 'UTF-8',
    unitBytes: 1,
    lineFeed,
    decode: (bytes) => bytes.toString('utf8'),
    // U+FFFD is what broken bytes become; it may also stand in the file itself.
    isBroken: (text, bytes) => hasReplacement(text) && !isUtf8(bytes),
  },
  'windows-1252': {
    label: 'windows-1252',
    unitBytes: 1,
    lineFeed,
    decode: (bytes) =>
      bytes.toString('latin1').replace(highControls, (char) => windowsCharacters[char.charCodeAt(0) - 0x80]!),
    isBroken: hasReplacement,
  },
  'iso-8859-1': {
    label: 'ISO 8859-1',
    unitBytes: 1,
    lineFeed,
    decode: (bytes) => bytes.toString('latin1').replace(highControls, replacement),
    isBroken: hasReplacement,
  },
  'utf-16le': {
    label: 'UTF-16LE',
    unitBytes: 2,
    lineFeed: Buffer.from('\n', 'utf16le'),
    decode: (bytes) => bytes.toString('utf16le'),
    isBroken: isBrokenUtf16,
  },
  'utf-16be': {
    label: 'UTF-16BE',
    unitBytes: 2,
    lineFeed: Buffer.from('\n', 'utf16le').swap16(),
    decode: (bytes) => swap(bytes).toString('utf16le'),
    isBroken: isBrokenUtf16,
  },
};

function swap(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

/** Bytes of the longest byte order mark. */
export const maxMarkBytes = 3;

const marks: readonly (readonly [TextEncoding, Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];

/** The encoding of a file that begins with `start`: what its byte order mark says, or else what was `configured`. */
export function chooseEncoding(
  start: Buffer,
  configured: TextEncoding,
): { readonly encoding: Encoding; readonly markBytes: number } {
  const found = marks.find(([, mark]) => start.subarray(0, mark.length).equals(mark));
  return { encoding: encodings[found?.[0] ?? configured], markBytes: found?.[1].length ?? 0 };
}

/** Just behind the line feed at or behind `from`; undefined when there is none. Characters begin at multiples of the unit. */
export function findLineEnd(buffer: Buffer, from: number, encoding: Encoding): number | undefined {
  if (encoding.unitBytes === 1) {
    const at = buffer.indexOf(0x0a, from);
    return at === -1 ? undefined : at + 1;
  }
  let at = buffer.indexOf(encoding.lineFeed, from);
  while (at !== -1 && at % 2 === 1) at = buffer.indexOf(encoding.lineFeed, at + 1);
  return at === -1 ? undefined : at + 2;
}

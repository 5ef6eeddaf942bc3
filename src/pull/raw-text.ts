/**
 * The raw text of a row for the quarantine: what a person can read, and Postgres can store. Bounded, without the line's end;
 * NUL and bytes that are not UTF-8 show as `\xHH`.
 */
import { isUtf8 } from 'node:buffer';

/** Most bytes of one row that are kept: a row of 214 fields has less than 1 KB, a broken one may be anything. */
const maxRawBytes = 16 * 1024;

/** Bytes of a row → text to keep. */
export function toRawText(row: Buffer): string {
  const bytes = withoutLineEnd(row);
  if (bytes.length <= maxRawBytes) return toText(bytes);
  const kept = bytes.subarray(0, toCharacterStart(bytes, maxRawBytes));
  return `${toText(kept)}… (${bytes.length - kept.length} more bytes)`;
}

function withoutLineEnd(row: Buffer): Buffer {
  const end = row.at(-1) === 0x0a ? row.length - 1 : row.length;
  return row.subarray(0, row[end - 1] === 0x0d ? end - 1 : end);
}

/** The start of the character that the byte at `index` belongs to. */
function toCharacterStart(bytes: Buffer, index: number): number {
  for (let start = index; start > index - 4; start -= 1) {
    if (((bytes[start] ?? 0) & 0xc0) !== 0x80) return start;
  }
  return index;
}

function toText(bytes: Buffer): string {
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString('utf8');
  const parts: string[] = [];
  let clean = 0;
  for (let index = 0; index < bytes.length; ) {
    const length = toCharacterLength(bytes[index] ?? 0);
    if (length > 0 && isUtf8(bytes.subarray(index, index + length))) index += length;
    else {
      parts.push(bytes.toString('utf8', clean, index), `\\x${(bytes[index] ?? 0).toString(16).padStart(2, '0')}`);
      index += 1;
      clean = index;
    }
  }
  parts.push(bytes.toString('utf8', clean));
  return parts.join('');
}

/** Length of the UTF-8 character that this byte begins; 0 for NUL and for a byte that begins none. */
function toCharacterLength(byte: number): number {
  if (byte === 0) return 0;
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

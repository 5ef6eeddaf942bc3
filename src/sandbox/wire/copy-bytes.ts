/**
 * Texts and numbers into a buffer, byte by byte: for the short values of a CSV row that is faster than any call into
 * native code. Each returns where the next byte goes; the caller has made room.
 */
import type { Buffer } from 'node:buffer';

export const comma = 44;

/** A whole number, digit by digit: making a text of a large number takes longer than all the rest of its row. */
export function copyInteger(buffer: Buffer, start: number, value: number): number {
  if (value < 0 || value > 999_999_999_999) return copyPlain(buffer, start, String(value));
  const upper = Math.floor(value / 1_000_000);
  const end = start + countDigits(value);
  copyDigits(buffer, end, value - upper * 1_000_000, end - Math.min(end - start, 6));
  if (upper > 0) copyDigits(buffer, end - 6, upper, start);
  return end;
}

/** Writes a number below a million backwards, from `end` down to `start`, with zeros before it. */
function copyDigits(buffer: Buffer, end: number, value: number, start: number): void {
  let rest = value | 0;
  for (let index = end - 1; index >= start; index -= 1) {
    const tenth = (rest / 10) | 0;
    buffer[index] = 48 + rest - tenth * 10;
    rest = tenth;
  }
}

/** ` 14:03:09`, with the space that follows a date; the second of the day must be whole. */
export function copyTimeOfDay(buffer: Buffer, start: number, second: number): number {
  const minute = (second / 60) | 0;
  const hour = (minute / 60) | 0;
  buffer[start] = 32;
  copyDigits(buffer, start + 3, hour, start + 1);
  buffer[start + 3] = 58;
  copyDigits(buffer, start + 6, minute - hour * 60, start + 4);
  buffer[start + 6] = 58;
  copyDigits(buffer, start + 9, second - minute * 60, start + 7);
  return start + 9;
}

function countDigits(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits += 1;
  return digits;
}

/** A text that is ASCII and needs no quoting. */
export function copyPlain(buffer: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) buffer[start + index] = text.charCodeAt(index);
  return start + text.length;
}

/** Returns the end, or -1 when the text holds a character that must be quoted or encoded. */
export function copyAscii(buffer: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code > 126 || code === 34 || code === comma) return -1;
    buffer[start + index] = code;
  }
  return start + text.length;
}

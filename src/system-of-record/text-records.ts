/**
 * Cuts the bytes of a text file into records - lines, or several where quotes hold line breaks - each with its physical line,
 * its offset and its text as it stood. One bad record costs itself and not the rest of the file: a stray quote ends with its
 * line, a quote that is never closed costs the line that opened it, and bytes that are no text of the file's encoding cost
 * their record. Memory is bounded by the largest record. What would surprise: papaparse gets the records one by one, because
 * its own streaming tells neither line nor raw text, and one unclosed quote would make it hold and swallow the whole rest of
 * the file.
 */
import type { TextEncoding } from '../config.ts';
import { chooseEncoding, type Encoding, findLineEnd, maxMarkBytes } from './encoding.ts';
import { peek, readFileBytes } from './read-file.ts';

/** How values are divided and quoted; quote false: a record is a line. */
export type Dialect = { readonly delimiter: string; readonly quote: string | false };

export type TextRecord = {
  /** Physical line where the record begins, from 1. */
  readonly line: number;
  /** Offset of its first byte in the file; in a gzipped one, in what comes out of it. */
  readonly byteOffset: number;
  /** Without the line end that closes it. */
  readonly text: string;
  /** Why it cannot be parsed; undefined when it can. */
  readonly reason?: string;
};

/** A contact with all 214 fields at their largest is a quarter of this. */
const maxRecordBytes = 1_048_576;

type Cut = { readonly end: number; readonly lines: number; readonly reason?: string; readonly text?: string };

/**
 * The records of a file, chunk by chunk.
 * @throws what `readFileBytes` throws.
 */
export async function* readTextRecords(
  path: string,
  dialect: Dialect,
  options: { readonly encoding: TextEncoding; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly TextRecord[]> {
  const { start, all } = await peek(readFileBytes(path, options.signal), maxMarkBytes);
  const { encoding, markBytes } = chooseEncoding(start, options.encoding);
  const splitter = new RecordSplitter(dialect, encoding, markBytes);
  let skip = markBytes;
  for await (const chunk of all) {
    yield splitter.push(chunk.subarray(skip));
    skip = 0;
    options.signal?.throwIfAborted();
  }
  yield splitter.end();
}

/** Takes the file chunk by chunk and gives back the records that are complete; `end` gives the last one. */
export class RecordSplitter {
  readonly #dialect: Dialect;
  readonly #encoding: Encoding;
  #pending: Buffer = Buffer.alloc(0);
  #line = 1;
  #byteOffset: number;
  #isSkippingLine = false;

  constructor(dialect: Dialect, encoding: Encoding, byteOffset: number) {
    this.#dialect = dialect;
    this.#encoding = encoding;
    this.#byteOffset = byteOffset;
  }

  push(chunk: Buffer): TextRecord[] {
    return this.#split(this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]), false);
  }

  end(): TextRecord[] {
    return this.#split(this.#pending, true);
  }

  #split(buffer: Buffer, isEnd: boolean): TextRecord[] {
    const records: TextRecord[] = [];
    let start = this.#isSkippingLine ? this.#skipLine(buffer) : 0;
    while (start < buffer.length && !this.#isSkippingLine) {
      const cut = this.#cutRecord(buffer, start, isEnd);
      if (cut === undefined) break;
      records.push(this.#toRecord(buffer.subarray(start, cut.end), cut));
      start = this.#advance(start, cut.end, cut.lines);
      if (cut.lines === 0) start = this.#skipLine(buffer, start);
    }
    this.#pending = buffer.subarray(start);
    return records;
  }

  #toRecord(bytes: Buffer, cut: Cut): TextRecord {
    const text = cut.text ?? decodeLine(bytes, this.#encoding);
    const isBroken = this.#encoding.isBroken(text, bytes);
    const reason = cut.reason ?? (isBroken ? `not valid ${this.#encoding.label}` : undefined);
    return { line: this.#line, byteOffset: this.#byteOffset, text, ...(reason === undefined ? {} : { reason }) };
  }

  /** Drops the rest of a line that is too long to keep. */
  #skipLine(buffer: Buffer, start = 0): number {
    const lineEnd = findLineEnd(buffer, start, this.#encoding);
    this.#isSkippingLine = lineEnd === undefined;
    if (lineEnd !== undefined) return this.#advance(start, lineEnd, 1);
    // Half a character stays, so that characters begin where they are looked for.
    return this.#advance(start, buffer.length - (buffer.length % this.#encoding.unitBytes), 0);
  }

  #advance(start: number, end: number, lines: number): number {
    this.#byteOffset += end - start;
    this.#line += lines;
    return end;
  }

  /** The record that begins at `start`; undefined when more bytes are needed to tell where it ends. */
  #cutRecord(buffer: Buffer, start: number, isEnd: boolean): Cut | undefined {
    let isQuoted = false;
    let firstEnd: number | undefined;
    for (let lines = 1, from = start; ; lines += 1) {
      const lineEnd = findLineEnd(buffer, from, this.#encoding);
      const end = lineEnd ?? buffer.length;
      if (end - start > maxRecordBytes) return cutTooLong(start, firstEnd);
      if (lineEnd === undefined && !isEnd) return undefined;
      firstEnd ??= end;
      const line = decodeLine(buffer.subarray(from, end), this.#encoding);
      const found = scanLine(line, this.#dialect, isQuoted);
      const text = lines === 1 ? line : undefined;
      if (found === 'complete') return { end, lines, text };
      if (found === 'stray quote') return { end, lines, text, reason: 'a quote stands where none may stand' };
      if (end === buffer.length && isEnd) return cutTooLong(start, firstEnd);
      isQuoted = true;
      from = end;
    }
  }
}

function cutTooLong(start: number, firstEnd: number | undefined): Cut {
  // Only the line that opened the quote is given up: the lines behind it are most likely rows of their own.
  if (firstEnd !== undefined)
    return { end: firstEnd, lines: 1, reason: 'a quote that opens in this row is never closed' };
  return { end: start + maxRecordBytes, lines: 0, reason: 'the line is longer than 1 MiB' };
}

/** Without the line end. */
function decodeLine(bytes: Buffer, encoding: Encoding): string {
  const text = encoding.decode(bytes);
  const length = text.endsWith('\n') ? text.length - 1 : text.length;
  return text.slice(0, text[length - 1] === '\r' ? length - 1 : length);
}

/** Whether the record ends with this line, goes on in quotes, or breaks RFC 4180. `isQuoted`: the line begins in quotes. */
function scanLine(line: string, dialect: Dialect, isQuoted: boolean): 'complete' | 'open' | 'stray quote' {
  const { delimiter, quote } = dialect;
  let at = 0;
  if (quote === false || (!isQuoted && !line.includes(quote))) return 'complete';
  for (let inQuotes = isQuoted; ; ) {
    if (!inQuotes && line[at] === quote) {
      inQuotes = true;
      at += 1;
    }
    const fieldEnd = inQuotes ? findQuotedEnd(line, at, quote) : findPlainEnd(line, at, delimiter, quote);
    if (fieldEnd === undefined) return inQuotes ? 'open' : 'stray quote';
    if (fieldEnd === line.length) return 'complete';
    if (!line.startsWith(delimiter, fieldEnd)) return 'stray quote';
    at = fieldEnd + delimiter.length;
    inQuotes = false;
  }
}

/** Just behind the quote that closes the field; undefined when none does. */
function findQuotedEnd(line: string, start: number, quote: string): number | undefined {
  for (let at = line.indexOf(quote, start); at !== -1; at = line.indexOf(quote, at + 2)) {
    if (line[at + 1] !== quote) return at + 1;
  }
  return undefined;
}

/** The end of an unquoted field; undefined when a quote stands inside it. */
function findPlainEnd(line: string, start: number, delimiter: string, quote: string): number | undefined {
  const next = line.indexOf(delimiter, start);
  const end = next === -1 ? line.length : next;
  const found = line.indexOf(quote, start);
  return found === -1 || found >= end ? end : undefined;
}

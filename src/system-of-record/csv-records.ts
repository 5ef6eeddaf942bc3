/**
 * Cuts the bytes of a CSV file into records, each with its physical line, its offset and its text as it stood.
 * One bad record costs itself and not the rest of the file: a stray quote ends with its line, a quote that is never
 * closed costs the line that opened it, and bytes that are no UTF-8 cost their record. Memory is bounded by the largest
 * record. What would surprise: papaparse gets the records one by one, because its own streaming tells neither line nor
 * raw text, and one unclosed quote would make it hold and swallow the whole rest of the file.
 */
import { isUtf8 } from 'node:buffer';

export type CsvRecord = {
  /** Physical line where the record begins, from 1. */
  readonly line: number;
  /** Offset of its first byte in the file. */
  readonly byteOffset: number;
  /** Without the line end that closes it. */
  readonly text: string;
  /** Why it cannot be parsed; undefined when it can. */
  readonly reason?: string;
};

/** A contact with all 214 fields at their largest is a quarter of this. */
const maxRecordBytes = 1_048_576;
const lineFeed = 0x0a;

type Cut = { readonly end: number; readonly lines: number; readonly reason?: string };

/** Takes the file chunk by chunk and gives back the records that are complete; `end` gives the last one. */
export class CsvSplitter {
  readonly #delimiter: string;
  #pending: Buffer = Buffer.alloc(0);
  #line = 1;
  #byteOffset: number;
  #isSkippingLine = false;

  constructor(delimiter: string, byteOffset: number) {
    this.#delimiter = delimiter;
    this.#byteOffset = byteOffset;
  }

  push(chunk: Buffer): CsvRecord[] {
    return this.#split(this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]), false);
  }

  end(): CsvRecord[] {
    return this.#split(this.#pending, true);
  }

  #split(buffer: Buffer, isEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let start = this.#isSkippingLine ? this.#skipLine(buffer) : 0;
    while (start < buffer.length && !this.#isSkippingLine) {
      const cut = cutRecord(buffer, start, isEnd, this.#delimiter);
      if (cut === undefined) break;
      records.push(this.#toRecord(buffer, start, cut));
      start = this.#advance(start, cut.end, cut.lines);
      if (cut.lines === 0) start = this.#skipLine(buffer, start);
    }
    this.#pending = buffer.subarray(start);
    return records;
  }

  #toRecord(buffer: Buffer, start: number, cut: Cut): CsvRecord {
    const text = decodeLine(buffer, start, cut.end);
    // U+FFFD is what broken bytes become; it may also stand in the file itself.
    const isBroken = text.includes('\uFFFD') && !isUtf8(buffer.subarray(start, cut.end));
    const reason = cut.reason ?? (isBroken ? 'not valid UTF-8' : undefined);
    return { line: this.#line, byteOffset: this.#byteOffset, text, ...(reason === undefined ? {} : { reason }) };
  }

  /** Drops the rest of a line that is too long to keep. */
  #skipLine(buffer: Buffer, start = 0): number {
    const lineEnd = buffer.indexOf(lineFeed, start);
    this.#isSkippingLine = lineEnd === -1;
    return lineEnd === -1 ? this.#advance(start, buffer.length, 0) : this.#advance(start, lineEnd + 1, 1);
  }

  #advance(start: number, end: number, lines: number): number {
    this.#byteOffset += end - start;
    this.#line += lines;
    return end;
  }
}

/** The record that begins at `start`; undefined when more bytes are needed to tell where it ends. */
function cutRecord(buffer: Buffer, start: number, isEnd: boolean, delimiter: string): Cut | undefined {
  let isQuoted = false;
  let firstEnd: number | undefined;
  for (let lines = 1, from = start; ; lines += 1) {
    const lineFeedAt = buffer.indexOf(lineFeed, from);
    const isLast = lineFeedAt === -1;
    const end = isLast ? buffer.length : lineFeedAt + 1;
    if (end - start > maxRecordBytes) return cutTooLong(start, firstEnd);
    if (isLast && !isEnd) return undefined;
    firstEnd ??= end;
    const found = scanLine(decodeLine(buffer, from, end), delimiter, isQuoted);
    if (found === 'complete') return { end, lines };
    if (found === 'stray quote') return { end, lines, reason: 'a quote stands where none may stand' };
    if (end === buffer.length && isEnd) return cutTooLong(start, firstEnd);
    isQuoted = true;
    from = end;
  }
}

function cutTooLong(start: number, firstEnd: number | undefined): Cut {
  // Only the line that opened the quote is given up: the lines behind it are most likely rows of their own.
  if (firstEnd !== undefined)
    return { end: firstEnd, lines: 1, reason: 'a quote that opens in this row is never closed' };
  return { end: start + maxRecordBytes, lines: 0, reason: 'the line is longer than 1 MiB' };
}

/** Without the line end; bytes that are no UTF-8 become U+FFFD. */
function decodeLine(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end);
  const length = text.endsWith('\n') ? text.length - 1 : text.length;
  return text.slice(0, text[length - 1] === '\r' ? length - 1 : length);
}

/** Whether the record ends with this line, goes on in quotes, or breaks RFC 4180. `isQuoted`: the line begins in quotes. */
function scanLine(line: string, delimiter: string, isQuoted: boolean): 'complete' | 'open' | 'stray quote' {
  let at = 0;
  if (!isQuoted && !line.includes('"')) return 'complete';
  for (let inQuotes = isQuoted; ; ) {
    if (!inQuotes && line[at] === '"') {
      inQuotes = true;
      at += 1;
    }
    const fieldEnd = inQuotes ? findQuotedEnd(line, at) : findPlainEnd(line, at, delimiter);
    if (fieldEnd === undefined) return inQuotes ? 'open' : 'stray quote';
    if (fieldEnd === line.length) return 'complete';
    if (!line.startsWith(delimiter, fieldEnd)) return 'stray quote';
    at = fieldEnd + delimiter.length;
    inQuotes = false;
  }
}

/** Just behind the quote that closes the field; undefined when none does. */
function findQuotedEnd(line: string, start: number): number | undefined {
  for (let at = line.indexOf('"', start); at !== -1; at = line.indexOf('"', at + 2)) {
    if (line[at + 1] !== '"') return at + 1;
  }
  return undefined;
}

/** The end of an unquoted field; undefined when a quote stands inside it. */
function findPlainEnd(line: string, start: number, delimiter: string): number | undefined {
  const next = line.indexOf(delimiter, start);
  const end = next === -1 ? line.length : next;
  const quote = line.indexOf('"', start);
  return quote === -1 || quote >= end ? end : undefined;
}

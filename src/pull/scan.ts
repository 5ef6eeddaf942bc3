/**
 * Finds the rows of a CSV in its bytes, checks the structure of each row and the type of each value, and passes good rows on as
 * slices of what came in: no strings and no copies are made of them. What cannot be used comes out as a rejected row, and scanning
 * goes on at the next line, so that a stray quote costs one row and not its neighbours. Result does not depend on how the bytes are cut
 * into chunks. Rewritten on the way is only what COPY cannot take: epoch dates, padded numbers, a line end unlike the first.
 * `#scanRow` is one long function on purpose: it looks at every byte of a download, and calls would cost more than they hide.
 */
import { isUtf8 } from 'node:buffer';
import type { ContactField } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import { FailedDownloadError } from './failed-download.ts';
import { endOfNative, typeCodes } from './native-value.ts';
import { readValue } from './read-value.ts';

export type RejectedRow = {
  /** Line where it begins, from 1. */
  readonly line: number;
  /** Offset of its first byte in the plain CSV. */
  readonly byteOffset: number;
  /** Why; never a value. */
  readonly reason: string;
  /** Its bytes with the line's end; valid during the call only. */
  readonly bytes: Buffer;
};

export type ScannerOptions = {
  /** The columns, by position. The first is the account. */
  readonly fields: readonly ContactField[];
  /** Zone in which an instant becomes a calendar date. */
  readonly timeZone: string;
  readonly onRejected: (row: RejectedRow) => void;
  /** Where the first row stands in the file: lines and bytes before it. @default nothing before it */
  readonly linesBefore?: number;
  readonly bytesBefore?: number;
  /** A quote that is not closed within this many bytes is a stray one. @default 1 MiB */
  readonly maxQuotedBytes?: number;
};

/** Bytes `from`..`to` of the chunk become `text`. */
type Edit = { readonly from: number; readonly to: number; readonly text: string };

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const comma = 0x2c;
const nothing = Buffer.alloc(0);
const notUtf8 = 'not UTF-8';
/** The key of the mirror must fit into an index entry, whatever a broken file holds. */
const maxAccountBytes = 1000;
/** A line longer than this is no CSV of contacts. */
const maxLineBytes = 16 * 1024 * 1024;

export class Scanner {
  readonly #options: ScannerOptions;
  readonly #types: Uint8Array;
  readonly #maxQuotedBytes: number;
  /** Bytes behind the last whole row, for the next chunk. */
  #carry: Buffer = nothing;
  #isLast = false;
  /** Length of the line end that the last line lacked and was given. */
  #paddedBytes = 0;
  /** COPY takes one kind of line end: that of the first good row. */
  #isCrLf: boolean | undefined;

  /** Offset of the chunk's first byte in the file. */
  #offset: number;
  /** Lines before `#countedTo` in the chunk. */
  #lines: number;
  #countedTo = 0;
  /** The good lines pass on in runs: the first line of each run in what was passed on, and how many were withheld before it. */
  readonly #runStarts: number[] = [];
  readonly #withheldBefore: number[] = [];
  #withheldLines: number;
  #isPassing = false;

  /** Of the row being scanned. */
  #reason: string | undefined;
  #isShort = false;
  #edits: Edit[] = [];

  passedRows = 0;
  rejectedRows = 0;
  /** Bytes of the file by what became of them. */
  readonly #bytes = { received: 0, passed: 0, rejected: 0, blank: 0 };

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#types = Uint8Array.from(options.fields, (field) => typeCodes[field.type]);
    this.#maxQuotedBytes = options.maxQuotedBytes ?? 1024 * 1024;
    this.#offset = options.bytesBefore ?? 0;
    this.#lines = options.linesBefore ?? 0;
    this.#withheldLines = this.#lines;
  }

  /** The good rows that this chunk completes. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#bytes.received += chunk.length;
    return this.#scan(this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk);
  }

  /**
   * The good rows of what is left.
   * @throws FailedDownloadError when the last row is cut short; FatalError when not every byte is accounted for.
   */
  end(): readonly Buffer[] {
    this.#isLast = true;
    const rest = this.#carry;
    const isOpen = rest.length > 0 && rest.at(-1) !== lineFeed;
    const lineEnd = Buffer.from(this.#isCrLf === true && rest.at(-1) !== carriageReturn ? '\r\n' : '\n');
    this.#paddedBytes = isOpen ? lineEnd.length : 0;
    const passed = this.#scan(isOpen ? Buffer.concat([rest, lineEnd]) : rest);
    const { received, ...became } = this.#bytes;
    if (became.passed + became.rejected + became.blank !== received + this.#paddedBytes) {
      throw new FatalError('Not every byte of the download is accounted for, so nothing was merged; report this.', {
        facts: this.#bytes,
      });
    }
    return passed;
  }

  /** The line of the file that stands at `passedLine` (from 1) of what was passed on. */
  toLine(passedLine: number): number {
    const index = this.#runStarts.findLastIndex((start) => start <= passedLine);
    return passedLine + (this.#withheldBefore[index] ?? 0);
  }

  #scan(bytes: Buffer): readonly Buffer[] {
    const limit = bytes.lastIndexOf(lineFeed) + 1;
    const mayBeDirty = !isUtf8(bytes.subarray(0, limit)) || bytes.subarray(0, limit).includes(0);
    const pieces: Buffer[] = [];
    let start = 0;
    let passFrom = 0;
    const flush = (to: number): void => {
      if (to > passFrom) pieces.push(bytes.subarray(passFrom, to));
    };
    while (start < limit) {
      const blankEnd = endOfBlankLine(bytes, start);
      const end = blankEnd > 0 ? blankEnd : this.#scanRow(bytes, start, limit);
      if (end === 0) break;
      if (blankEnd === 0 && this.#isGood(bytes, start, end, mayBeDirty)) {
        this.#pass(bytes, start, end);
        for (const { from, to, text } of this.#edits) {
          flush(from);
          pieces.push(Buffer.from(text));
          passFrom = to;
        }
      } else {
        if (blankEnd > 0) this.#bytes.blank += end - start;
        else this.#reject(bytes, start, end);
        this.#withhold(bytes, start, end);
        flush(start);
        passFrom = end;
      }
      start = end;
    }
    flush(start);
    this.#keep(bytes, start);
    // One message to the server for a chunk full of edits, instead of one for every slice.
    return pieces.length > 2 ? [Buffer.concat(pieces)] : pieces;
  }

  /**
   * Scans one row, filling `#reason` and `#edits`. Returns the index behind it, or 0 when the chunk ends inside it.
   * `limit` stands behind a line feed, so that no loop runs past it outside of quotes.
   */
  #scanRow(bytes: Buffer, start: number, limit: number): number {
    const types = this.#types;
    const width = types.length;
    this.#reason = undefined;
    this.#isShort = false;
    if (this.#edits.length > 0) this.#edits = [];
    let index = start;
    let column = 0;
    for (;;) {
      const from = index;
      let byte = bytes[index];
      let isChecked = column >= width || (column > 0 && types[column] === 0);
      if (byte === quote) {
        index = this.#endOfQuoted(bytes, start, index);
        if (index < 0 && (this.#isLast || bytes.length - start > this.#maxQuotedBytes)) {
          return this.#breakUnclosed(bytes, start, column);
        }
        if (index < 0 || index >= limit) return 0;
        byte = bytes[index];
        isChecked ||=
          column > 0 && (index - from === 2 || endOfNative(types[column] ?? 0, bytes, from + 1) === index - 1);
      } else if (byte !== comma && byte !== lineFeed) {
        if (!isChecked) {
          const end = endOfNative(types[column] ?? 0, bytes, index);
          const next = bytes[end];
          if (end > 0 && (next === comma || next === lineFeed || next === carriageReturn)) {
            isChecked = true;
            index = end;
            byte = next;
          }
        }
        while (byte !== comma && byte !== lineFeed && byte !== carriageReturn && byte !== quote) byte = bytes[++index];
      }
      const to = index;
      if (byte === carriageReturn && bytes[index + 1] === lineFeed) byte = bytes[++index];
      if (byte !== comma && byte !== lineFeed) return this.#breakAt(bytes, start, column, toStrayReason(byte));
      if (!isChecked && (to > from || column === 0)) this.#readField(bytes, column, from, to);
      column += 1;
      index += 1;
      if (byte === lineFeed) {
        if (column !== width) return this.#breakWidth(bytes, start, column);
        if ((index - to === 2) !== this.#isCrLf) this.#matchLineEnd(to, index);
        return index;
      }
    }
  }

  /** The index behind the closing quote of the field that begins at `open`; -1 when it does not close in reach. */
  #endOfQuoted(bytes: Buffer, start: number, open: number): number {
    let index = open + 1;
    for (;;) {
      index = bytes.indexOf(quote, index);
      if (index < 0 || index - start > this.#maxQuotedBytes) return -1;
      if (bytes[index + 1] !== quote) return index + 1;
      index += 2;
    }
  }

  /** Every kind of line end but the first good row's is rewritten. */
  #matchLineEnd(from: number, to: number): void {
    if (this.#isCrLf === undefined) {
      if (this.#reason === undefined) this.#isCrLf = to - from === 2;
    } else this.#edits.push({ from, to, text: this.#isCrLf ? '\r\n' : '\n' });
  }

  /** Judges a value that is not in a usual spelling, and the account. */
  #readField(bytes: Buffer, column: number, from: number, to: number): void {
    const field = this.#options.fields[column];
    if (field === undefined || this.#reason !== undefined) return;
    const isQuoted = bytes[from] === quote;
    const text = isQuoted
      ? bytes.toString('utf8', from + 1, to - 1).replaceAll('""', '"')
      : bytes.toString('utf8', from, to);
    if (column === 0) {
      if (text.trim() === '') this.#reason = `${field.name}: empty`;
      else if (to - from > maxAccountBytes) this.#reason = `${field.name}: longer than ${maxAccountBytes} bytes`;
      if (field.type === 'text') return;
    }
    const value = readValue(field, text, this.#options.timeZone);
    if (!value.ok) this.#reason ??= value.reason;
    else if (value.text !== text) this.#edits.push({ from, to, text: value.text });
  }

  /** A row whose structure is broken ends with its first line: what follows may be good rows. */
  #breakAt(bytes: Buffer, start: number, column: number, reason: string): number {
    const field = this.#options.fields[column];
    this.#reason = field === undefined ? reason : `${field.name}: ${reason}`;
    return bytes.indexOf(lineFeed, start) + 1;
  }

  #breakWidth(bytes: Buffer, start: number, columns: number): number {
    const width = this.#types.length;
    this.#isShort = columns < width;
    this.#reason = `${this.#isShort ? 'too few' : 'too many'} columns: ${columns} of ${width}`;
    return bytes.indexOf(lineFeed, start) + 1;
  }

  /** A quote that never closes is a stray one; but at the end of the file, on a line without its columns or its end, the row is cut. */
  #breakUnclosed(bytes: Buffer, start: number, column: number): number {
    const end = this.#breakAt(bytes, start, column, 'quote is not closed');
    const isAtEnd = this.#isLast && bytes.length - start <= this.#maxQuotedBytes;
    const isOpenEnd = this.#paddedBytes > 0 && end === bytes.length;
    if (isAtEnd && (isOpenEnd || this.#hasFewCommas(bytes, start, end))) throw makeCutShort();
    return end;
  }

  #hasFewCommas(bytes: Buffer, start: number, end: number): boolean {
    return countBytes(bytes, comma, start, end) < this.#types.length - 1;
  }

  #isGood(bytes: Buffer, start: number, end: number, mayBeDirty: boolean): boolean {
    if (mayBeDirty && this.#reason === undefined) {
      const row = bytes.subarray(start, end);
      if (row.includes(0)) this.#reason = 'contains a NUL character';
      else if (!isUtf8(row)) this.#reason = notUtf8;
    }
    return this.#reason === undefined;
  }

  #pass(bytes: Buffer, start: number, end: number): void {
    if (!this.#isPassing) {
      this.#runStarts.push(this.#countTo(bytes, start) + 1 - this.#withheldLines);
      this.#withheldBefore.push(this.#withheldLines);
      this.#isPassing = true;
    }
    this.#bytes.passed += end - start;
    this.passedRows += 1;
  }

  #reject(bytes: Buffer, start: number, end: number): void {
    const isOpenEnd = this.#paddedBytes > 0 && end === bytes.length;
    if (isOpenEnd && (this.#isShort || this.#reason === notUtf8 || this.#hasFewCommas(bytes, start, end))) {
      throw makeCutShort();
    }
    this.#bytes.rejected += end - start;
    this.rejectedRows += 1;
    this.#options.onRejected({
      line: this.#countTo(bytes, start) + 1,
      byteOffset: this.#offset + start,
      reason: this.#reason ?? '',
      bytes: bytes.subarray(start, isOpenEnd ? end - this.#paddedBytes : end),
    });
  }

  #withhold(bytes: Buffer, start: number, end: number): void {
    const before = this.#countTo(bytes, start);
    this.#withheldLines += this.#countTo(bytes, end) - before;
    this.#isPassing = false;
  }

  /** Lines of the file before `index`; counts on from where it counted last. */
  #countTo(bytes: Buffer, index: number): number {
    if (index > this.#countedTo) {
      this.#lines += countBytes(bytes, lineFeed, this.#countedTo, index);
      this.#countedTo = index;
    }
    return this.#lines;
  }

  #keep(bytes: Buffer, from: number): void {
    this.#countTo(bytes, from);
    this.#countedTo = 0;
    this.#offset += from;
    if (bytes.length - from > maxLineBytes) {
      throw new FailedDownloadError(
        'The download has a line of more than 16 MiB, so it is no CSV of contacts; try again.',
      );
    }
    // A copy, so that a few bytes do not hold a whole chunk.
    this.#carry = from < bytes.length ? Buffer.from(bytes.subarray(from)) : nothing;
  }
}

function endOfBlankLine(bytes: Buffer, start: number): number {
  if (bytes[start] === lineFeed) return start + 1;
  return bytes[start] === carriageReturn && bytes[start + 1] === lineFeed ? start + 2 : 0;
}

function countBytes(bytes: Buffer, wanted: number, from: number, to: number): number {
  let count = 0;
  for (let index = bytes.indexOf(wanted, from); index >= 0 && index < to; index = bytes.indexOf(wanted, index + 1)) {
    count += 1;
  }
  return count;
}

function toStrayReason(byte: number | undefined): string {
  return byte === carriageReturn ? 'carriage return outside of quotes' : 'quote in the wrong place';
}

function makeCutShort(): FailedDownloadError {
  return new FailedDownloadError('The last row of the download is cut short; try again.');
}

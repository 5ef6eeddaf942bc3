/**
 * Cuts the bytes of a CSV into rows and passes the good ones on as slices of what came in: no strings and no copies are made of them.
 * What cannot be used comes out as a rejected row. The result does not depend on how the bytes are cut into chunks, and every byte is
 * accounted for: received = passed + rejected + blank lines. What a good row is, and what is rewritten of it, says read-row.ts.
 * Rows end in LF, in CRLF, or both mixed; or all of them in a bare CR (`endsInCr`), which is exchanged for LF on the way.
 */
import { isUtf8 } from 'node:buffer';
import type { ContactField } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import { FailedDownloadError } from './failed-download.ts';
import { carriageReturn, countBytes, lineFeed, swapLineEnds } from './line-ends.ts';
import { LineMap } from './line-map.ts';
import { type Edit, PassedBytes } from './passed-bytes.ts';
import { RowReader } from './read-row.ts';

export type RejectedRow = {
  /** Line where it begins, from 1; a line ends as the rows do. */
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
  /** Rows end in a bare carriage return, as the header does. @default false */
  readonly endsInCr?: boolean;
  /** A quote that is not closed within this many bytes is a stray one. @default 1 MiB */
  readonly maxQuotedBytes?: number;
};

const comma = 0x2c;
const nothing = Buffer.alloc(0);
const notUtf8 = 'not UTF-8';
const maxQuotedBytes = 1024 * 1024;
/** A line longer than this is no CSV of contacts. */
const maxLineBytes = 16 * 1024 * 1024;

export class Scanner {
  readonly #options: ScannerOptions;
  readonly #row: RowReader;
  readonly #lineMap: LineMap;
  readonly #isSwapped: boolean;
  readonly #maxQuotedBytes: number;
  /** Bytes behind the last whole row, for the next chunk. */
  #carry: Buffer = nothing;
  #isLast = false;
  /** Length of the line end that the last line lacked and was given. */
  #paddedBytes = 0;

  /** Offset of the chunk's first byte in the file. */
  #offset: number;
  /** Lines before `#countedTo` in the chunk. */
  #lines: number;
  #countedTo = 0;

  passedRows = 0;
  rejectedRows = 0;
  /** Bytes of the file by what became of them. */
  readonly #bytes = { received: 0, passed: 0, rejected: 0, blank: 0 };

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#isSwapped = options.endsInCr ?? false;
    this.#maxQuotedBytes = options.maxQuotedBytes ?? maxQuotedBytes;
    this.#row = new RowReader({
      fields: options.fields,
      timeZone: options.timeZone,
      maxQuotedBytes: this.#maxQuotedBytes,
      isSwapped: this.#isSwapped,
    });
    this.#offset = options.bytesBefore ?? 0;
    this.#lines = options.linesBefore ?? 0;
    this.#lineMap = new LineMap(this.#lines);
  }

  /** The good rows that this chunk completes. */
  push(chunk: Buffer): readonly Buffer[] {
    this.#bytes.received += chunk.length;
    const fresh = this.#isSwapped ? Buffer.from(chunk) : chunk;
    if (this.#isSwapped) swapLineEnds(fresh);
    return this.#scan(this.#carry.length > 0 ? Buffer.concat([this.#carry, fresh]) : fresh);
  }

  /**
   * The good rows of what is left.
   * @throws FailedDownloadError when the last row is cut short; FatalError when not every byte is accounted for.
   */
  end(): readonly Buffer[] {
    this.#isLast = true;
    const rest = this.#carry;
    const isOpen = rest.length > 0 && rest.at(-1) !== lineFeed;
    const lineEnd = Buffer.from(this.#row.isCrLf === true && rest.at(-1) !== carriageReturn ? '\r\n' : '\n');
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
    return this.#lineMap.toLine(passedLine);
  }

  #scan(bytes: Buffer): readonly Buffer[] {
    const row = this.#row;
    const limit = bytes.lastIndexOf(lineFeed) + 1;
    const mayBeDirty = !isUtf8(bytes.subarray(0, limit)) || bytes.subarray(0, limit).includes(0);
    const output = new PassedBytes(bytes);
    let start = 0;
    while (start < limit) {
      const blankEnd = endOfBlankLine(bytes, start);
      const end = blankEnd > 0 ? blankEnd : row.read(bytes, start, limit, this.#isLast);
      if (end === 0) break;
      if (blankEnd === 0 && this.#isGood(bytes, start, end, mayBeDirty)) {
        this.#pass(bytes, start, end);
        for (const edit of row.edits) output.replace(edit);
      } else {
        if (blankEnd > 0) this.#leaveOutBlank(bytes, start, end);
        else this.#reject(bytes, start, end);
        output.leaveOut(start, end);
      }
      start = end;
    }
    const passed = output.take(start);
    this.#keep(bytes, start);
    return passed;
  }

  #isGood(bytes: Buffer, start: number, end: number, mayBeDirty: boolean): boolean {
    if (mayBeDirty && this.#row.reason === undefined) {
      const row = bytes.subarray(start, end);
      if (row.includes(0)) this.#row.reason = 'contains a NUL character';
      else if (!isUtf8(row)) this.#row.reason = notUtf8;
    }
    return this.#row.reason === undefined;
  }

  #pass(bytes: Buffer, start: number, end: number): void {
    if (!this.#lineMap.isRunning) this.#lineMap.begin(this.#countTo(bytes, start));
    this.#bytes.passed += end - start;
    this.passedRows += 1;
    if (!this.#isSwapped && !this.#row.mayLoseLines) return;
    const before = this.#countTo(bytes, start);
    const lines = this.#countTo(bytes, end) - before;
    if (this.#isSwapped) swapLineEnds(bytes.subarray(start, end - 1));
    const lost = lines - countPassedLines(bytes, start, end, this.#row.edits);
    if (lost !== 0) this.#lineMap.withhold(lost);
  }

  #reject(bytes: Buffer, start: number, end: number): void {
    const isOpenEnd = this.#paddedBytes > 0 && end === bytes.length;
    if (this.#isCutShort(bytes, start, end, isOpenEnd)) {
      throw new FailedDownloadError('The last row of the download is cut short; try again.');
    }
    this.#bytes.rejected += end - start;
    this.rejectedRows += 1;
    const before = this.#countTo(bytes, start);
    this.#lineMap.withhold(this.#countTo(bytes, end) - before);
    const row = bytes.subarray(start, isOpenEnd ? end - this.#paddedBytes : end);
    if (this.#isSwapped) swapLineEnds(row);
    this.#options.onRejected({
      line: before + 1,
      byteOffset: this.#offset + start,
      reason: this.#row.reason ?? '',
      bytes: row,
    });
  }

  /**
   * A last line without its end is cut when it lacks columns or ends inside a character. A quote that never closes is a stray one; but at
   * the end of the file, on a line without its columns or its end, the row is cut.
   */
  #isCutShort(bytes: Buffer, start: number, end: number, isOpenEnd: boolean): boolean {
    const { isShort, isUnclosed, reason } = this.#row;
    if (isOpenEnd && (isShort || isUnclosed || reason === notUtf8)) return true;
    const isUnclosedAtEnd = isUnclosed && this.#isLast && bytes.length - start <= this.#maxQuotedBytes;
    const hasFewCommas = countBytes(bytes, comma, start, end) < this.#options.fields.length - 1;
    return (isOpenEnd || isUnclosedAtEnd) && hasFewCommas;
  }

  #leaveOutBlank(bytes: Buffer, start: number, end: number): void {
    this.#bytes.blank += end - start;
    const before = this.#countTo(bytes, start);
    this.#lineMap.withhold(this.#countTo(bytes, end) - before);
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

/** Lines of a row as COPY counts them. */
function countPassedLines(bytes: Buffer, start: number, end: number, edits: readonly Edit[]): number {
  let lines = 0;
  let from = start;
  for (const edit of edits) {
    lines += countBytes(bytes, lineFeed, from, edit.from) + edit.text.split('\n').length - 1;
    from = edit.to;
  }
  return lines + countBytes(bytes, lineFeed, from, end);
}

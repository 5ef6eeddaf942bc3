/**
 * Reads one row of a CSV in its bytes: where it ends, whether it has its columns, whether each value is of its type. No strings and no
 * copies are made of what is in a usual spelling. What COPY would not take, or not take as it is meant, becomes an edit: epoch dates,
 * padded numbers, a line end unlike the first, and suspect rows, which papaparse reads (see suspect-row.ts). A row whose structure is
 * broken ends with its first line, so that a stray quote costs one line and not its neighbours.
 * `read` is one long function on purpose: it looks at every byte of a download, and calls would cost more than they hide.
 */
import type { ContactField } from '../contact/index.ts';
import { formatEpoch, toEpochMs } from './epoch.ts';
import { carriageReturn, lineFeed } from './line-ends.ts';
import { endOfNative, typeCodes } from './native-value.ts';
import type { Edit } from './passed-bytes.ts';
import { readValue } from './read-value.ts';
import { formatField, parseRow } from './suspect-row.ts';

export type RowReaderOptions = {
  readonly fields: readonly ContactField[];
  readonly timeZone: string;
  readonly maxQuotedBytes: number;
  /** The bytes come with LF and CR exchanged. */
  readonly isSwapped: boolean;
};

const quote = 0x22;
const comma = 0x2c;
/** The key of the mirror must fit into an index entry, whatever a broken file holds. */
const maxAccountBytes = 1000;

export class RowReader {
  readonly #options: RowReaderOptions;
  readonly #types: Uint8Array;
  readonly #isSwapped: boolean;
  /** COPY takes one kind of line end: that of the first good row. */
  isCrLf: boolean | undefined;

  /** Of the last row read: why it cannot be used. */
  reason: string | undefined;
  /** It has too few columns. */
  isShort = false;
  /** It has a quote that does not close before the bytes end. */
  isUnclosed = false;
  edits: Edit[] = [];
  /** The edits may take line breaks away. */
  mayLoseLines = false;
  /** Why papaparse must read it. */
  #suspicion: string | undefined;
  #hasSuspectAccount = false;

  constructor(options: RowReaderOptions) {
    this.#options = options;
    this.#types = Uint8Array.from(options.fields, (field) => typeCodes[field.type]);
    this.#isSwapped = options.isSwapped;
  }

  /**
   * The index behind the row that begins at `start`, or 0 when the bytes end inside it and are not the last. `limit` stands behind a
   * line feed, so that no loop runs past it outside of quotes.
   */
  read(bytes: Buffer, start: number, limit: number, isLast: boolean): number {
    const types = this.#types;
    const width = types.length;
    this.#forget();
    let index = start;
    let column = 0;
    for (;;) {
      // Most fields are empty.
      while (bytes[index] === comma && column > 0) {
        index += 1;
        column += 1;
      }
      const from = index;
      let byte = bytes[index];
      let isChecked = column >= width || (column > 0 && types[column] === 0);
      if (byte === quote) {
        index = this.#endOfQuoted(bytes, start, index);
        if (index < 0 && (isLast || bytes.length - start > this.#options.maxQuotedBytes)) {
          return this.#breakUnclosed(bytes, start, column);
        }
        if (index < 0 || index >= limit) return 0;
        byte = bytes[index];
        isChecked ||=
          column > 0 && (index - from === 2 || endOfNative(types[column] ?? 0, bytes, from + 1) === index - 1);
        if (byte !== comma && byte !== lineFeed && (byte !== carriageReturn || !this.#isCrLfAt(bytes, index))) {
          index = this.#suspectBlanks(bytes, index, column);
          if (index < 0) return this.#breakAt(bytes, start, column, 'quote in the wrong place');
          byte = bytes[index];
        }
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
        if (byte === quote || (byte === carriageReturn && !this.#isCrLfAt(bytes, index))) {
          index = this.#suspectText(bytes, index, column);
          byte = bytes[index];
        }
      }
      const to = index;
      if (byte === carriageReturn) byte = bytes[++index];
      if (!isChecked && (to > from || column === 0)) this.#readField(bytes, column, from, to);
      column += 1;
      index += 1;
      if (byte === lineFeed) {
        if (column !== width) return this.#breakWidth(bytes, start, column);
        if (this.#suspicion !== undefined) this.#readSuspect(bytes, start, to);
        if ((index - to === 2) !== this.isCrLf) this.#matchLineEnd(to, index);
        return index;
      }
    }
  }

  #forget(): void {
    this.reason = undefined;
    this.isShort = false;
    this.isUnclosed = false;
    this.mayLoseLines = false;
    if (this.edits.length > 0) this.edits = [];
    this.#suspicion = undefined;
    this.#hasSuspectAccount = false;
  }

  #isCrLfAt(bytes: Buffer, index: number): boolean {
    return bytes[index + 1] === lineFeed && !this.#isSwapped;
  }

  /** The index behind the closing quote of the field that begins at `open`; -1 when it does not close in reach. */
  #endOfQuoted(bytes: Buffer, start: number, open: number): number {
    let index = open + 1;
    for (;;) {
      index = bytes.indexOf(quote, index);
      if (index < 0 || index - start > this.#options.maxQuotedBytes) return -1;
      if (bytes[index + 1] !== quote) return index + 1;
      index += 2;
    }
  }

  /** Goes on to the end of an unquoted field that holds a quote or a carriage return. */
  #suspectText(bytes: Buffer, index: number, column: number): number {
    const what = this.#isSwapped ? 'line feed' : 'carriage return';
    this.#suspect(column, bytes[index] === quote ? 'quote in the wrong place' : `${what} outside of quotes`);
    return this.#endOfField(bytes, index);
  }

  /** Goes on to the end of a quoted field behind whose closing quote stand blanks; -1 when it is something else. */
  #suspectBlanks(bytes: Buffer, index: number, column: number): number {
    const end = this.#endOfField(bytes, index);
    if (bytes.toString('utf8', index, end).trim() !== '') return -1;
    this.#suspect(column, 'quote in the wrong place');
    return end;
  }

  /** The comma or the line end that comes next. */
  #endOfField(bytes: Buffer, start: number): number {
    let index = start;
    while (bytes[index] !== comma && bytes[index] !== lineFeed) index += 1;
    const isBehindCr = bytes[index] === lineFeed && index > start && bytes[index - 1] === carriageReturn;
    return isBehindCr && !this.#isSwapped ? index - 1 : index;
  }

  #suspect(column: number, why: string): void {
    this.#suspicion ??= this.#toReason(column, why);
    if (column === 0) this.#hasSuspectAccount = true;
  }

  #readSuspect(bytes: Buffer, start: number, to: number): void {
    const { fields, timeZone } = this.#options;
    this.edits = [];
    this.mayLoseLines = true;
    this.reason = undefined;
    const isDoubtful = this.#hasSuspectAccount || bytes[to - 1] === carriageReturn;
    const row = this.#toText(bytes, start, to);
    const values = isDoubtful ? undefined : parseRow(row, this.#isSwapped ? '\r' : '\n');
    if (values?.length !== fields.length) {
      this.reason = this.#suspicion;
      return;
    }
    const texts = fields.map((field, column) => {
      const value = values[column] ?? '';
      if (column === 0) this.#judgeAccount(field, value, Buffer.byteLength(value));
      const read = readValue(field, value, timeZone);
      if (!read.ok) this.reason ??= read.reason;
      // An account is a key: it stays as it is.
      return formatField(read.ok && field.type !== 'text' ? read.text : value);
    });
    if (this.reason === undefined) this.edits.push({ from: start, to, text: texts.join(',') });
  }

  /** Judges a value that is not in a usual spelling, and the account. */
  #readField(bytes: Buffer, column: number, from: number, to: number): void {
    const field = this.#options.fields[column];
    if (field === undefined || this.reason !== undefined || this.#suspicion !== undefined) return;
    const epoch = toEpochMs(field.type, bytes, from, to);
    if (epoch !== undefined) {
      this.edits.push({ from, to, text: formatEpoch(field.type, epoch, this.#options.timeZone) });
      return;
    }
    const isQuoted = bytes[from] === quote;
    const text = isQuoted ? this.#toText(bytes, from + 1, to - 1).replaceAll('""', '"') : this.#toText(bytes, from, to);
    if (column === 0) {
      this.#judgeAccount(field, text, to - from);
      if (field.type === 'text') return;
    }
    const value = readValue(field, text, this.#options.timeZone);
    if (!value.ok) this.reason ??= value.reason;
    else if (value.text !== text) {
      this.edits.push({ from, to, text: value.text });
      this.mayLoseLines ||= isQuoted;
    }
  }

  #judgeAccount(field: ContactField, text: string, bytes: number): void {
    if (text.trim() === '') this.reason = `${field.name}: empty`;
    else if (bytes > maxAccountBytes) this.reason = `${field.name}: longer than ${maxAccountBytes} bytes`;
  }

  /** Text as it is in the file. */
  #toText(bytes: Buffer, from: number, to: number): string {
    const text = bytes.toString('utf8', from, to);
    return this.#isSwapped ? text.replace(/[\r\n]/g, (end) => (end === '\n' ? '\r' : '\n')) : text;
  }

  /** Every kind of line end but the first good row's is rewritten. */
  #matchLineEnd(from: number, to: number): void {
    if (this.isCrLf === undefined) {
      if (this.reason === undefined) this.isCrLf = to - from === 2;
    } else this.edits.push({ from, to, text: this.isCrLf ? '\r\n' : '\n' });
  }

  /** A row whose structure is broken ends with its first line: what follows may be good rows. */
  #breakAt(bytes: Buffer, start: number, column: number, reason: string): number {
    this.reason = this.#toReason(column, reason);
    return bytes.indexOf(lineFeed, start) + 1;
  }

  #breakUnclosed(bytes: Buffer, start: number, column: number): number {
    this.isUnclosed = true;
    return this.#breakAt(bytes, start, column, 'quote is not closed');
  }

  #breakWidth(bytes: Buffer, start: number, columns: number): number {
    const width = this.#types.length;
    this.isShort = columns < width;
    this.reason = this.#suspicion ?? `${this.isShort ? 'too few' : 'too many'} columns: ${columns} of ${width}`;
    return bytes.indexOf(lineFeed, start) + 1;
  }

  #toReason(column: number, why: string): string {
    const field = this.#options.fields[column];
    return field === undefined ? why : `${field.name}: ${why}`;
  }
}

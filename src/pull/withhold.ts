/**
 * Leaves one row out of a stream of CSV rows: the one that COPY refused, found by the line that COPY named. The rows are well-formed (the scanner
 * passed them), so a line feed outside of quotes ends a row.
 * What would surprise: COPY counts a line for each row, and within quotes only those line ends that are of the kind it has seen end a row:
 * carriage returns after the first CRLF and before the first row has ended, else line feeds. To name the row that COPY means, it is
 * counted here in the same way.
 */
export type WithheldRow = {
  /** Line of the rows (from 1, every line feed counts) where it begins, and how many lines it has. */
  readonly line: number;
  readonly lines: number;
  readonly bytes: Buffer;
};

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;

/** The rows without the one at `copyLine`, which goes to `onWithheld`. */
export async function* withholdRow(
  rows: AsyncIterable<Buffer>,
  copyLine: number,
  onWithheld: (row: WithheldRow) => void,
): AsyncGenerator<Buffer> {
  const counter = new CopyLines();
  let carry: Buffer = Buffer.alloc(0);
  let isFound = false;
  for await (const chunk of rows) {
    if (isFound) {
      yield chunk;
      continue;
    }
    const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
    let start = 0;
    for (let end = counter.endOfRow(bytes, 0); end > 0; end = counter.endOfRow(bytes, start)) {
      isFound = counter.copyLine === copyLine;
      if (isFound) {
        onWithheld({ line: counter.line, lines: counter.lines, bytes: Buffer.from(bytes.subarray(start, end)) });
        if (start > 0) yield bytes.subarray(0, start);
        start = end;
        break;
      }
      start = end;
    }
    if (isFound) {
      if (start < bytes.length) yield bytes.subarray(start);
    } else {
      if (start > 0) yield bytes.subarray(0, start);
      carry = Buffer.from(bytes.subarray(start));
    }
  }
  if (!isFound && carry.length > 0) yield carry;
}

/** Counts rows and lines, as COPY does and as they are. */
class CopyLines {
  /** The line that COPY names for the row last found. */
  copyLine = 0;
  /** Where that row begins, and how many lines it has. */
  line = 1;
  lines = 0;
  #embeddedEnd = carriageReturn;

  /** The index behind the row that begins at `start`; 0 when it does not end in these bytes. */
  endOfRow(bytes: Buffer, start: number): number {
    let isQuoted = false;
    let embedded = 0;
    let lines = 0;
    for (let index = start; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (byte === quote) isQuoted = !isQuoted;
      if (isQuoted && byte === this.#embeddedEnd) embedded += 1;
      if (byte !== lineFeed) continue;
      lines += 1;
      if (isQuoted) continue;
      this.copyLine += 1 + embedded;
      this.line += this.lines;
      this.lines = lines;
      this.#embeddedEnd = bytes[index - 1] === carriageReturn ? carriageReturn : lineFeed;
      return index + 1;
    }
    return 0;
  }
}

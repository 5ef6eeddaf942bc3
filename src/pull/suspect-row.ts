/**
 * Reads a row that the scanner suspects, with papaparse, and writes it as CSV that COPY cannot read in another way. Suspect is what programs
 * understand differently: a quote inside an unquoted field (`5" pipe`: text to papaparse, the begin of a quotation to COPY), a bare carriage
 * return in an unquoted field, blanks behind a closing quote. None of them moves the end of the row. Never read are:
 * - a quote that does not close, and text behind a closing quote: the quote may be a stray one, and the row's end anywhere;
 * - a stray quote or carriage return in the account, which more likely is the rest of a row that was broken above;
 * - carriage returns right before the line's end: nobody can tell whether they are of the value or of the line's end.
 */
import Papa from 'papaparse';

/** The values of a row, or undefined when papaparse sees errors, or more or less than this row. `row` is without its line end. */
export function parseRow(row: string, lineEnd: '\n' | '\r'): readonly string[] | undefined {
  // papaparse takes one byte order mark away.
  const text = row.startsWith('\uFEFF') ? `\uFEFF${row}${lineEnd}` : row + lineEnd;
  const { data, errors, meta } = Papa.parse<string[]>(text, {
    delimiter: ',',
    newline: lineEnd,
    preview: 1,
    fastMode: false,
  });
  const isWhole = meta.cursor === row.length + lineEnd.length;
  return errors.length === 0 && isWhole ? data[0] : undefined;
}

/** A value as a field of CSV; quoted wherever a reader might see more than text. */
export function formatField(value: string): string {
  return /[",\r\n\\]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

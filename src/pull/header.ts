/**
 * Finds and checks the header row of a download. Columns are told apart by their position in the request; labels are the
 * client's display words, may repeat, and only serve to notice that columns have shifted: where we know what a position must
 * be called (the vendor's examples, the client's own labels of custom fields), something else means that nothing may be staged.
 * A field's own name (`COL7`) is as good as its label. Upper and lower case and spaces do not count.
 */
import type { ContactField } from '../contact/index.ts';
import { FatalError } from '../errors.ts';
import { FailedDownloadError } from './failed-download.ts';
import { carriageReturn, countBytes, lineFeed } from './line-ends.ts';
import { parseRow } from './suspect-row.ts';

const quote = 0x22;
const comma = 0x2c;
const byteOrderMark = Buffer.from('\uFEFF');
const utf16Marks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const notShown = 'something that is no label';

/**
 * The first byte behind the header row, which ends in LF, CRLF or a bare CR; undefined while its end has not come. A quotation begins at
 * the begin of a label only: a quote inside of one must not take the rows behind the header for a part of it.
 * @throws FatalError when the file is UTF-16.
 */
export function findHeaderEnd(bytes: Buffer): number | undefined {
  assertNotUtf16(bytes);
  let index = hasByteOrderMark(bytes) ? byteOrderMark.length : 0;
  for (;;) {
    if (bytes[index] === quote) index = endOfQuoted(bytes, index);
    while (index < bytes.length && bytes[index] !== comma && !isLineEnd(bytes[index])) index += 1;
    const next = bytes[index + 1];
    if (bytes[index] === lineFeed) return index + 1;
    // A carriage return that comes last may have its line feed in the next chunk.
    if (bytes[index] === carriageReturn && next !== undefined) return next === lineFeed ? index + 2 : index + 1;
    if (bytes[index] !== comma) return undefined;
    index += 1;
  }
}

/** The labels of a header row; a byte order mark and the line's end do not belong to them. @throws FailedDownloadError when it is broken. */
export function parseHeader(bytes: Buffer): readonly string[] {
  assertNotUtf16(bytes);
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/(?:\r\n|\n|\r)$/, '');
  const labels = parseRow(text, '\n');
  if (labels === undefined) {
    throw new FailedDownloadError(
      'The header row of the download cannot be read: it is cut off, or a quote in it is not closed; try again.',
    );
  }
  return labels;
}

/** How the rows end is how the header ends. */
export function endsInCr(header: Buffer): boolean {
  return header.at(-1) === carriageReturn;
}

/** Lines of the header row, counted by the line end that it has itself. */
export function countHeaderLines(header: Buffer): number {
  return countBytes(header, endsInCr(header) ? carriageReturn : lineFeed, 0, header.length);
}

function assertNotUtf16(bytes: Buffer): void {
  if (!utf16Marks.some((mark) => bytes.subarray(0, mark.length).equals(mark))) return;
  throw new FatalError(
    'The download is UTF-16 where UTF-8 was expected, so nothing was staged; ask LiveVox for UTF-8, or convert the file before a replay.',
  );
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
}

/** The index behind the closing quote; the end of the bytes when there is none yet. */
function endOfQuoted(bytes: Buffer, open: number): number {
  let index = open + 1;
  while (index < bytes.length) {
    if (bytes[index] !== quote) index += 1;
    else if (bytes[index + 1] === quote) index += 2;
    else return index + 1;
  }
  return bytes.length;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn;
}

/**
 * Holds the labels against the fields that were asked for. `customLabels` are the client's labels by field name.
 * @throws FatalError naming the first column that is not what it should be.
 */
export function assertHeader(
  labels: readonly string[],
  fields: readonly ContactField[],
  customLabels: ReadonlyMap<string, string>,
): void {
  const expected = fields.map((field) => field.label ?? customLabels.get(field.name) ?? '');
  const known = new Set([...expected, ...fields.map(({ name }) => name)].map(toPlain).filter((label) => label !== ''));
  // Where the header is missing, a contact stands in its place, and nothing of it may be shown.
  const isHeader = labels.some((label) => known.has(toPlain(label)));
  fields.forEach((field, index) => {
    const label = expected[index] ?? '';
    const found = labels[index];
    if (found === undefined || label.trim() === '') return;
    if (isSame(found, label) || isSame(found, field.name)) return;
    throw new FatalError(
      `Column ${index + 1} of the download is called ${isHeader ? toShown(found) : notShown} where "${label}" was expected; ` +
        'the columns have shifted, so nothing was staged: compare the header with the fields that were asked for.',
      { facts: { position: index + 1 } },
    );
  });
  if (labels.length !== fields.length) {
    throw new FatalError(
      `The download has ${labels.length} columns where ${fields.length} were asked for, so nothing was staged: ` +
        'compare the header with the fields that were asked for.',
      { facts: { columns: labels.length } },
    );
  }
}

function isSame(one: string, other: string): boolean {
  return toPlain(one) === toPlain(other);
}

function toPlain(label: string): string {
  return label.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** Only what looks like a label is shown: columns that have shifted may still be a contact's. */
function toShown(found: string): string {
  return /^\p{L}[\p{L}\p{M}\d _#/().:-]{0,59}$/u.test(found) && !/\d{3}/.test(found) ? `"${found}"` : notShown;
}

/**
 * Finds and checks the header row of a download. Columns are told apart by their position in the request; labels are the
 * client's display words, may repeat, and only serve to notice that columns have shifted: where we know what a position must
 * be called (the vendor's examples, the client's own labels of custom fields), something else means that nothing may be staged.
 * A field's own name (`COL7`) is as good as its label. Upper and lower case and spaces do not count.
 */
import Papa from 'papaparse';
import type { ContactField } from '../contact/index.ts';
import { FatalError } from '../errors.ts';

const quote = 0x22;
const lineFeed = 0x0a;

/** The first byte behind the header row; undefined while its end has not come. */
export function findHeaderEnd(bytes: Buffer): number | undefined {
  let isQuoted = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === lineFeed && !isQuoted) return index + 1;
  }
  return undefined;
}

/** The labels of a header row; a byte order mark and the line's end do not belong to them. */
export function parseHeader(bytes: Buffer): readonly string[] {
  const text = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '');
  return Papa.parse<string[]>(text, { delimiter: ',' }).data[0] ?? [];
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
  fields.forEach((field, index) => {
    const label = field.label ?? customLabels.get(field.name) ?? '';
    const found = labels[index];
    if (found === undefined || label.trim() === '') return;
    if (isSame(found, label) || isSame(found, field.name)) return;
    throw new FatalError(
      `Column ${index + 1} of the download is called ${toShown(found)} where "${label}" was expected; ` +
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

/** Where the header is missing, what stands in its place is a contact: only what looks like a label is shown. */
function toShown(found: string): string {
  return /^\p{L}[\p{L}\p{M}\d _#/().:-]{0,59}$/u.test(found) && !/\d{3}/.test(found)
    ? `"${found}"`
    : 'something that is no label';
}

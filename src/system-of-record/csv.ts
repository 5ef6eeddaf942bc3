/**
 * Reads a CSV or TSV file as a system of record. Constant memory. The names in the header decide which column is which, not
 * their order. A row that is malformed, has too few or too many columns, or holds a value of the wrong type comes out as
 * unusable and the rest goes on. What would surprise: empty lines are no rows and are passed over.
 */
import { basename } from 'node:path';
import Papa from 'papaparse';
import type { CsvSourceConfig } from '../config.ts';
import { ConfigError, FatalError } from '../errors.ts';
import { listInputs, type RowLayout, resolveColumns } from './columns.ts';
import { mapRow, type RecordRow, toUnusable } from './map-row.ts';
import type { Resolved } from './resolve-mapping.ts';
import { readTextRecords, type TextRecord } from './text-records.ts';

export type ReadOptions = { readonly timeZone: string; readonly signal?: AbortSignal | undefined };

type Source = Resolved<CsvSourceConfig>;
type Layout = { readonly row: RowLayout; readonly width: number };
type Parsed = { readonly cells: readonly string[] } | { readonly reason: string };

const otherDelimiters = [',', ';', '\t', '|'];

/**
 * The rows of the file in order.
 * @throws ConfigError when the file or a mapped column is missing; FatalError when its header cannot be read or the file
 *   changed meanwhile.
 */
export async function* readCsv(path: string, source: Source, options: ReadOptions): AsyncGenerator<RecordRow> {
  const place = basename(path);
  const { header, encoding } = source;
  let layout = typeof header === 'boolean' ? undefined : toLayout(header, source, place);
  let isFirst = true;
  for await (const records of readTextRecords(path, source, { encoding, signal: options.signal })) {
    for (const record of records) {
      if (record.text === '') continue;
      const isHeader = isFirst && header === true;
      if (isHeader) layout = readHeader(record, source, place);
      if (isFirst && typeof header === 'object') assertNoHeader(record, layout, source, place);
      isFirst = false;
      // Without a header, the first row that can be read says how many columns there are.
      layout ??= countColumns(record, source, place);
      if (!isHeader) yield toRow(record, layout, source);
    }
    options.signal?.throwIfAborted();
  }
  if (isFirst)
    throw new FatalError(`${place} is empty; it needs a ${header === true ? 'header line' : 'row'} at least.`);
}

function toLayout(names: readonly string[], source: Source, place: string): Layout {
  return { row: resolveColumns(source.mapping, names, place), width: names.length };
}

function readHeader(record: TextRecord, source: Source, place: string): Layout {
  const parsed = parseRecord(record, source);
  if ('reason' in parsed) {
    throw new FatalError(
      `The header of ${place} (line ${record.line}) cannot be read: ${parsed.reason}; mend the file, or set its encoding.`,
    );
  }
  const { cells } = parsed;
  const other = otherDelimiters.find((one) => one !== source.delimiter && cells[0]?.includes(one));
  if (cells.some((cell) => cell.includes('\0')))
    throw new FatalError(`The header of ${place} holds NUL characters; is it UTF-16? Then set its encoding.`);
  if (cells.length === 1 && other !== undefined && listInputs(source.mapping).length !== 1) {
    throw new ConfigError(
      `The header of ${place} is a single column; its values seem to be divided by ${JSON.stringify(other)}: set delimiter.`,
    );
  }
  return toLayout(cells, source, place);
}

function countColumns(record: TextRecord, source: Source, place: string): Layout | undefined {
  const parsed = parseRecord(record, source);
  if ('reason' in parsed) return undefined;
  const numbers = parsed.cells.map((_, index) => String(index + 1));
  return toLayout(numbers, source, place);
}

/** The names as a row would be a contact whose account is called `account`. */
function assertNoHeader(record: TextRecord, layout: Layout | undefined, source: Source, place: string): void {
  const parsed = parseRecord(record, source);
  if ('reason' in parsed || layout === undefined) return;
  const { inputs } = layout.row;
  if (inputs.length === 0 || !inputs.every(({ column, index }) => parsed.cells[index]?.trim() === column)) return;
  throw new FatalError(`Line ${record.line} of ${place} holds the names of the columns; set header to true.`);
}

function toRow(record: TextRecord, layout: Layout | undefined, source: Source): RecordRow {
  const place = { line: record.line, byteOffset: record.byteOffset, raw: record.text };
  const parsed = parseRecord(record, source);
  if ('reason' in parsed) return toUnusable(place, parsed.reason);
  const { length } = parsed.cells;
  if (layout === undefined) return toUnusable(place, 'the row cannot be parsed');
  if (length !== layout.width) {
    const who =
      source.header === true ? 'the header' : source.header === false ? 'the first row' : 'the list in header';
    return toUnusable(place, `the row has ${length} columns, ${who} has ${layout.width}`);
  }
  return mapRow(layout.row, parsed.cells, place);
}

function parseRecord(record: TextRecord, { delimiter, quote }: Source): Parsed {
  if (record.reason !== undefined) return { reason: record.reason };
  // A record without quotes is one line: nothing to parse.
  if (quote === false || !record.text.includes(quote)) return { cells: record.text.split(delimiter) };
  const { data, errors } = Papa.parse<string[]>(record.text, { delimiter, quoteChar: quote, newline: '\n' });
  const [cells, ...others] = data;
  if (errors[0] !== undefined) return { reason: errors[0].message };
  return cells === undefined || others.length > 0 ? { reason: 'the row cannot be parsed' } : { cells };
}

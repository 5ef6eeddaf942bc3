/**
 * Reads a CSV file with a header as a system of record. Constant memory; UTF-8, with or without a byte order mark.
 * A row that is malformed, has too few or too many columns, or holds a value of the wrong type comes out as unusable
 * and the rest goes on. A file that changes while it is read is refused, because half of it would be another night's.
 * What would surprise: empty lines are no rows and are passed over.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import Papa from 'papaparse';
import type { CsvSourceConfig } from '../config.ts';
import { ConfigError, FatalError, toMessage } from '../errors.ts';
import { type MappedColumn, resolveColumns } from './columns.ts';
import { type CsvRecord, CsvSplitter } from './csv-records.ts';
import { mapRow, type RecordRow, toUnusable } from './map-row.ts';

export type ReadOptions = { readonly timeZone: string; readonly signal?: AbortSignal | undefined };

type Header = { readonly columns: readonly MappedColumn[]; readonly width: number };

const readBytes = 262_144;

/**
 * The rows of the file in order.
 * @throws ConfigError when the file or a mapped column is missing; FatalError when its header cannot be read or the file
 *   changed meanwhile.
 */
export async function* readCsv(source: CsvSourceConfig, options: ReadOptions): AsyncGenerator<RecordRow> {
  let header: Header | undefined;
  for await (const records of readRecords(source, options.signal)) {
    for (const record of records) {
      if (record.text === '') continue;
      if (header === undefined) header = readHeader(record, source);
      else yield toRow(record, header, source, options);
    }
    options.signal?.throwIfAborted();
  }
  if (header === undefined) throw new FatalError(`${basename(source.path)} is empty; it needs a header line at least.`);
}

async function* readRecords(source: CsvSourceConfig, signal?: AbortSignal): AsyncGenerator<readonly CsvRecord[]> {
  signal?.throwIfAborted();
  const file = await openFile(source.path);
  try {
    const before = await toVersion(file);
    const first = await readChunk(file, source.path);
    const markBytes = countMarkBytes(first, source.path);
    const splitter = new CsvSplitter(source.delimiter, markBytes);
    for (let chunk = first.subarray(markBytes); chunk.length > 0; chunk = await readChunk(file, source.path)) {
      yield splitter.push(chunk);
    }
    yield splitter.end();
    if ((await toVersion(file)) !== before) {
      throw new FatalError(`${basename(source.path)} changed while it was read; write it first, then run again.`);
    }
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isMissing ? 'there is no such file' : toMessage(error);
    throw new ConfigError(`The system of record ${path} cannot be read: ${why}. Check its path.`, { cause: error });
  }
  throw new ConfigError(`The system of record ${path} cannot be read: it is a folder. Check its path.`);
}

async function readChunk(file: FileHandle, path: string): Promise<Buffer> {
  try {
    const buffer = Buffer.allocUnsafeSlow(readBytes);
    const { bytesRead } = await file.read(buffer, 0, readBytes, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new FatalError(`${basename(path)} could not be read to its end: ${toMessage(error)}. Run again.`, {
      cause: error,
    });
  }
}

async function toVersion(file: FileHandle): Promise<string> {
  const { size, mtimeMs } = await file.stat();
  return `${size} ${mtimeMs}`;
}

function countMarkBytes(start: Buffer, path: string): number {
  if ([0xfeff, 0xfffe].includes(start.length < 2 ? 0 : start.readUInt16BE())) {
    throw new FatalError(`${basename(path)} is UTF-16; save it as UTF-8.`);
  }
  return start.subarray(0, 3).equals(Buffer.from('\uFEFF')) ? 3 : 0;
}

function readHeader(record: CsvRecord, source: CsvSourceConfig): Header {
  const place = basename(source.path);
  const parsed = parseRecord(record, source.delimiter);
  if ('reason' in parsed) {
    throw new FatalError(
      `The header of ${place} (line ${record.line}) cannot be read: ${parsed.reason}; mend the file.`,
    );
  }
  return { columns: resolveColumns(source.mapping, parsed.cells, place), width: parsed.cells.length };
}

function toRow(record: CsvRecord, header: Header, source: CsvSourceConfig, options: ReadOptions): RecordRow {
  const place = { line: record.line, byteOffset: record.byteOffset, raw: record.text };
  const parsed = parseRecord(record, source.delimiter);
  if ('reason' in parsed) return toUnusable(place, parsed.reason);
  const { length } = parsed.cells;
  if (length !== header.width)
    return toUnusable(place, `the row has ${length} columns, the header has ${header.width}`);
  return mapRow(header.columns, parsed.cells, place, options);
}

function parseRecord(
  record: CsvRecord,
  delimiter: string,
): { readonly cells: readonly string[] } | { readonly reason: string } {
  if (record.reason !== undefined) return { reason: record.reason };
  const { data, errors } = Papa.parse<string[]>(record.text, { delimiter, newline: '\n', header: false });
  const [cells, ...others] = data;
  if (errors[0] !== undefined) return { reason: errors[0].message };
  return cells === undefined || others.length > 0 ? { reason: 'the row cannot be parsed' } : { cells };
}

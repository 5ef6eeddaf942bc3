/**
 * Reads a file of JSON objects, one per line, as a system of record. Constant memory. A line that is no JSON object, or has a
 * list or an object where a value is mapped, comes out as unusable and the rest goes on. A key that a row lacks says nothing
 * of its field; null says that there is no value.
 */
import { basename } from 'node:path';
import type { NdjsonSourceConfig } from '../config.ts';
import { FatalError } from '../errors.ts';
import type { ReadOptions } from './csv.ts';
import { parseJsonLine } from './json-line.ts';
import { KeyReader } from './keyed-rows.ts';
import { mapRow, type RecordRow, toUnusable } from './map-row.ts';
import type { Resolved } from './resolve-mapping.ts';
import { readTextRecords, type TextRecord } from './text-records.ts';

const lines = { delimiter: '\n', quote: false } as const;

/**
 * The rows of the file in order.
 * @throws ConfigError when the file is missing, or a mapped key in every row; FatalError when the file is empty or changed
 *   meanwhile.
 */
export async function* readNdjson(
  path: string,
  source: Resolved<NdjsonSourceConfig>,
  options: ReadOptions,
): AsyncGenerator<RecordRow> {
  const place = basename(path);
  const keys = new KeyReader(source.mapping, place);
  let isEmpty = true;
  for await (const records of readTextRecords(path, lines, { encoding: source.encoding, signal: options.signal })) {
    for (const record of records) {
      if (record.text.trim() === '') continue;
      isEmpty = false;
      yield toRow(record, keys);
    }
    options.signal?.throwIfAborted();
  }
  if (isEmpty) throw new FatalError(`${place} is empty; it needs a row at least.`);
  keys.assertAllSeen();
}

function toRow(record: TextRecord, keys: KeyReader): RecordRow {
  const place = { line: record.line, byteOffset: record.byteOffset, raw: record.text };
  if (record.reason !== undefined) return toUnusable(place, record.reason);
  const parsed = parseJsonLine(record.text);
  if ('reason' in parsed) return toUnusable(place, parsed.reason);
  return mapRow(keys.layout, keys.toCells(parsed.row), place);
}

/**
 * The door of the systems of record: the desired contacts, one row after the other, from a CSV file or a PostgreSQL
 * query. Read-only and streaming: memory does not grow with the number of rows. A row that cannot be used comes out
 * with its reason and raw text instead of being dropped; two rows of one account both come out, for the diff to find.
 */
import { basename } from 'node:path';
import type { CsvSourceConfig, PostgresSourceConfig, SourceConfig } from '../config.ts';
import { isTimeZone } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { readCsv } from './csv.ts';
import type { RecordRow } from './map-row.ts';
import { readQuery } from './postgres.ts';

export type { RecordRow } from './map-row.ts';

export type SystemOfRecord = {
  /** Base name of the file, or `query`; what the quarantine calls the file. */
  readonly label: string;
  /**
   * The rows in the order of the file or query, read while they are asked for; may be called again to read anew.
   * @throws ConfigError when the file is missing or a mapped column is; FatalError when it cannot be read as rows;
   *   RetriableError when the database cannot be reached; the signal's reason when aborted.
   */
  readonly rows: (signal?: AbortSignal) => AsyncIterable<RecordRow>;
};

/**
 * A system of record, opened when its rows are asked for. `timeZone` is the client's: zone-less times are in it.
 * @throws ConfigError when the time zone is unknown.
 */
export function openSystemOfRecord(source: SourceConfig, options: { readonly timeZone: string }): SystemOfRecord {
  if (!isTimeZone(options.timeZone)) {
    throw new ConfigError(`"${options.timeZone}" is no time zone; use an IANA name such as America/New_York.`);
  }
  return source.kind === 'csv' ? openCsv(source, options.timeZone) : openQuery(source, options.timeZone);
}

function openCsv(source: CsvSourceConfig, timeZone: string): SystemOfRecord {
  return { label: basename(source.path), rows: (signal) => readCsv(source, { timeZone, signal }) };
}

function openQuery(source: PostgresSourceConfig, timeZone: string): SystemOfRecord {
  return { label: 'query', rows: (signal) => readQuery(source, { timeZone, signal }) };
}

/**
 * The door of the systems of record: the desired contacts, one row after the other, from a file, a PostgreSQL query or one's
 * own code. Read-only and streaming: memory does not grow with the number of rows. A row that cannot be used comes out with its
 * reason and raw text instead of being dropped; two rows of one account both come out, for the diff to find.
 */
import { basename } from 'node:path';
import type { Clock } from '../clock.ts';
import type { SourceConfig } from '../config.ts';
import { isTimeZone } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { chooseFile } from './choose-file.ts';
import { type ReadOptions, readCsv } from './csv.ts';
import type { RecordRow } from './map-row.ts';
import { readModule } from './module.ts';
import { readNdjson } from './ndjson.ts';
import { readQuery } from './postgres.ts';

export type { RecordRow } from './map-row.ts';

export type SystemOfRecord = {
  /** Base name of the file or module, or `query`; what the quarantine calls the file. */
  readonly label: string;
  /** Whether it holds every contact, so that one missing there is gone. */
  readonly isComplete: boolean;
  /** Newer files of the folder or pattern that were not complete and were left for another time. */
  readonly filesPassedOver: number;
  /**
   * The rows in the order of the file, query or code, read while they are asked for; may be called again to read anew.
   * @throws ConfigError when the file is missing or a mapped column is; FatalError when it cannot be read as rows;
   *   RetriableError when the database cannot be reached or the code fails; the signal's reason when aborted.
   */
  readonly rows: (signal?: AbortSignal) => AsyncIterable<RecordRow>;
};

type OpenOptions = {
  /** The client's: zone-less times are in it. */
  readonly timeZone: string;
  readonly clock: Clock;
};

/**
 * A system of record: which file it is tonight is decided here and holds for every reading, the rest when its rows are asked for.
 * @throws ConfigError when the time zone is unknown or no file is there; RetriableError when no file is complete yet.
 */
export async function openSystemOfRecord(source: SourceConfig, options: OpenOptions): Promise<SystemOfRecord> {
  const { timeZone, clock } = options;
  if (!isTimeZone(timeZone)) {
    throw new ConfigError(`"${timeZone}" is no time zone; use an IANA name such as America/New_York.`);
  }
  const make = (
    label: string,
    read: (readOptions: ReadOptions) => AsyncIterable<RecordRow>,
    filesPassedOver = 0,
  ): SystemOfRecord => ({
    label,
    isComplete: source.complete,
    filesPassedOver,
    rows: (signal) => read({ timeZone, signal }),
  });
  if (source.kind === 'postgres') return make('query', (readOptions) => readQuery(source, readOptions));
  if (source.kind === 'module') return make(source.label, (readOptions) => readModule(source, readOptions));
  const { path, passedOver } = await chooseFile(source, clock.now());
  const read = (readOptions: ReadOptions): AsyncIterable<RecordRow> =>
    source.kind === 'csv' ? readCsv(path, source, readOptions) : readNdjson(path, source, readOptions);
  return make(basename(path), read, passedOver);
}

/**
 * The door of the systems of record: the desired contacts, one row after the other, from a file, a query or one's
 * own code. Read-only and streaming: memory does not grow with the number of rows. A row that cannot be used comes out with its
 * reason and raw text instead of being dropped; two rows of one account both come out, for the diff to find.
 */
import { basename } from 'node:path';
import type { Clock } from '../clock.ts';
import type { MappedSourceConfig, SourceConfig } from '../config.ts';
import { isTimeZone, type Owner } from '../contact/index.ts';
import { ConfigError } from '../errors.ts';
import { chooseFile } from './choose-file.ts';
import { type ReadOptions, readCsv } from './csv.ts';
import { rowsLookedAt } from './keyed-rows.ts';
import type { KnownValues } from './known-values.ts';
import type { RecordRow } from './map-row.ts';
import { readModule } from './module.ts';
import { readMysql } from './mysql.ts';
import { readNdjson } from './ndjson.ts';
import { readQuery } from './postgres.ts';
import { type ResolvedMapping, resolveMapping } from './resolve-mapping.ts';

export { type DraftedField, draftMapping, type MappingDraft } from './draft-mapping.ts';
export type { RecordRow } from './map-row.ts';

export type SystemOfRecord = {
  /** Base name of the file or module, or `query`; what the quarantine calls the file. */
  readonly label: string;
  /** Whether it holds every contact, so that one missing there is gone. */
  readonly isComplete: boolean;
  /** What becomes of a contact of LiveVox that it does not hold; anything but `nothing` only when it is complete. */
  readonly onAbsence: 'nothing' | 'deactivate' | 'delete';
  /** Newer files of the folder or pattern that were not complete and were left for another time. */
  readonly filesPassedOver: number;
  /** Who owns each field that it speaks for, by vendor name, without `account`; custom fields as COLn. */
  readonly owners: Readonly<Record<string, Owner>>;
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
  readonly known: KnownValues;
};

/**
 * A system of record: which file it is tonight is decided here and holds for every reading, the rest when its rows are asked for.
 * @throws ConfigError when the time zone or a label of the mapping is unknown, or no file is there; RetriableError when no file is
 *   complete yet.
 */
export async function openSystemOfRecord(source: MappedSourceConfig, options: OpenOptions): Promise<SystemOfRecord> {
  const { timeZone, clock } = options;
  assertTimeZone(timeZone);
  const mapping = resolveMapping(source, options);
  const { label, filesPassedOver, read } = await openReader(source, clock);
  const owned = mapping.fields.filter(({ field }) => field.name !== 'account');
  return {
    label,
    isComplete: source.complete,
    onAbsence: source.onAbsence,
    filesPassedOver,
    owners: Object.fromEntries(owned.map(({ field, owner }) => [field.name, owner])),
    rows: (signal) => read(mapping, { timeZone, signal }),
  };
}

/**
 * The names of a source's columns, mapped or not; of one whose rows are objects, the keys of its first rows.
 * @throws what opening and reading it throws.
 */
export async function readColumnNames(
  source: SourceConfig,
  { timeZone, clock, signal }: Omit<OpenOptions, 'known'> & { readonly signal?: AbortSignal },
): Promise<{ readonly label: string; readonly columns: readonly string[] }> {
  assertTimeZone(timeZone);
  const { label, read } = await openReader(source, clock);
  const found = new Set<string>();
  const onColumns = (names: readonly string[]): void => {
    for (const name of names) found.add(name);
  };
  let rows = 0;
  for await (const _row of read({ fields: [], onColumns }, { timeZone, signal })) {
    rows += 1;
    if (rows === rowsLookedAt) break;
  }
  return { label, columns: [...found] };
}

type Reader = {
  readonly label: string;
  readonly filesPassedOver: number;
  readonly read: (mapping: ResolvedMapping, options: ReadOptions) => AsyncIterable<RecordRow>;
};

async function openReader(source: SourceConfig, clock: Clock): Promise<Reader> {
  if (source.kind === 'postgres')
    return {
      label: 'query',
      filesPassedOver: 0,
      read: (mapping, options) => readQuery({ ...source, mapping }, options),
    };
  if (source.kind === 'mysql')
    return {
      label: 'query',
      filesPassedOver: 0,
      read: (mapping, options) => readMysql({ ...source, mapping }, options),
    };
  if (source.kind === 'module') {
    const { label } = source;
    return { label, filesPassedOver: 0, read: (mapping, options) => readModule({ ...source, mapping }, options) };
  }
  const { path, passedOver } = await chooseFile(source, clock.now());
  return {
    label: basename(path),
    filesPassedOver: passedOver,
    read: (mapping, options) =>
      source.kind === 'csv'
        ? readCsv(path, { ...source, mapping }, options)
        : readNdjson(path, { ...source, mapping }, options),
  };
}

function assertTimeZone(timeZone: string): void {
  if (isTimeZone(timeZone)) return;
  throw new ConfigError(`"${timeZone}" is no time zone; use an IANA name such as America/New_York.`);
}

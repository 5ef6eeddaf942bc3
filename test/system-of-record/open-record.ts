/** Systems of record opened as the config would have them, with its defaults, and their rows in one list. */
import { writeFile } from 'node:fs/promises';
import { join, resolve as toAbsolute } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type {
  CsvSourceConfig,
  FieldMapping,
  MappedSourceConfig,
  ModuleSourceConfig,
  NdjsonSourceConfig,
  RecordRows,
} from '../../src/config.ts';
import { openSystemOfRecord, type RecordRow, type SystemOfRecord } from '../../src/system-of-record/index.ts';
import type { KnownValues } from '../../src/system-of-record/known-values.ts';
import { type ResolvedMapping, resolveMapping } from '../../src/system-of-record/resolve-mapping.ts';
import { setupFolder } from '../support/folder.ts';

const basics = { complete: false, onAbsence: 'nothing' } as const;
/** As before the first pull. */
const nothingKnown: KnownValues = { customFields: [], groups: undefined, agents: undefined };

type Mapped<Source> = Source & { readonly mapping: FieldMapping };
const file = { ...basics, newestBy: 'name', settleMs: 60_000, encoding: 'utf-8' } as const;

export function csvSource(
  path: string,
  mapping: FieldMapping,
  more: Partial<CsvSourceConfig> = {},
): Mapped<CsvSourceConfig> {
  return { ...file, kind: 'csv', path: toAbsolute(path), delimiter: ',', quote: '"', header: true, ...more, mapping };
}

export function ndjsonSource(
  path: string,
  mapping: FieldMapping,
  more: Partial<NdjsonSourceConfig> = {},
): Mapped<NdjsonSourceConfig> {
  return { ...file, kind: 'ndjson', path: toAbsolute(path), ...more, mapping };
}

export function moduleSource(mapping: FieldMapping, rows: RecordRows): Mapped<ModuleSourceConfig> {
  return { ...basics, kind: 'module', label: 'crm', load: async () => rows, mapping };
}

export function open(source: MappedSourceConfig, known: Partial<KnownValues> = {}): Promise<SystemOfRecord> {
  return openSystemOfRecord(source, {
    timeZone: 'America/New_York',
    clock: systemClock,
    known: { ...nothingKnown, ...known },
  });
}

export async function collect(rows: AsyncIterable<RecordRow>): Promise<RecordRow[]> {
  const all: RecordRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

export async function readAll(source: MappedSourceConfig, known: Partial<KnownValues> = {}): Promise<RecordRow[]> {
  return collect((await open(source, known)).rows());
}

/** The mapping of a test as readers take it. */
export function resolve(mapping: FieldMapping, known: Partial<KnownValues> = {}): ResolvedMapping {
  return resolveMapping({ mapping }, { timeZone: 'America/New_York', known: { ...nothingKnown, ...known } });
}

/** What a test looks at in most rows: the account with one of its fields, or the line with the reason. */
export function summarize(rows: readonly RecordRow[], field: string): readonly unknown[] {
  return rows.map((row) => (row.kind === 'desired' ? [row.account, row.fields[field]] : [row.line, row.reason]));
}

/** A file in a folder of the running test; returns its path. */
export async function setupFile(content: string | Buffer, name = 'contacts.csv'): Promise<string> {
  const path = join(await setupFolder(), name);
  await writeFile(path, content);
  return path;
}

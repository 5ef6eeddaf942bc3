/** Systems of record opened as the config would have them, with its defaults, and their rows in one list. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import type {
  CsvSourceConfig,
  FieldMapping,
  ModuleSourceConfig,
  NdjsonSourceConfig,
  RecordRows,
  SourceConfig,
} from '../../src/config.ts';
import { openSystemOfRecord, type RecordRow, type SystemOfRecord } from '../../src/system-of-record/index.ts';
import { setupFolder } from '../support/folder.ts';

const basics = { complete: false } as const;
const file = { ...basics, newestBy: 'name', settleMs: 60_000, encoding: 'utf-8' } as const;

export function csvSource(path: string, mapping: FieldMapping, more: Partial<CsvSourceConfig> = {}): CsvSourceConfig {
  return { ...file, kind: 'csv', path: resolve(path), delimiter: ',', quote: '"', header: true, mapping, ...more };
}

export function ndjsonSource(
  path: string,
  mapping: FieldMapping,
  more: Partial<NdjsonSourceConfig> = {},
): NdjsonSourceConfig {
  return { ...file, kind: 'ndjson', path: resolve(path), mapping, ...more };
}

export function moduleSource(mapping: FieldMapping, rows: RecordRows): ModuleSourceConfig {
  return { ...basics, kind: 'module', label: 'crm', load: async () => rows, mapping };
}

export function open(source: SourceConfig): Promise<SystemOfRecord> {
  return openSystemOfRecord(source, { timeZone: 'America/New_York', clock: systemClock });
}

export async function collect(rows: AsyncIterable<RecordRow>): Promise<RecordRow[]> {
  const all: RecordRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

export async function readAll(source: SourceConfig): Promise<RecordRow[]> {
  return collect((await open(source)).rows());
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

/**
 * Writes a plan's changed fields to a file, as JSON lines or CSV by its extension. The file holds personal data, so only its
 * owner may read it, and an existing one is never overwritten. CSV cells that a spreadsheet would run as a formula are
 * made text with an apostrophe; numbers with a sign stay numbers.
 */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import Papa from 'papaparse';
import { ConfigError } from '../errors.ts';
import { type ChangedField, type Store, selectPatches, toChangedFields } from '../store/index.ts';

type RowsFormat = { readonly head: string; readonly toText: (rows: readonly ChangedField[]) => string };

const columns = ['account', 'operation', 'field', 'from', 'to'] as const;
const formulaStart = /^[=@\t\r\n]|^[+-](?!\d+(\.\d+)?$)/;

const formats: Readonly<Record<string, RowsFormat>> = {
  '.jsonl': { head: '', toText: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('') },
  '.csv': { head: `${columns.join(',')}\r\n`, toText: toCsv },
};

function toCsv(rows: readonly ChangedField[]): string {
  const cells = rows.map((row) => columns.map((column) => row[column] ?? ''));
  return rows.length === 0 ? '' : `${Papa.unparse(cells, { escapeFormulae: formulaStart, newline: '\r\n' })}\r\n`;
}

/** @throws ConfigError when the file exists or its name does not say which format is meant */
export function assertPlanFileName(cwd: string, name: string): void {
  if (formats[extname(name)] === undefined) throw new ConfigError(`--out ${name} must end in .jsonl or .csv.`);
  if (existsSync(resolve(cwd, name))) throw new ConfigError(`--out ${name} exists already; choose another name.`);
}

/** Writes all changed fields of a plan; returns how many. @throws ConfigError for a name that assertPlanFileName refuses */
export async function writePlanFile(store: Store, changeSetId: string, cwd: string, name: string): Promise<number> {
  assertPlanFileName(cwd, name);
  const { head, toText } = formats[extname(name)]!;
  const file = await open(resolve(cwd, name), 'wx', 0o600);
  try {
    let written = 0;
    await file.writeFile(head);
    for await (const patches of selectPatches(store, { changeSetId })) {
      const rows = patches.flatMap(toChangedFields);
      await file.writeFile(toText(rows));
      written += rows.length;
    }
    return written;
  } finally {
    await file.close();
  }
}

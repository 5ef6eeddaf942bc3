/**
 * A plan as CSV that is safe to open in a spreadsheet: cells that would run as a formula are made text with an apostrophe, numbers with a sign
 * stay numbers, and a byte order mark says that it is UTF-8, which Excel does not guess.
 */
import Papa from 'papaparse';
import type { ChangedField } from '../store/index.ts';
import type { PlanListing } from './plan-rows.ts';

const columns = ['account', 'operation', 'field', 'from', 'to', 'state', 'risk', 'hazards'] as const;

const formulaStart = /^[=@\t\r\n]|^[+-](?!\d+(\.\d+)?$)/;

const byteOrderMark = '\ufeff';

/** The texts of the file, a batch at a time. */
export async function* writeCsv({ rows }: PlanListing): AsyncGenerator<string> {
  yield `${byteOrderMark}${columns.join(',')}\r\n`;
  for await (const batch of rows) {
    if (batch.length > 0)
      yield `${Papa.unparse(batch.map(toCells), { escapeFormulae: formulaStart, newline: '\r\n' })}\r\n`;
  }
}

function toCells(row: ChangedField): string[] {
  return columns.map((column) => (column === 'hazards' ? row.hazards.join(' ') : String(row[column] ?? '')));
}

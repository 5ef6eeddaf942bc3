/**
 * Compares what LiveVox really holds with what a system-of-record CSV of the demo says, field by field. Reads the sandbox through its own API and
 * spells values in its own way: nothing of the program under test takes part.
 */
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import { demoMapping } from '../../src/cli/demo-record.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { fetchAllContacts } from './sandbox-admin.ts';

export type RecordComparison = {
  readonly compared: number;
  readonly fields: number;
  readonly differences: readonly string[];
};

/** Accounts of rows that no one may accept, and what a refused account that appears twice is called. */
const unacceptable = /^(|BAD-.*|TWICE|CUT-SHORT)$/;

export async function compareWithRecord(sandbox: Pick<Sandbox, 'url'>, file: string): Promise<RecordComparison> {
  const contacts = await fetchAllContacts(sandbox);
  const { data } = Papa.parse<Record<string, string>>(await readFile(file, 'utf8'), {
    header: true,
    skipEmptyLines: true,
  });
  const rows = data.filter((row) => !unacceptable.test(row[demoMapping.account] ?? ''));
  const differences: string[] = [];
  let fields = 0;
  for (const row of rows) {
    const account = row[demoMapping.account]!;
    const shown = contacts.get(account);
    if (shown === undefined) {
      differences.push(`${account}: missing`);
      continue;
    }
    for (const [field, column] of Object.entries(demoMapping)) {
      const wanted = spell(field, row[column] ?? '');
      if (wanted === undefined || isOfEmptyPhone(field, row)) continue;
      fields += 1;
      const has = spell(field, shown[field] ?? '') ?? 'false';
      if (has !== wanted) differences.push(`${account}.${field}: ${has} instead of ${wanted}`);
    }
  }
  for (const account of contacts.keys())
    if (unacceptable.test(account)) differences.push(`${account}: a refused row was sent`);
  return { compared: rows.length, fields, differences };
}

/** A block or a consent of a phone that does not exist means nothing. */
function isOfEmptyPhone(field: string, row: Record<string, string>): boolean {
  const phone = /^(phone\d+)./.exec(field)?.[1] as keyof typeof demoMapping | undefined;
  return phone !== undefined && (row[demoMapping[phone]] ?? '') === '';
}

/** One spelling per value; undefined: the record does not say. */
function spell(field: string, value: string): string | undefined {
  const text = value.trim().normalize('NFC');
  if (/(Block|Consent)/.test(field)) return text === '' ? undefined : String(/^(yes|true)$/.test(text));
  if (/^phone\d+$/.test(field)) return text.replace(/\D/g, '');
  if (field === 'balance' && text !== '') return String(Number(text));
  const american = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  return american === null ? text : `${american[3]}-${american[1]}-${american[2]}`;
}

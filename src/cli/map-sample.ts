/** The first rows of a system of record as they would be sent: a column for each row that can be used, and why the others cannot. */
import type { RecordRow, SystemOfRecord } from '../open-record.ts';
import { maskValue } from './mask.ts';
import { formatCount, formatTable, formatValue, formatVisible } from './print.ts';

type SampleRow =
  | {
      readonly line: number;
      readonly account: string;
      /** Field → value; null is empty, a field that is absent stays as it is. */
      readonly fields: Readonly<Record<string, string | null>>;
      readonly changedAt?: string | undefined;
    }
  | { readonly line: number; readonly account?: string | undefined; readonly reason: string };

export type Sample = {
  /** File, module or `query`. */
  readonly label: string;
  /** Field → who owns it. */
  readonly owners: SystemOfRecord['owners'];
  readonly rows: readonly SampleRow[];
  /** Whether personal data is masked. */
  readonly isMasked: boolean;
};

type SampleOptions = { readonly rows: number; readonly isMasked: boolean; readonly signal: AbortSignal };

/** Reads so many rows and no more. */
export async function readSample(record: SystemOfRecord, options: SampleOptions): Promise<Sample> {
  const rows: SampleRow[] = [];
  for await (const row of record.rows(options.signal)) {
    rows.push(toSampleRow(row, options.isMasked));
    if (rows.length === options.rows) break;
  }
  return { label: record.label, owners: record.owners, rows, isMasked: options.isMasked };
}

function toSampleRow(row: RecordRow, isMasked: boolean): SampleRow {
  const { line, account } = row;
  if (row.kind === 'unusable') return { line, account, reason: row.reason };
  const fields = Object.entries(row.fields).map(([name, value]) => [name, isMasked ? maskValue(name, value) : value]);
  return { line, account: row.account, fields: Object.fromEntries(fields), changedAt: row.changedAt };
}

/** A table with the fields downwards, then the rows that cannot be used. */
export function formatSample({ label, owners, rows, isMasked }: Sample): string {
  const usable = rows.flatMap((row) => ('fields' in row ? [row] : []));
  const unusable = rows.flatMap((row) => ('reason' in row ? [row] : []));
  const head = `${formatVisible(label)}: of its first ${formatCount(rows.length)} rows ${formatCount(usable.length)} can be used; nothing was sent\n`;
  const changedAt = usable.some((row) => row.changedAt !== undefined)
    ? [['changed at', '', ...usable.map((row) => row.changedAt ?? '(not said)')]]
    : [];
  const table = [
    ['field', 'owner', ...usable.map(({ line }) => `row ${formatCount(line)}`)],
    ['account', '', ...usable.map(({ account }) => formatVisible(account))],
    ...Object.entries(owners).map(([name, owner]) => [
      name,
      owner,
      ...usable.map(({ fields }) => formatFieldValue(fields[name])),
    ]),
    ...changedAt,
  ];
  return [
    head,
    usable.length === 0 ? '' : formatTable(table),
    ...unusable.map(({ line, reason }) => `row ${formatCount(line)} cannot be used: ${formatVisible(reason)}\n`),
    isMasked && usable.length > 0 ? 'Personal data is masked; --unmask shows it.\n' : '',
  ].join('');
}

function formatFieldValue(value: string | null | undefined): string {
  return value === undefined ? '(as it is)' : formatValue(value);
}

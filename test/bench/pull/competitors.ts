/**
 * What people write instead, each the whole work of one process: papaparse over the plain file, then COPY; or papaparse, then INSERT of many
 * rows a statement, with values as literals or as parameters. They read the plain file and check no more than they must, which favours them.
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Papa from 'papaparse';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { contactFields } from '../../../src/contact/index.ts';

export type CompetitorJob = {
  readonly kind: 'papaparse-copy' | 'insert-literals' | 'insert-parameters';
  readonly databaseUrl: string;
  readonly file: string;
  /** An empty table with the columns of a contact. */
  readonly table: string;
};

const columns = contactFields.map((field) => field.column).join(', ');
const literalRows = 1000;
/** A statement has at most 65,535 parameters. */
const parameterRows = 300;
const copyBatchRows = 500;

const checks: Readonly<Record<string, RegExp>> = {
  integer: /^-?\d{1,10}$/,
  bigint: /^-?\d{1,19}$/,
  numeric: /^-?\d+(?:\.\d+)?$/,
  boolean: /^(?:true|false)$/,
  date: /^\d\d\/\d\d\/\d{4}$/,
  timestamp: /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/,
};

/** Rows loaded. */
export async function runCompetitor(job: CompetitorJob): Promise<number> {
  const client = new pg.Client({ connectionString: job.databaseUrl });
  await client.connect();
  await client.query(`set datestyle = 'ISO, MDY'`);
  try {
    if (job.kind === 'papaparse-copy') return await copy(client, job);
    return await insert(client, job);
  } finally {
    await client.end();
  }
}

async function* readRows(file: string): AsyncGenerator<readonly string[]> {
  const parser = createReadStream(file).pipe(Papa.parse(Papa.NODE_STREAM_INPUT));
  let isHeader = true;
  for await (const row of parser) {
    if (!isHeader) yield row;
    isHeader = false;
  }
}

async function* readBatches(file: string, size: number): AsyncGenerator<readonly (readonly string[])[]> {
  let batch: (readonly string[])[] = [];
  for await (const row of readRows(file)) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function copy(client: pg.Client, { file, table }: CompetitorJob): Promise<number> {
  const target = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  await pipeline(Readable.from(toCopyText(file)), target);
  return target.rowCount;
}

async function* toCopyText(file: string): AsyncGenerator<Buffer> {
  for await (const batch of readBatches(file, copyBatchRows)) yield Buffer.from(batch.map(toCopyRow).join(''));
}

function toCopyRow(row: readonly string[]): string {
  const cells = contactFields.map((field, index) => {
    const cell = row[index] ?? '';
    if (cell === '') return '\\N';
    if (checks[field.type]?.test(cell) === false) throw new Error(`column ${field.column} is no ${field.type}`);
    return cell.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  });
  return `${cells.join('\t')}\n`;
}

async function insert(client: pg.Client, { kind, file, table }: CompetitorJob): Promise<number> {
  const hasLiterals = kind === 'insert-literals';
  let loaded = 0;
  for await (const batch of readBatches(file, hasLiterals ? literalRows : parameterRows)) {
    const head = `insert into ${table} (${columns}) values`;
    if (hasLiterals) await client.query(`${head} ${batch.map((row) => `(${toLiterals(row)})`).join(', ')}`);
    else await client.query(`${head} ${batch.map(toPlaces).join(', ')}`, toParameters(batch));
    loaded += batch.length;
  }
  return loaded;
}

function toLiterals(row: readonly string[]): string {
  return row.map((cell) => (cell === '' ? 'null' : pg.escapeLiteral(cell))).join(', ');
}

function toPlaces(row: readonly string[], at: number): string {
  return `(${row.map((_, index) => `$${at * row.length + index + 1}`).join(', ')})`;
}

function toParameters(batch: readonly (readonly string[])[]): (string | null)[] {
  return batch.flatMap((row) => row.map((cell) => (cell === '' ? null : cell)));
}

/**
 * Copies CSV rows into the stage of a run: COPY, in a transaction of its own. Zone-less times are in the client's zone, dates month
 * first, and an empty field is null whether quoted or not. Locks: the stage only, which nobody else reads.
 * What would surprise: the rows were checked before, so a value that Postgres refuses here is a fault of the check. The server's own
 * words quote the row, so they are not passed on: the error names line and column only.
 */
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { contactFields } from '../contact/index.ts';
import { FatalError, LvsyncError, RetriableError } from '../errors.ts';
import { type Store, withTransaction } from './connection.ts';
import type { Stage } from './make-stage.ts';

export type CopyStageInput = {
  readonly stage: Stage;
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** CSV without a header, all columns in the order of the catalogue. */
  readonly rows: AsyncIterable<Buffer>;
  /** Line of the download (from 1) for a line of `rows` (from 1). */
  readonly toLine: (rowsLine: number) => number;
  readonly signal?: AbortSignal;
};

const columns = contactFields.map((field) => field.column).join(', ');
const nullableColumns = contactFields
  .filter((field) => field.name !== 'account')
  .map((field) => field.column)
  .join(', ');

/** Rows copied. @throws FatalError when Postgres refuses a value, knows no such zone, or has no space left. */
export async function copyStage(store: Store, input: CopyStageInput): Promise<number> {
  try {
    return await withTransaction(store, (client) => copy(client, input));
  } catch (error) {
    input.signal?.throwIfAborted();
    throw toCopyError(error, input.toLine);
  }
}

async function copy(client: PoolClient, input: CopyStageInput): Promise<number> {
  await client.query(`select set_config('datestyle', 'ISO, MDY', true), set_config('timezone', $1, true)`, [
    input.timeZone,
  ]);
  const target = client.query(
    copyFrom(`copy ${input.stage.table} (${columns}) from stdin (format csv, force_null (${nullableColumns}))`),
  );
  // An error that comes after the pipeline has failed for another reason would end the process.
  target.on('error', () => {});
  await pipeline(input.rows, target, { signal: input.signal });
  // The planner must know how many rows there are, and that the account is almost unique.
  await client.query(`analyze ${input.stage.table} (account)`);
  return target.rowCount;
}

function toCopyError(error: unknown, toLine: (rowsLine: number) => number): unknown {
  if (error instanceof LvsyncError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '22023')
    return new FatalError('The database does not know the time zone of the tenant; use another name.');
  if (code === '53100') return new FatalError('The disk of the database is full; free space and run again.');
  if (/^22/.test(code)) return toRefusal(error, code, toLine);
  return new RetriableError(`The database broke off while rows were staged (${code || error.name}); run again.`, {
    facts: { code },
  });
}

/** `COPY stage_…, line 12, column due_date: "…"`: the value behind it is a contact's. */
function toRefusal(error: Error, code: string, toLine: (rowsLine: number) => number): FatalError {
  const where = 'where' in error ? String(error.where) : '';
  const [, line, column = 'unknown'] = /, line (\d+)(?:, column (\w+))?/.exec(where) ?? [];
  const place = line === undefined ? 'a line' : `line ${toLine(Number(line))}`;
  return new FatalError(
    `The database refuses column ${column} in ${place} of the download (${code}), so nothing was merged; report this with the value.`,
    { facts: { code, column, line: line === undefined ? undefined : toLine(Number(line)) } },
  );
}

/**
 * Copies CSV rows into the stage of a run: COPY, in a transaction of its own. Zone-less times are in the client's zone, dates month
 * first, and an empty field is null whether quoted or not. Locks: the stage only, which nobody else reads.
 * What would surprise: the rows were checked before, so a value that Postgres refuses here is a fault of the check. The server's own
 * words quote the row, so they are not passed on: the error names line and column only, and the caller may try without that row.
 */
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { contactFields } from '../contact/index.ts';
import { FatalError, LvsyncError, RetriableError } from '../errors.ts';
import { type Store, withTransaction } from './connection.ts';
import type { Stage } from './make-stage.ts';

export type CopyInput = {
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** CSV without a header, all columns in the order of the catalogue. */
  readonly rows: AsyncIterable<Buffer>;
  /** Line of the download (from 1) for a line of `rows` (from 1). */
  readonly toLine: (rowsLine: number) => number;
  readonly signal?: AbortSignal;
};

export type CopyStageInput = CopyInput & { readonly stage: Stage };

/** Postgres refuses a value of one row. Fatal, unless the caller sets the row aside and copies again. */
export class RefusedRowError extends FatalError {
  /** Line of the rows as COPY counts them: see pull/withhold.ts. */
  readonly copyLine: number;
  readonly column: string;
  readonly sqlState: string;

  constructor(at: {
    readonly copyLine: number;
    readonly line: number;
    readonly column: string;
    readonly sqlState: string;
  }) {
    super(
      `The database refuses column ${at.column} in line ${at.line} of the download (${at.sqlState}), so nothing was merged; report this with the value.`,
      { facts: { code: at.sqlState, column: at.column, line: at.line } },
    );
    this.copyLine = at.copyLine;
    this.column = at.column;
    this.sqlState = at.sqlState;
  }
}

const columns = contactFields.map((field) => field.column).join(', ');
const nullableColumns = contactFields
  .filter((field) => field.name !== 'account')
  .map((field) => field.column)
  .join(', ');

/** Rows copied. @throws RefusedRowError for a value, FatalError when Postgres knows no such zone, or has no space left. */
export async function copyStage(store: Store, input: CopyStageInput): Promise<number> {
  try {
    return await withTransaction(store, async (client) => {
      const copied = await copyRows(client, input.stage.table, input);
      // The planner must know how many rows there are, and that the account is almost unique.
      await client.query(`analyze ${input.stage.table} (account)`);
      return copied;
    });
  } catch (error) {
    input.signal?.throwIfAborted();
    throw toCopyError(error, input.toLine);
  }
}

/** COPY into a table with the columns of a contact, inside the caller's transaction. Throws what Postgres throws. */
export async function copyRows(client: PoolClient, table: string, input: CopyInput): Promise<number> {
  await client.query(`select set_config('datestyle', 'ISO, MDY', true), set_config('timezone', $1, true)`, [
    input.timeZone,
  ]);
  const target = client.query(
    copyFrom(`copy ${table} (${columns}) from stdin (format csv, force_null (${nullableColumns}))`),
  );
  // An error that comes after the pipeline has failed for another reason would end the process.
  target.on('error', () => {});
  await pipeline(input.rows, target, { signal: input.signal });
  return target.rowCount;
}

/** What a failed COPY means, without the server's words. */
export function toCopyError(error: unknown, toLine: (rowsLine: number) => number): unknown {
  if (error instanceof LvsyncError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '22023')
    return new FatalError('The database does not know the time zone of the tenant; use another name.', {
      facts: { code },
    });
  if (code === '53100')
    return new FatalError('The disk of the database is full; free space and run again.', { facts: { code } });
  if (/^22/.test(code)) return toRefusal(error, code, toLine);
  return new RetriableError(`The database broke off while rows were copied (${code || error.name}); run again.`, {
    facts: { code },
  });
}

/** `COPY stage_…, line 12, column due_date: "…"`: the value behind it is a contact's. */
function toRefusal(error: Error, code: string, toLine: (rowsLine: number) => number): FatalError {
  const where = 'where' in error ? String(error.where) : '';
  const [, line, column = 'unknown'] = /^COPY \w+, line (\d+)(?:, column (\w+))?/m.exec(where) ?? [];
  if (line === undefined) {
    return new FatalError(
      `The database refuses a value of the download (${code}), so nothing was merged; report this.`,
      { facts: { code } },
    );
  }
  return new RefusedRowError({ copyLine: Number(line), line: toLine(Number(line)), column, sqlState: code });
}

/**
 * Copies CSV rows into the stage of a run: COPY, in transactions of its own. Zone-less times are in the client's zone, dates month
 * first, and an empty field is null whether quoted or not. Locks: the stage only, which nobody else reads.
 * COPY is bound by one core of the server, so the pieces may be dealt out to several of them; what they have copied when one fails is
 * the rest of a stage that is dropped.
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

export type CopyStageInput = CopyInput & {
  readonly stage: Stage;
  /** Most COPYs side by side, each on a connection of its own; `rows` must be pieces of whole rows then. @default 1 */
  readonly streams?: number;
};

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

/**
 * Rows copied.
 * @throws RefusedRowError for a value (its lines are right with one stream only), FatalError when Postgres knows no such zone, or has no
 *   space left.
 */
export async function copyStage(store: Store, input: CopyStageInput): Promise<number> {
  try {
    const copied = await copySideBySide(store, input);
    // The planner must know how many rows there are, and that the account is almost unique.
    await store.pool.query(`analyze ${input.stage.table} (account)`);
    return copied;
  } catch (error) {
    input.signal?.throwIfAborted();
    throw toCopyError(error, input.toLine);
  }
}

/** The first failure ends the others, and all of them have ended when it is thrown. */
async function copySideBySide(store: Store, input: CopyStageInput): Promise<number> {
  const source = input.rows[Symbol.asyncIterator]();
  const failed = new AbortController();
  const signal = input.signal === undefined ? failed.signal : AbortSignal.any([input.signal, failed.signal]);
  const copyShare = async (): Promise<number> => {
    try {
      const rows = { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) };
      return await withTransaction(store, (client) => copyRows(client, input.stage.table, { ...input, rows, signal }));
    } catch (error) {
      // Only the first reason counts: the others fail of it.
      failed.abort(error);
      throw failed.signal.reason;
    }
  };
  const streams = Math.min(input.streams ?? 1, countFreeConnections(store));
  try {
    const shares = await Promise.allSettled(Array.from({ length: Math.max(streams, 1) }, copyShare));
    if (failed.signal.aborted) throw failed.signal.reason;
    return shares.reduce((sum, share) => sum + (share.status === 'fulfilled' ? share.value : 0), 0);
  } finally {
    // Not waited for: the source may itself be waiting for bytes that are still to come.
    source.return?.().catch(() => {});
  }
}

/** What this process may open and nobody in it waits for; half of them, so that its other work never does. */
function countFreeConnections({ pool }: Store): number {
  if (pool.waitingCount > 0) return 0;
  return Math.floor((pool.options.max - pool.totalCount + pool.idleCount) / 2);
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

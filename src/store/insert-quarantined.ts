/**
 * Sets aside rows that could not be used, with the reason and the raw text. Appends to sync.quarantine, or to the rejected rows of a
 * stage, which the merge moves to sync.quarantine in its own transaction. No index is read, nothing is locked.
 */
import type { Queryable } from './connection.ts';
import type { Stage } from './make-stage.ts';

export type QuarantinedRow = {
  /** Where the row begins in its file, from 1; the row's number for a query. */
  readonly line: number;
  /** Offset of its first byte in the plain file. */
  readonly byteOffset?: number;
  /** Where it could be read. */
  readonly account?: string;
  /** Why; never a value. */
  readonly reason: string;
  /** The row as it came. Personal data. */
  readonly raw: string;
};

export type Quarantine = {
  readonly tenant: string;
  readonly runId: string;
  readonly origin: 'livevox' | 'system_of_record';
  /** Base name of the file, or name of the query. */
  readonly file: string;
};

const fromRows = `from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
    as q (line, byte_offset, account, reason, raw)`;

export async function insertQuarantined(
  db: Queryable,
  quarantine: Quarantine,
  rows: readonly QuarantinedRow[],
): Promise<void> {
  await db.query(
    `insert into sync.quarantine (tenant, run_id, origin, file, line, byte_offset, account, reason, raw)
     select $6, $7, $8, $9, q.line, q.byte_offset, q.account, q.reason, q.raw ${fromRows}`,
    [...toColumns(rows), quarantine.tenant, quarantine.runId, quarantine.origin, quarantine.file],
  );
}

/** Rows of a download that the scanner rejected. */
export async function insertRejected(db: Queryable, stage: Stage, rows: readonly QuarantinedRow[]): Promise<void> {
  await db.query(
    `insert into ${stage.rejectedTable} (line, byte_offset, account, reason, raw)
     select q.line, q.byte_offset, q.account, q.reason, q.raw ${fromRows}`,
    toColumns(rows),
  );
}

/** One array for each column. Postgres keeps no NUL in a text. */
function toColumns(rows: readonly QuarantinedRow[]): unknown[] {
  return [
    rows.map((row) => row.line),
    rows.map((row) => row.byteOffset ?? null),
    rows.map((row) => row.account?.replaceAll('\0', '\\x00') ?? null),
    rows.map((row) => row.reason),
    rows.map((row) => row.raw.replaceAll('\0', '\\x00')),
  ];
}

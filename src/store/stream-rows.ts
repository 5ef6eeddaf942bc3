/**
 * Reads the rows of one statement in batches through a cursor, in one read-only snapshot and in constant memory.
 * The client is given back when the reader stops, however it stops. Dates read as ISO text, whatever the server's style.
 */
import type { QueryResultRow } from 'pg';
import Cursor from 'pg-cursor';
import type { Store } from './connection.ts';

export type StreamOptions = {
  /** Rows in one batch. @default 1_000 */
  readonly batchRows?: number;
  readonly signal?: AbortSignal;
};

/** Batches of rows, in the statement's order. */
export async function* streamRows<Row extends QueryResultRow>(
  store: Store,
  text: string,
  values: readonly unknown[],
  options: StreamOptions = {},
): AsyncGenerator<readonly Row[]> {
  const client = await store.pool.connect();
  let broken = true;
  try {
    await client.query('begin transaction isolation level repeatable read read only');
    await client.query(`set local datestyle = 'ISO, MDY'`);
    const cursor = client.query(new Cursor<Row>(text, [...values]));
    for (;;) {
      options.signal?.throwIfAborted();
      const rows = await cursor.read(options.batchRows ?? 1_000);
      if (rows.length === 0) break;
      yield rows;
    }
    await cursor.close();
    await client.query('commit');
    broken = false;
  } finally {
    // A reader that stopped early leaves a cursor open: such a client is closed, not reused.
    client.release(broken);
  }
}

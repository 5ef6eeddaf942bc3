/**
 * Copies the rows of one request of a sweep into its working table: COPY, in a transaction of its own, so that a request that breaks
 * leaves none of its rows. Zone-less times are in the client's zone, as in a pull. Locks: the working table, which nobody else reads.
 */
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { LvsyncError, RetriableError } from '../errors.ts';
import { type Store, withTransaction } from './connection.ts';
import type { SweepTables } from './make-sweep-tables.ts';

export type CopySweepRowsInput = {
  readonly tables: SweepTables;
  /** IANA zone of the client. */
  readonly timeZone: string;
  /** Batches of account and modifyDate; null: not known. */
  readonly rows: AsyncIterable<readonly SweepRow[]>;
  readonly signal?: AbortSignal;
};

/** ISO 8601 with or without a zone. */
export type SweepRow = { readonly account: string; readonly modifyDate: string | null };

/** Rows copied. @throws what reading the rows throws; RetriableError when the database breaks off. */
export async function copySweepRows(store: Store, input: CopySweepRowsInput): Promise<number> {
  try {
    return await withTransaction(store, async (client) => {
      await client.query(`select set_config('datestyle', 'ISO, MDY', true), set_config('timezone', $1, true)`, [
        input.timeZone,
      ]);
      const target = client.query(copyFrom(`copy ${input.tables.rows} (account, modify_date) from stdin`));
      // An error that comes after the pipeline has failed for another reason would end the process.
      target.on('error', () => {});
      await pipeline(formatRows(input.rows), target, { signal: input.signal });
      return target.rowCount;
    });
  } catch (error) {
    input.signal?.throwIfAborted();
    if (error instanceof LvsyncError || !(error instanceof Error)) throw error;
    // The server's own words may quote a row.
    const code = 'code' in error ? String(error.code) : error.name;
    throw new RetriableError(`The database broke off while rows of a sweep were kept (${code}); run again.`, {
      facts: { code },
    });
  }
}

async function* formatRows(batches: CopySweepRowsInput['rows']): AsyncGenerator<Buffer> {
  for await (const rows of batches) {
    let text = '';
    for (const { account, modifyDate } of rows) text += `${escapeText(account)}\t${modifyDate ?? '\\N'}\n`;
    if (text !== '') yield Buffer.from(text);
  }
}

const special = /[\\\t\n\r]/;

function escapeText(text: string): string {
  if (!special.test(text)) return text;
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

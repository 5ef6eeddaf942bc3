/**
 * Reads the rows of a PostgreSQL query as a system of record: one cursor in a read-only transaction, 1,000 rows at a
 * time. Every value is taken as the text the server prints, never through JavaScript dates or floats, so that no date slips
 * and no digit is lost. The session runs in the client's time zone, so that a cast to date in the query means the client's day.
 * What would surprise: messages of data errors are replaced by their code, because they may quote a value.
 */
import pg from 'pg';
import Cursor from 'pg-cursor';
import type { PostgresSourceConfig } from '../config.ts';
import { ConfigError, FatalError, LvsyncError, RetriableError, toMessage } from '../errors.ts';
import { formatCells, type RowLayout, resolveColumns } from './columns.ts';
import { mapRow, type RecordRow } from './map-row.ts';
import type { Resolved } from './resolve-mapping.ts';

export type QueryOptions = { readonly timeZone: string; readonly signal?: AbortSignal | undefined };

type Cells = readonly (string | null)[];
type Batch = { readonly rows: readonly Cells[]; readonly header: readonly string[] };

const batchRows = 1000;
const connectTimeoutMs = 10_000;
/** Every type as the server's text. */
const asText = { getTypeParser: () => (text: string) => text };

/**
 * The rows of the query in its order; `line` is the number of the row, from 1.
 * @throws ConfigError when a mapped column is missing; RetriableError when the database cannot be reached or is lost;
 *   FatalError when it refuses us or the query.
 */
export async function* readQuery(
  source: Resolved<PostgresSourceConfig>,
  options: QueryOptions,
): AsyncGenerator<RecordRow> {
  options.signal?.throwIfAborted();
  const client = makeClient(source);
  const stop = (): void => void client.end().catch(() => {});
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    yield* readRows(client, source, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toOurError(error, source);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    // Also drops the transaction, and the cursor of a caller who stopped early.
    await client.end().catch(() => {});
  }
}

async function* readRows(
  client: pg.Client,
  source: Resolved<PostgresSourceConfig>,
  options: QueryOptions,
): AsyncGenerator<RecordRow> {
  // So that a query whose reader has gone ends on the server too; servers before 14 do not know it.
  await client.query(`set client_connection_check_interval = '2s'`).catch(() => {});
  await client.query('begin transaction read only');
  await client.query(`select set_config('TimeZone', $1, true), set_config('DateStyle', 'ISO, YMD', true)`, [
    options.timeZone,
  ]);
  const cursor = client.query(new Cursor<Cells>(source.query, [], { rowMode: 'array', types: asText }));
  let layout: RowLayout | undefined;
  for (let line = 1; ; ) {
    const batch = await readBatch(cursor);
    layout ??= resolveColumns(source.mapping, batch.header, 'the query');
    for (const cells of batch.rows) {
      yield mapRow(layout, cells, { line, raw: formatCells(layout, cells) });
      line += 1;
    }
    if (batch.rows.length < batchRows) return;
    options.signal?.throwIfAborted();
  }
}

function readBatch(cursor: Cursor<Cells>): Promise<Batch> {
  return new Promise((resolve, reject) => {
    cursor.read(batchRows, (error, rows, result) => {
      if (error) reject(error);
      else resolve({ rows, header: result.fields.map((field) => field.name) });
    });
  });
}

function makeClient(source: Resolved<PostgresSourceConfig>): pg.Client {
  try {
    const client = new pg.Client({
      connectionString: source.url.reveal(),
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: 'lvsync system of record',
    });
    // A connection lost between two reads is also reported by the next read, to whom it concerns.
    client.on('error', () => {});
    return client;
  } catch {
    // Without a cause: it would quote the connection string.
    throw new ConfigError(
      `${source.urlVariable} is no PostgreSQL connection string (postgres://user:password@host/database).`,
    );
  }
}

function toOurError(error: unknown, source: Resolved<PostgresSourceConfig>): unknown {
  // A TypeError or RangeError is a mistake of this program, not the database's.
  if (error instanceof LvsyncError || error instanceof TypeError || error instanceof RangeError) return error;
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : undefined;
  const place = toPlace(source.url.reveal());
  if (code === undefined || /^(08|53|57)/.test(code)) {
    const why = `cannot be read: ${toMessage(error)}`;
    return new RetriableError(
      `The system of record at ${place} ${why}. Check ${source.urlVariable} and that the server runs.`,
    );
  }
  if (/^(28|3D)/.test(code)) {
    return new FatalError(
      `The system of record at ${place} refuses us: ${toMessage(error)}. Check ${source.urlVariable}.`,
    );
  }
  const why = /^(25|42)/.test(code) ? toMessage(error) : `SQLSTATE ${code}`;
  return new FatalError(`The query of the system of record at ${place} fails: ${why}. Mend the query in the config.`);
}

/** `host:port/database` (or the socket folder) of a connection string, without user and password. */
function toPlace(url: string): string {
  try {
    const parsed = new URL(url);
    return parsed.searchParams.get('host') ?? `${parsed.host}${parsed.pathname}`;
  } catch {
    return 'its address';
  }
}

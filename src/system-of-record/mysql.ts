/**
 * Reads the rows of a MySQL or MariaDB query as a system of record: one statement in a read-only transaction on one snapshot,
 * as fast as its rows are wanted. Every value is taken as the text the server prints, never through JavaScript dates or floats.
 * What would surprise: the session runs in UTC, whatever the server's zone is, because only so a TIMESTAMP names one instant in
 * the hour that a change of the clocks repeats; DATETIME and DATE have no zone in MySQL and keep theirs.
 */
import type { MysqlSourceConfig } from '../config.ts';
import { FatalError } from '../errors.ts';
import type { Cell } from './cell.ts';
import { formatCells, type RowLayout, resolveColumns } from './columns.ts';
import type { ReadOptions } from './csv.ts';
import { mapRow, type RecordRow } from './map-row.ts';
import { type MysqlAddress, parseMysqlAddress } from './mysql-address.ts';
import { type MysqlField, toCellReader } from './mysql-cells.ts';
import { toMysqlError } from './mysql-errors.ts';
import { MysqlSession } from './mysql-session.ts';
import type { Resolved } from './resolve-mapping.ts';

/** How one column is read: its position in the row, its bytes to a cell. */
type Reader = { readonly index: number; readonly toCell: ReturnType<typeof toCellReader> };
type Layout = { readonly row: RowLayout; readonly readers: readonly Reader[] };

/**
 * The rows of the query in its order; `line` is the number of the row, from 1.
 * @throws ConfigError when the connection string is none or a mapped column is missing; RetriableError when the server cannot be
 *   reached or is lost; FatalError when it refuses us or the query.
 */
export async function* readMysql(source: Resolved<MysqlSourceConfig>, options: ReadOptions): AsyncGenerator<RecordRow> {
  options.signal?.throwIfAborted();
  const address = parseMysqlAddress(source.urlVariable, source.url);
  const session = new MysqlSession(address, options.signal);
  try {
    await session.begin();
    yield* readRows(session, address, source);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toMysqlError(error, { place: address.place, urlVariable: source.urlVariable });
  } finally {
    // Also drops the transaction, and ends the query of a caller who stopped early.
    await session.close();
  }
}

async function* readRows(
  session: MysqlSession,
  { place }: MysqlAddress,
  source: Resolved<MysqlSourceConfig>,
): AsyncGenerator<RecordRow> {
  const result = session.stream(source.query);
  let layout: Layout | undefined;
  let line = 0;
  for await (const row of result.rows) {
    // A statement without rows, or the end of a stored procedure.
    if (!Array.isArray(row)) continue;
    layout ??= toLayout(source, result.fields());
    line += 1;
    const cells = toCells(layout.readers, row as readonly (Buffer | null)[]);
    yield mapRow(layout.row, cells, { line, raw: formatCells(layout.row, cells) });
  }
  session.assertWhole();
  const fields = result.fields();
  if (fields.length === 0) {
    throw new FatalError(
      `The query of the system of record at ${place} gives no columns. Write a select in the config.`,
    );
  }
  if (layout === undefined) toLayout(source, fields);
}

function toLayout({ mapping }: Resolved<MysqlSourceConfig>, fields: readonly MysqlField[]): Layout {
  const names = fields.map((field) => field.name);
  const row = resolveColumns(mapping, names, 'the query');
  return { row, readers: row.inputs.map(({ index }) => ({ index, toCell: toCellReader(fields[index]!) })) };
}

/** The mapped cells at their positions in the row; the others stay bytes nobody decodes. */
function toCells(readers: readonly Reader[], row: readonly (Buffer | null)[]): readonly Cell[] {
  const cells: Cell[] = [];
  for (const { index, toCell } of readers) {
    const bytes = row[index] ?? null;
    cells[index] = bytes === null ? null : toCell(bytes);
  }
  return cells;
}

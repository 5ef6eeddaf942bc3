/**
 * One row of a system of record → the desired contact in canonical values, or all the reasons why not, joined by `; `.
 * Reasons name field and column, never the value. An empty cell says "no value" (null), except for yes/no fields, where
 * it says nothing at all and the field is left out: nobody is to lose a block or a consent to a blank.
 * A field that a row does not speak of at all (undefined) is left out as well.
 */
import { type CanonicalValue, toCanonical, toRestrictions } from '../contact/index.ts';
import type { Cell } from './cell.ts';
import type { MappedColumn, RowLayout } from './columns.ts';

export type RecordRow =
  | {
      readonly kind: 'desired';
      readonly account: string;
      /** Physical line where the row begins (the header is line 1), or row number of the query, from 1. */
      readonly line: number;
      /** Field (vendor name) → canonical value, without `account`; a yes/no field that is not said is absent. */
      readonly fields: Readonly<Record<string, CanonicalValue>>;
      /** When the system of record last changed the row, ISO 8601 in UTC; absent when it does not say. */
      readonly changedAt?: string;
      readonly raw: string;
    }
  | {
      readonly kind: 'unusable';
      readonly line: number;
      /** Offset of the row's first byte in the file; undefined for a query. */
      readonly byteOffset?: number;
      /** Where it could be read. */
      readonly account?: string;
      /** What of it makes the person less diallable and could be read; absent when nothing does. */
      readonly restrictions?: Readonly<Record<string, CanonicalValue>>;
      readonly reason: string;
      /** The row as it came, at most 64 Ki characters. Personal data. */
      readonly raw: string;
    };

/** Where a row stands, and its text. */
export type RowPlace = { readonly line: number; readonly byteOffset?: number; readonly raw: string };

const maxRawLength = 65_536;

/** The row as the diff takes it. `cells` are in the order of the header. */
export function mapRow({ columns, changedAt }: RowLayout, cells: readonly Cell[], place: RowPlace): RecordRow {
  const fields: Record<string, CanonicalValue> = {};
  const reasons: string[] = [];
  let account: string | undefined;
  for (const column of columns) {
    const { field } = column;
    const cell = readCell(column, cells);
    if (cell === undefined && field.name !== 'account') continue;
    const result = readValue(column, cell);
    if (!result.ok) reasons.push(toReason(column, result.reason));
    else if (field.name === 'account') account = result.value ?? undefined;
    else if (field.type !== 'boolean' || result.value !== null) fields[field.name] = result.value;
  }
  const changed = changedAt === undefined ? undefined : readTime(changedAt, cells, reasons);
  if (account === undefined || reasons.length > 0) {
    const restrictions = account === undefined ? {} : toRestrictions(fields);
    const unusable = toUnusable(place, reasons.join('; '), account);
    return Object.keys(restrictions).length === 0 ? unusable : { ...unusable, restrictions };
  }
  const row = { kind: 'desired', account, line: place.line, fields, raw: toRaw(place.raw) } as const;
  return changed === undefined ? row : { ...row, changedAt: changed };
}

function readCell({ read, index }: MappedColumn, cells: readonly Cell[]): Cell {
  return read === undefined ? cells[index] : read(cells);
}

function readValue({ field, options, check }: MappedColumn, cell: Cell): ReturnType<typeof toCanonical> {
  if (typeof cell === 'object' && cell !== null) return { ok: false, reason: cell.problem };
  const result = toCanonical(field, cell ?? '', options);
  const reason = result.ok && check !== undefined ? check(result.value) : undefined;
  return reason === undefined ? result : { ok: false, reason };
}

/** When the row was last changed, where it says so. */
function readTime(column: MappedColumn, cells: readonly Cell[], reasons: string[]): string | undefined {
  const result = readValue(column, readCell(column, cells));
  if (!result.ok) reasons.push(toReason(column, result.reason));
  return result.ok && result.value !== null ? result.value : undefined;
}

/** A row that cannot be used, with its reason. */
export function toUnusable(
  place: RowPlace,
  reason: string,
  account?: string,
): RecordRow & { readonly kind: 'unusable' } {
  const { line, byteOffset } = place;
  return {
    kind: 'unusable',
    line,
    ...(byteOffset === undefined ? {} : { byteOffset }),
    ...(account === undefined ? {} : { account }),
    reason,
    raw: toRaw(place.raw),
  };
}

function toReason({ name, columns }: MappedColumn, reason: string): string {
  if (name === 'account' && reason === 'empty') return 'account is empty';
  const quoted = columns.map((column) => `"${column}"`).join(', ');
  if (columns.length === 0) return `${name} (constant): ${reason}`;
  return `${name} (${columns.length === 1 ? 'column' : 'columns'} ${quoted}): ${reason}`;
}

/** What Postgres can keep: no NUL, no broken Unicode, bounded. */
function toRaw(text: string): string {
  const bounded = text.length > maxRawLength ? `${text.slice(0, maxRawLength - 1)}…` : text;
  return bounded.toWellFormed().replaceAll('\0', '\uFFFD');
}

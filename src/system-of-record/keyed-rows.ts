/**
 * Rows that are objects: finds the mapped values by key or dotted path and turns each into a cell. A key that is missing in one
 * row says nothing; one that is missing in every row is misspelt, most likely in the mapping, and refused at the end - which is
 * before anything is planned - because a block that is never read would be a block that never comes.
 */
import type { FieldMapping } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { type MappedColumn, resolveColumns, suggest } from './columns.ts';
import type { Cell } from './map-row.ts';

export type KeyedRow = Readonly<Record<string, unknown>>;

/** So many rows are looked at for names to suggest. */
const rowsLookedAt = 100;

export class KeyReader {
  readonly columns: readonly MappedColumn[];
  readonly #keys: readonly string[];
  readonly #mapping: FieldMapping;
  readonly #place: string;
  /** Keys that no row has had yet. */
  readonly #unseen: Set<string>;
  readonly #known = new Set<string>();
  #rows = 0;

  /** @throws ConfigError when the mapping names no account or what is no field. */
  constructor(mapping: FieldMapping, place: string) {
    this.#keys = [...new Set(Object.values(mapping))];
    this.#mapping = mapping;
    this.#place = place;
    this.#unseen = new Set(this.#keys);
    this.columns = resolveColumns(mapping, this.#keys, place);
  }

  /** The cells in the order that `columns` count in. */
  toCells(row: KeyedRow): readonly Cell[] {
    this.#rows += 1;
    if (this.#rows <= rowsLookedAt && this.#unseen.size > 0) for (const key of listKeys(row)) this.#known.add(key);
    return this.#keys.map((key) => {
      const value = findValue(row, key);
      if (value !== undefined) this.#unseen.delete(key);
      return toCell(value);
    });
  }

  /** The cells as text, for the quarantine. */
  formatRaw(cells: readonly Cell[]): string {
    const entries = this.#keys.map((key, index): [string, unknown] => {
      const cell = cells[index];
      return [key, typeof cell === 'object' && cell !== null ? `(${cell.problem})` : cell];
    });
    return JSON.stringify(Object.fromEntries(entries));
  }

  /** @throws ConfigError naming the mapped keys that no row had, unless there was no row. */
  assertAllSeen(): void {
    if (this.#rows === 0 || this.#unseen.size === 0) return;
    const missing = Object.entries(this.#mapping).filter(([, key]) => this.#unseen.has(key));
    throw new ConfigError(
      missing.map(([field, key]) => {
        const near = suggest(key, [...this.#known]);
        return `The key "${key}", mapped to ${field}, stands in no row of ${this.#place}${near}.`;
      }),
    );
  }
}

/** The value at a key, or else at a dotted path; undefined when there is none. */
function findValue(row: KeyedRow, key: string): unknown {
  if (Object.hasOwn(row, key)) return row[key];
  if (!key.includes('.')) return undefined;
  let value: unknown = row;
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as KeyedRow)[part];
  }
  return value;
}

/** The keys of a row, and of the objects in it. */
function listKeys(row: KeyedRow): readonly string[] {
  return Object.entries(row).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((inner) => `${key}.${inner}`)
      : [key],
  );
}

function toCell(value: unknown): Cell {
  if (value === undefined || value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return toNumberCell(value);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? { problem: 'an invalid Date' } : value.toISOString();
  if (Array.isArray(value)) return { problem: 'a list, not a single value' };
  return { problem: typeof value === 'object' ? 'an object, not a single value' : `a ${typeof value}, not a value` };
}

function toNumberCell(value: number): Cell {
  if (!Number.isFinite(value)) return { problem: 'not a finite number' };
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return { problem: 'a number too large for JavaScript to hold exactly; give it as text' };
  return String(value);
}

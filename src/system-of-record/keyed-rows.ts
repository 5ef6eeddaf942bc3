/**
 * Rows that are objects: finds the mapped values by key or dotted path and turns each into a cell. A key that is missing in one
 * row says nothing; one that is missing in every row is misspelt, most likely in the mapping, and refused at the end - which is
 * before anything is planned - because a block that is never read would be a block that never comes.
 */
import { ConfigError } from '../errors.ts';
import { type Cell, toCell } from './cell.ts';
import { listInputs, type RowLayout, resolveColumns } from './columns.ts';
import type { ResolvedMapping } from './resolve-mapping.ts';
import { suggest } from './suggest.ts';

export type KeyedRow = Readonly<Record<string, unknown>>;

/** So many rows are looked at for names to suggest. */
export const rowsLookedAt = 100;

export class KeyReader {
  readonly layout: RowLayout;
  readonly #keys: readonly string[];
  readonly #mapping: ResolvedMapping;
  readonly #place: string;
  /** Keys that no row has had yet. */
  readonly #unseen: Set<string>;
  readonly #known = new Set<string>();
  readonly #onColumns: ResolvedMapping['onColumns'];
  #rows = 0;

  constructor({ onColumns, ...mapping }: ResolvedMapping, place: string) {
    this.#keys = listInputs(mapping);
    this.#mapping = mapping;
    this.#place = place;
    this.#unseen = new Set(this.#keys);
    this.#onColumns = onColumns;
    this.layout = resolveColumns(mapping, this.#keys, place);
  }

  /** The cells in the order that `layout` counts in. */
  toCells(row: KeyedRow): readonly Cell[] {
    this.#rows += 1;
    if (this.#rows <= rowsLookedAt) this.#look(row);
    return this.#keys.map((key) => {
      const value = findValue(row, key);
      if (value !== undefined) this.#unseen.delete(key);
      return toCell(value);
    });
  }

  #look(row: KeyedRow): void {
    this.#onColumns?.(listKeys(row));
    if (this.#unseen.size > 0) for (const key of listKeys(row)) this.#known.add(key);
  }

  /** @throws ConfigError naming the mapped keys that no row had, unless there was no row. */
  assertAllSeen(): void {
    if (this.#rows === 0 || this.#unseen.size === 0) return;
    const { fields, changedAt } = this.#mapping;
    const problems = [...fields, ...(changedAt === undefined ? [] : [changedAt])].flatMap(({ name, columns }) =>
      columns
        .filter((key) => this.#unseen.has(key))
        .map((key) => {
          const near = suggest(key, [...this.#known]);
          return `The key "${key}", mapped to ${name}, stands in no row of ${this.#place}${near}.`;
        }),
    );
    throw new ConfigError(problems);
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

/**
 * The first so many contacts in an order, out of a stream of any length: what can no longer be among them is dropped on
 * the way, so that memory goes with what is asked for. An empty value comes first in ascending order; contacts that are
 * equal keep the order of their creation.
 */
import { refuseInvalid } from '../answer.ts';
import type { SortKey } from '../wire/search-body.ts';
import { columnKinds, type Row, type Value } from './columns.ts';
import { findSortPosition } from './search-fields.ts';

export type SortedSlots = {
  readonly add: (slot: number, row: Row) => void;
  /** In order, as many as were asked for at most. */
  readonly take: () => readonly number[];
};

type Key = { readonly position: number; readonly sign: 1 | -1; readonly isNumber: boolean };
type Entry = { readonly slot: number; readonly values: readonly Value[] };

const spareEntries = 1000;

/** @throws Refusal 400 for an unknown field. */
export function makeSortedSlots(sort: readonly SortKey[], limit: number): SortedSlots {
  const keys = sort.map(toKey);
  let entries: Entry[] = [];
  const tidy = (): void => {
    entries = entries.sort((left, right) => compare(left, right, keys)).slice(0, limit);
  };
  return {
    add: (slot, row) => {
      entries.push({ slot, values: keys.map(({ position }) => row[position] ?? null) });
      if (entries.length > 2 * limit + spareEntries) tidy();
    },
    take: () => {
      tidy();
      return entries.map(({ slot }) => slot);
    },
  };
}

function toKey({ field, order }: SortKey): Key {
  const position = findSortPosition(field);
  if (position === undefined) throw refuseInvalid('sort: no such field');
  return { position, sign: order === 'ASC' ? 1 : -1, isNumber: columnKinds[position] !== 'text' };
}

function compare(left: Entry, right: Entry, keys: readonly Key[]): number {
  for (const [index, { sign, isNumber }] of keys.entries()) {
    const order = compareValues(left.values[index] ?? null, right.values[index] ?? null, isNumber);
    if (order !== 0) return order * sign;
  }
  return left.slot - right.slot;
}

function compareValues(left: Value, right: Value, isNumber: boolean): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (isNumber) return Number(left) - Number(right);
  return left < right ? -1 : left > right ? 1 : 0;
}

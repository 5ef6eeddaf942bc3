/** Ids and counts of JSON answers: numbers, or the same as strings, as the vendor's examples mix them. */
import type { Dialect } from '../dialect.ts';

export function toWireNumber(dialect: Dialect, value: number): number | string {
  return dialect.numbers === 'string' ? String(value) : value;
}

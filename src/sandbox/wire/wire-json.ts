/**
 * The body of a JSON answer in the dialect's spelling: numbers or the same as strings, empty values as null, as the word
 * `null` or left out, as the vendor's examples mix them. Handlers write plain values and pass them through here last.
 */
import type { Dialect } from '../dialect.ts';

/** A copy of the body; `next` of a list is not passed through here, it has a reading of its own. */
export function toWireJson(dialect: Dialect, value: unknown): unknown {
  if (value === null) return dialect.nulls === 'text' ? 'null' : null;
  if (typeof value === 'number') return dialect.numbers === 'string' ? String(value) : value;
  if (Array.isArray(value)) return value.map((item) => toWireJson(dialect, item));
  if (typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null || dialect.nulls !== 'missing');
  return Object.fromEntries(kept.map(([key, item]) => [key, toWireJson(dialect, item)]));
}

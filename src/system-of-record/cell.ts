/** One value of a row of a system of record, before it is read as a LiveVox field. */

/** A value as text; null is empty, undefined says nothing at all, an object says why there is none that could be used. */
export type Cell = string | null | undefined | { readonly problem: string };

/** A value of JavaScript as a cell: numbers only where they are exact, a Date as its instant. */
export function toCell(value: unknown): Cell {
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

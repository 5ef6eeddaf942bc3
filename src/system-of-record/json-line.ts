/**
 * One line of NDJSON → an object whose numbers are texts, as they were written: `12345678901234567890` and `1.10` stay what
 * they are, where JavaScript would round the one and shorten the other. Reasons never quote the line.
 */
export type JsonLine = { readonly row: Readonly<Record<string, unknown>> } | { readonly reason: string };

/** A string, which is left alone, or a number. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const mayHoldNumbers = /[:,[\s]-?\d/;

export function parseJsonLine(text: string): JsonLine {
  const value = parse(text);
  if (value === undefined) return { reason: 'not valid JSON' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { reason: 'not a JSON object' };
  // Only what is known to be JSON is taken apart by a regular expression.
  const row = mayHoldNumbers.test(text) ? parse(text.replace(stringOrNumber, quoteNumber)) : value;
  return { row: row as Readonly<Record<string, unknown>> };
}

function quoteNumber(token: string): string {
  return token.startsWith('"') ? token : `"${token}"`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

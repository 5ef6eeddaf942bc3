/**
 * Values as people read them on a terminal. Control characters are made visible: contact data comes from outside, and an
 * escape sequence in a surname must not drive the operator's terminal.
 */

/** `20000` → `20,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `1 patch`, `2,000 patches`. */
export function formatMany(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Text without control and formatting characters; those show as their code. */
export function formatVisible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** A canonical value; empty ones as `(empty)`. */
export function formatValue(value: string | null): string {
  return value === null ? '(empty)' : formatVisible(value);
}

/** `moreDiallable` → `more diallable`. */
function formatName(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

/** `landed 20,000 · merged 19,998`; counts of nothing are left out, unless all are. */
export function formatCounts(counts: Readonly<Record<string, number | string | null>>): string {
  const told = Object.entries(counts).filter(([, count]) => count !== 0 && count !== null && count !== '');
  if (told.length === 0) return Object.keys(counts).length === 0 ? '' : 'nothing';
  return told
    .map(([name, count]) => `${formatName(name)} ${typeof count === 'number' ? formatCount(count) : count}`)
    .join(' · ');
}

export type TableLook = {
  /** Width of the terminal, characters: what does not fit is cut with `…`, so that no line wraps. @default nothing is cut */
  readonly columns?: number | undefined;
  /** Colours a cell that is laid out already. @default as it is */
  readonly paint?: (cell: string) => string;
};

/** Lines with the columns of `rows` aligned. */
export function formatTable(rows: readonly (readonly string[])[], indent = '', look: TableLook = {}): string {
  const { columns = Number.POSITIVE_INFINITY, paint = (cell: string): string => cell } = look;
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string => {
    const last = row.findLastIndex((cell) => cell !== '');
    let room = columns - indent.length;
    const cells = row.slice(0, last + 1).map((cell, column) => {
      const shown = cutToWidth(cell, Math.max(0, room));
      const width = column === last ? 0 : (widths[column] ?? 0) + 2;
      room -= width;
      return paint(shown) + ' '.repeat(Math.max(0, width - cell.length));
    });
    return cells.join('');
  };
  return rows.map((row) => `${indent}${line(row)}`.trimEnd().concat('\n')).join('');
}

/** Text of at most `width` characters; what is cut off shows as `…`. */
export function cutToWidth(text: string, width: number): string {
  const chars = [...text];
  if (chars.length <= width) return text;
  return width < 1 ? '' : `${chars.slice(0, width - 1).join('')}…`;
}

/** `3 h`, `2 days`: one unit is enough to judge by. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** An instant to the second, in UTC. */
export function formatInstant(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

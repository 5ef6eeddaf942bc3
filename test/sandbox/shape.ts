/** Held against a printed example: the same keys, and values of the same kind, all the way down. */

/** What the value is like, without being it: an array shows its first item, null and undefined show as `nothing`. */
export function toShape(value: unknown): unknown {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? [] : [toShape(value[0])];
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, toShape(item)])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/**
 * Yes and no in all spellings that leave no doubt. An X is none: it marks the box in one file and crosses it out in another,
 * so only a value map of the client's own can say what it means.
 */
import { accept, type CanonicalResult, refuse } from './canonical-result.ts';

const spellings = new Map<string, 'true' | 'false'>([
  ...['true', 't', 'yes', 'y', '1', 'on'].map((word) => [word, 'true'] as const),
  ...['false', 'f', 'no', 'n', '0', 'off'].map((word) => [word, 'false'] as const),
]);

export function toBoolean(text: string): CanonicalResult {
  const value = spellings.get(text) ?? spellings.get(text.toLowerCase());
  return value === undefined ? refuse('neither yes nor no') : accept(value);
}

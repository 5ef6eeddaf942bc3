/** What reading a value gives: its canonical text, or the reason why it is none. Reasons never contain the value. */
import type { CanonicalValue } from './patch.ts';

export type CanonicalResult =
  | { readonly ok: true; readonly value: CanonicalValue }
  | { readonly ok: false; readonly reason: string };

export function accept(value: CanonicalValue): CanonicalResult {
  return { ok: true, value };
}

export function refuse(reason: string): CanonicalResult {
  return { ok: false, reason };
}

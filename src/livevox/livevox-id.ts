/**
 * LiveVox's ids of agents, skills, services and the like, on their way out. Callers give digits as text or number; a path takes the
 * digits, a body a JSON number as in the vendor's examples. Nothing else than digits gets into a path.
 */
import { FatalError } from '../errors.ts';

/** An id as LiveVox gives it: digits. */
export type LiveVoxId = string | number;

/** The digits of an id, for a path or a query. @throws FatalError when it is no id. */
export function toIdText(id: LiveVoxId): string {
  const digits = String(id).trim();
  if (/^\d{1,19}$/.test(digits) && (typeof id === 'string' || Number.isSafeInteger(id))) return digits;
  throw new FatalError('A LiveVox id consists of digits: correct the request');
}

/** A JSON number where a double holds the id exactly, else its digits. @throws FatalError when it is no id. */
export function toIdJson(id: LiveVoxId): number | string {
  const digits = toIdText(id);
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
}

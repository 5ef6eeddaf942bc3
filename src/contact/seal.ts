/**
 * The seal of a plan: SHA-256 over its patches in their order, the versions they were computed from, the policy, and what holds it. The same plan read back
 * from the database has the same seal, whatever order the database keeps the keys of an object in; one changed byte gives another. Pure.
 */
import { createHash } from 'node:crypto';
import type { Changes, Endpoint, Operation, Sends } from './patch.ts';

/** What of a patch is sealed: everything that is decided when it is planned. */
export type SealedRow = {
  readonly seq: number;
  readonly account: string;
  readonly lvAccountId: string | null;
  readonly operation: Operation | 'not_expressible';
  readonly endpoint: Endpoint | null;
  readonly changes: Changes;
  readonly sends: Sends;
  /** Version of the mirror row, as the database prints it in UTC with microseconds; null for a create. */
  readonly base: string | null;
};

export class Seal {
  readonly #hash = createHash('sha256');

  /** Adds the next patch. */
  add(row: SealedRow): void {
    const { seq, account, lvAccountId, operation, endpoint, changes, sends, base } = row;
    const parts = [seq, account, lvAccountId, operation, endpoint, toSorted(changes), toSorted(sends), base];
    this.#hash.update(`${JSON.stringify(parts)}\n`);
  }

  /** The seal, hex; nothing can be added after. `policy` is what the plan was computed under, `holds` what its guards said: plain JSON. */
  finish(policy: unknown, holds: readonly unknown[]): string {
    return this.#hash.update(JSON.stringify([toSorted(policy), toSorted(holds)])).digest('hex');
  }
}

/** The same value with the keys of every object in one order. */
function toSorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return entries.map(([key, inner]) => [key, toSorted(inner)]);
}

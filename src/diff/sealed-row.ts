/** What of a planned patch its seal covers. Pure. */
import type { SealedRow } from '../contact/index.ts';
import type { PlannedPatch } from './planned.ts';

/** `base`: version of the mirror row; undefined for a create. */
export function toSealedRow(seq: number, patch: PlannedPatch, base: string | undefined): SealedRow {
  const { account, operation, changes } = patch;
  const rest = { seq, account, lvAccountId: patch.lvAccountId ?? null, operation, changes, base: base ?? null };
  return patch.operation === 'not_expressible'
    ? { ...rest, endpoint: null, sends: {} }
    : { ...rest, endpoint: patch.endpoint, sends: patch.sends };
}

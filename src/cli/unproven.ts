/**
 * What keeps a run from being proven, patch by patch: whose contact, which operation, the names of the fields, and why. No values, so that
 * nothing needs a mask; `lvsync show` has them.
 */
import type { RunReport } from '../pipeline.ts';
import {
  type PatchState,
  patchStates,
  type Store,
  type StoredPatch,
  selectPatches,
  toPatchState,
} from '../store/index.ts';
import { formatTable, formatVisible } from './print.ts';

export type UnprovenPatch = {
  readonly account: string;
  readonly operation: StoredPatch['operation'];
  readonly fields: readonly string[];
  readonly state: PatchState;
  /** Why it is not proven, as a person reads it. */
  readonly because: string;
};

/** Of one patch; a custom mapping may change a hundred. */
const shownFields = 6;

/** What breaks a proof, and what a person is told of it; the rest is proven, or shown elsewhere. */
const sentences: Readonly<Partial<Record<PatchState, string>>> = {
  not_taken: 'sent, but LiveVox shows what was there before',
  altered: 'LiveVox shows something else than was sent, and nobody else changed it',
  refused: 'LiveVox refused it',
  left_out: 'left out',
  sent: 'sent, not read back yet',
  accepted: 'sent, not read back yet',
  in_doubt: 'the answer was lost, not read back yet',
  planned: 'not sent yet',
  claimed: 'not sent yet',
  split: 'not sent yet',
};

/** The first `rows` of them, in the order of the plan; none of a run that is proven, or did not push. */
export async function selectUnproven(
  store: Store,
  { state, changeSetId }: RunReport,
  rows: number,
): Promise<readonly UnprovenPatch[]> {
  if (state !== 'not_proven' || changeSetId === undefined) return [];
  const states = patchStates.filter((one) => sentences[one] !== undefined);
  for await (const patches of selectPatches(store, { changeSetId, states, limit: rows }))
    return patches.map(toUnproven);
  return [];
}

function toUnproven(patch: StoredPatch): UnprovenPatch {
  const { account, operation, changes, leftOutBecause } = patch;
  const state = toPatchState(patch);
  const because = leftOutBecause ?? sentences[state] ?? state;
  return { account, operation, fields: Object.keys(changes).toSorted(), state, because };
}

/** A line each; empty when there is none. */
export function formatUnproven(unproven: readonly UnprovenPatch[]): string {
  if (unproven.length === 0) return '';
  const lines = unproven.map(({ account, operation, fields, because }) => [
    formatVisible(account),
    operation,
    toShort(fields),
    because,
  ]);
  return `not proven:\n${formatTable(lines, '  ')}`;
}

/** `firstName balance +3`; a deletion has none. */
function toShort(fields: readonly string[]): string {
  const more = fields.length > shownFields ? [`+${fields.length - shownFields}`] : [];
  return [...fields.slice(0, shownFields), ...more].join(' ') || '-';
}

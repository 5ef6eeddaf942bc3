/** The rows of a plan as they are shown and exported: filtered, masked unless asked otherwise, in constant memory. */
import {
  type ChangedField,
  countPatches,
  type PatchTotals,
  type PlanHead,
  type PlanTotals,
  type Store,
  selectPatches,
  selectPlanHead,
  selectPlanTotals,
  toChangedFields,
} from '../store/index.ts';
import { maskChange } from './mask.ts';
import type { PlanFilter } from './plan-filter.ts';

/** A plan's rows, and what every format says of them. */
export type PlanListing = {
  readonly plan: PlanHead;
  readonly isMasked: boolean;
  /** What the filter lets through, before the limit. */
  readonly totals: PatchTotals;
  /** Rows that follow: all that the filter lets through, or as many as the limit. */
  readonly listed: number;
  /** True when not all fitted, and those that follow are the riskiest. */
  readonly isRiskiest: boolean;
  /** Of the whole plan, whatever the filter. */
  readonly selectWhole: () => Promise<PlanTotals>;
  /** Batches of rows; to be read once. */
  readonly rows: AsyncIterable<readonly ChangedField[]>;
};

export type PlanListingInput = {
  readonly changeSetId: string;
  readonly filter: PlanFilter;
  readonly isMasked: boolean;
  /** Most rows that the format takes; of more it gets the riskiest. @default any number */
  readonly maxRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Everything of the plan. */
export const wholePlan: PlanFilter = { order: 'sending', limit: undefined };

/** Counts what the filter lets through, and makes ready to read it. */
export async function openPlanListing(store: Store, input: PlanListingInput): Promise<PlanListing> {
  const { changeSetId, filter, isMasked, maxRows = Number.POSITIVE_INFINITY } = input;
  const plan = await selectPlanHead(store.pool, changeSetId);
  const totals = await countPatches(store.pool, { ...filter, changeSetId });
  const wanted = Math.min(totals.changedFields, filter.limit ?? Number.POSITIVE_INFINITY);
  const isRiskiest = wanted > maxRows;
  const chosen: PlanFilter = isRiskiest ? { ...filter, order: 'risk', limit: maxRows } : filter;
  const rows = selectPlanRows(store, { ...input, filter: chosen });
  const selectWhole = (): Promise<PlanTotals> => selectPlanTotals(store.pool, changeSetId);
  return { plan, isMasked, totals, listed: Math.min(wanted, maxRows), isRiskiest, selectWhole, rows };
}

async function* selectPlanRows(
  store: Store,
  { changeSetId, filter, isMasked, signal }: PlanListingInput,
): AsyncGenerator<readonly ChangedField[]> {
  let left = filter.limit ?? Number.POSITIVE_INFINITY;
  // A patch has one row at least, so that no more patches than rows are needed.
  for await (const patches of selectPatches(store, { ...filter, changeSetId, signal })) {
    const rows = patches
      .flatMap(toChangedFields)
      .filter(({ field }) => filter.field === undefined || field === filter.field)
      .slice(0, left);
    left -= rows.length;
    yield isMasked ? rows.map(maskRow) : rows;
    if (left <= 0) return;
  }
}

/** A row with its personal values masked. */
export function maskRow(row: ChangedField): ChangedField {
  const [from, to] = maskChange(row.field, row.from, row.to);
  return { ...row, from, to };
}

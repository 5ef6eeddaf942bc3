/** Puts a run with a plan into a test database, through the store's own operations. */
import type { Patch } from '../../src/contact/index.ts';
import {
  insertChangeSet,
  insertPatches,
  insertQuarantined,
  markChangeSetPlanned,
  markRunEnded,
  openRun,
  type Store,
} from '../../src/store/index.ts';

export type StoredPlan = { readonly runId: string; readonly changeSetId: string };

export type StoredPlanInput = {
  readonly tenant: string;
  readonly patches: readonly Patch[];
  readonly heldBecause?: readonly string[];
  /** Reasons of quarantined rows, one row each. */
  readonly quarantined?: readonly string[];
};

export async function storePlan(store: Store, input: StoredPlanInput): Promise<StoredPlan> {
  const { tenant, heldBecause = [], quarantined = [] } = input;
  const runId = await openRun(store, { tenant, kind: 'plan', startedFrom: 'command' });
  const changeSetId = await insertChangeSet(store.pool, { tenant, runId, systemOfRecord: 'crm' });
  const patches = input.patches.map((patch, index) => ({ seq: index + 1, patch, baseMergedAt: undefined }));
  await insertPatches(store.pool, changeSetId, patches);
  await markChangeSetPlanned(store.pool, changeSetId, { counts: { creates: patches.length }, heldBecause });
  const rows = quarantined.map((reason, index) => ({
    line: index + 2,
    account: `Q${index}`,
    reason,
    raw: 'Smith,secret',
  }));
  if (rows.length > 0)
    await insertQuarantined(store.pool, { tenant, runId, origin: 'system_of_record', file: 'crm.csv' }, rows);
  await markRunEnded(store.pool, runId, heldBecause.length > 0 ? 'held' : 'proven', 'planned');
  return { runId, changeSetId };
}

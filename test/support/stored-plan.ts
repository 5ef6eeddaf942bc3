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
  selectSeal,
} from '../../src/store/index.ts';

export type StoredPlan = { readonly runId: string; readonly changeSetId: string };

export type StoredPlanInput = {
  readonly tenant: string;
  readonly patches: readonly Patch[];
  readonly heldBecause?: readonly string[];
  /** How many different people have to approve, where something holds it. @default 1 */
  readonly approvers?: number;
  /** Version of each patch's mirror row, as text of a timestamptz. @default none, as for a create */
  readonly base?: string;
  /** From when on it is neither approved nor begun. @default in an hour */
  readonly expiresAt?: Date;
  /** Reasons of quarantined rows, one row each. */
  readonly quarantined?: readonly string[];
};

export async function storePlan(store: Store, input: StoredPlanInput): Promise<StoredPlan> {
  const { tenant, heldBecause = [], approvers = 1, quarantined = [] } = input;
  const runId = await openRun(store, { tenant, kind: 'plan', startedFrom: 'command' });
  const changeSetId = await insertChangeSet(store.pool, { tenant, runId, systemOfRecord: 'crm' });
  const patches = input.patches.map((patch, index) => ({ seq: index + 1, patch, base: input.base?.replace(/Z$/, '') }));
  await insertPatches(store.pool, changeSetId, patches);
  const holds = heldBecause.map((sentence) => ({ guard: 'maxCreates', sentence, approvers }));
  await store.pool.query(`update sync.change_sets set holds = $2 where id = $1`, [changeSetId, JSON.stringify(holds)]);
  await markChangeSetPlanned(store.pool, changeSetId, {
    counts: { creates: patches.length },
    holds,
    policy: {},
    seal: await selectSeal(store, changeSetId),
    expiresAt: input.expiresAt ?? new Date(Date.now() + 3_600_000),
  });
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

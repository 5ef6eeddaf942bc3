/**
 * The step after the merge that serves analysts: the tenant's own view follows labels and types, groups, agents and skills are read when
 * they are old, notes and associated accounts of changed contacts as far as the budget goes. Set out in docs/mirror.md.
 * Promises: it never makes a pull fail - the contacts are merged - but says in log and counts what it could not do; when there is nothing
 * to do, it costs one query. Called with the tenant's lock held.
 */
import { toLogReason } from '../errors.ts';
import {
  insertReferenceBacklog,
  markTenant,
  mergeTenantView,
  type ReferenceState,
  selectReferenceState,
  toTenantView,
} from '../store/index.ts';
import { readDetails } from './details.ts';
import { readLists } from './lists.ts';
import type { ReferenceCounts, ReferencesDeps, ReferencesInput } from './task.ts';

export type { ReferencesDeps } from './task.ts';

/** @throws the signal's reason when aborted; nothing else. */
export async function references(deps: ReferencesDeps, input: ReferencesInput): Promise<ReferenceCounts> {
  const log = deps.log.with({ tenant: input.tenant, runId: input.runId });
  const counts: ReferenceCounts = {};
  try {
    const state = await selectReferenceState(deps.store.pool, input.tenant);
    if (state.timeZone !== input.timeZone) await markTenant(deps.store.pool, input.tenant, input.timeZone);
    await followDefinitions({ ...deps, log }, input, state, counts);
    const isWell = await readLists({ ...deps, log }, input, state.lists, counts);
    await readChanged({ ...deps, log }, input, state.hasBacklog, isWell, counts);
  } catch (error) {
    input.signal?.throwIfAborted();
    log.warn('references.failed', { reason: toLogReason(error) });
    counts.referencesFailed = (counts.referencesFailed ?? 0) + 1;
  }
  return counts;
}

/** Brings the tenant's view to the custom fields as they are merged now. */
async function followDefinitions(
  { store, log }: ReferencesDeps,
  { tenant, signal }: ReferencesInput,
  state: ReferenceState,
  counts: ReferenceCounts,
): Promise<void> {
  const view = toTenantView(tenant, state.customFields);
  if (view.sha256 === state.viewSha256) return;
  try {
    const outcome = await mergeTenantView(store, tenant, view);
    if (outcome.kind === 'made') return log.info('references.view.made', { view: view.name });
    const by = outcome.kind === 'depended_on' ? outcome.by.join(', ') : undefined;
    log.warn('references.view.kept', { view: view.name, reason: outcome.kind, by });
  } catch (error) {
    signal?.throwIfAborted();
    log.warn('references.view.kept', { view: view.name, reason: toLogReason(error) });
  }
  counts.referencesFailed = (counts.referencesFailed ?? 0) + 1;
}

/** Changed contacts go on the backlog even when LiveVox is not well: they must not be forgotten. */
async function readChanged(
  deps: ReferencesDeps,
  input: ReferencesInput,
  hasBacklog: boolean,
  isWell: boolean,
  counts: ReferenceCounts,
): Promise<void> {
  const { tenant, runId, references: config, hasChanges } = input;
  if (!config.notes && !config.associatedAccounts) return;
  if (hasChanges) await insertReferenceBacklog(deps.store.pool, tenant, runId);
  if (isWell && (hasChanges || hasBacklog)) await readDetails(deps, input, counts);
}

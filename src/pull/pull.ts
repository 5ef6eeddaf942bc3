/**
 * The pull: brings what LiveVox shows into the mirror. Time that is missing in the coverage comes first, then what is new; a merge is one
 * transaction per window. Whatever breaks, or kills the process, leaves the mirror as it was before or after a window, and the next pull
 * goes on from there: what has landed whole is loaded without being asked for again. Called with the tenant's lock held.
 */
import { toLogReason } from '../errors.ts';
import { dropStage, pruneHistory, selectCoverage, toStage } from '../store/index.ts';
import { clearLeftovers } from './leftovers.ts';
import { addUp } from './load.ts';
import type { PullCounts, PullDeps, PullInput } from './pull-input.ts';
import { pullWindows } from './pull-windows.ts';
import { loadUnmerged } from './unmerged.ts';
import { planWindows } from './window.ts';

export type { PullCounts, PullDeps, PullInput } from './pull-input.ts';
export { replay } from './replay.ts';

/**
 * One pull.
 * @throws RetriableError when no attempt brought a whole download; FatalError when the columns are not those asked for, a disk is full, or
 *   the counts do not add up; ConfigError for a window that cannot be; the signal's reason when aborted.
 */
export async function pull(given: PullDeps, input: PullInput): Promise<PullCounts> {
  const deps = { ...given, log: given.log.with({ tenant: input.tenant, runId: input.runId }) };
  const { pool } = deps.store;
  await clearLeftovers(deps, input, input);
  const customFields = await deps.livevox.fetchCustomFields(input.signal);
  try {
    const found = await loadUnmerged(deps, input, customFields);
    const { intervals } = await selectCoverage(pool, input.tenant);
    const serverNow = await deps.livevox.fetchServerNow(input.signal);
    const { window: choice, overlapMs } = input;
    const windows = planWindows({ choice, covered: intervals, serverNow, overlapMs });
    const pulled = await pullWindows(deps, input, windows, customFields);
    await forgetVersions(deps, input);
    return addUp([...found, ...pulled]);
  } finally {
    await clearStage(deps, input);
  }
}

/** What cannot be forgotten now, the next pull forgets. */
async function forgetVersions(deps: PullDeps, { tenant, keepHistoryMonths: keepMonths }: PullInput): Promise<void> {
  try {
    const { months, versions } = await pruneHistory(deps.store, { tenant, keepMonths, now: deps.clock.now() });
    if (months + versions > 0) deps.log.info('pull.history.pruned', { months, versions });
  } catch (error) {
    deps.log.warn('pull.history.kept', { reason: toLogReason(error) });
  }
}

/** What cannot be cleared now, the next pull clears. */
async function clearStage(deps: PullDeps, input: PullInput): Promise<void> {
  try {
    await dropStage(deps.store.pool, toStage(input.runId));
  } catch (error) {
    deps.log.warn('pull.leftovers.kept', { reason: toLogReason(error) });
  }
}

/**
 * The first load: a landed download straight into an empty mirror, without a stage. Undefined when that cannot be (the mirror has the tenant's
 * contacts, an account repeats, Postgres refuses a value): then nothing was written, and the ordinary way goes from the same landing.
 */
import { type FirstLoadInput, hasContacts, loadFirst, type MergeCounts } from '../store/index.ts';
import { openReading, type StageDeps, type StageInput } from './stage.ts';

export type LoadFirstInput = StageInput &
  Pick<
    FirstLoadInput,
    'tenant' | 'now' | 'isRepair' | 'covers' | 'serverNow' | 'overlapMs' | 'download' | 'landed' | 'customFields'
  >;

/** rows = added + quarantined. */
export async function loadFirstDownload(deps: StageDeps, input: LoadFirstInput): Promise<MergeCounts | undefined> {
  if (await hasContacts(deps.store.pool, input.tenant)) return undefined;
  const { stage, source, countRows } = await openReading(deps, input);
  const { landing: _, runId: __, ...merge } = input;
  return loadFirst(deps.store, { ...merge, stage, ...source, countRows });
}

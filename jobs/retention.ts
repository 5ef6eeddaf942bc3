/**
 * The retention as a job: clears away what has been kept for as long as the config says. Can be done again at any time; it takes no
 * tenant's lock, because what is old enough to go is nobody's work any more.
 */
import type { TenantDeps } from '../src/pipeline.ts';
import { pruneHistory } from '../src/store/index.ts';
import type { NewJob } from './queue-port.ts';

/** Clears away what is due at `now`; what was cleared, by what it is called. */
export type ApplyRetention = (deps: TenantDeps, now: Date) => Promise<Readonly<Record<string, number>>>;

/** The job of a schedule. */
export function makeRetentionJob(tenant: string): Omit<NewJob, 'id'> {
  return { queue: 'retention', name: 'retention', payload: { tenant } };
}

export async function retentionJob(deps: TenantDeps, apply: ApplyRetention = applyRetention): Promise<void> {
  const cleared = await apply(deps, deps.clock.now());
  deps.log.info('retention.done', { tenant: deps.tenant.name, ...cleared });
}

const applyRetention: ApplyRetention = async ({ tenant, store }, now) => {
  const { versions, months } = await pruneHistory(store, {
    tenant: tenant.name,
    keepMonths: tenant.history.keepMonths,
    now,
  });
  return { versions, months };
};

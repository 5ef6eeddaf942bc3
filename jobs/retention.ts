/**
 * The retention as a job: deletes what has been kept for as long as the config says. Can be done again at any time; it takes no
 * tenant's lock, because what is old enough to go is nobody's work any more.
 */
import { applyRetention } from '../src/apply-retention.ts';
import type { TenantDeps } from '../src/pipeline.ts';
import type { NewJob } from './queue-port.ts';

/** The job of a schedule. */
export function makeRetentionJob(tenant: string): Omit<NewJob, 'id'> {
  return { queue: 'retention', name: 'retention', payload: { tenant } };
}

/** Ends between two batches when the signal comes; what is left goes the next time. */
export async function retentionJob(deps: TenantDeps, signal: AbortSignal): Promise<void> {
  await applyRetention(deps, deps.clock.now(), { signal });
}

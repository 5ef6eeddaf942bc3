/** A sweep as one job, all of its steps: begun again after a crash it goes on after those that are done. */
import { runQueuedSweep, type TenantDeps } from '../src/pipeline.ts';
import type { NewJob } from './queue-port.ts';
import type { SweepPayload } from './queues.ts';

/** The job of a schedule; each has an id of its own. */
export function makeSweepJob(
  tenant: string,
  sweep: SweepPayload['sweep'],
): Omit<NewJob, 'id'> & { readonly payload: SweepPayload } {
  return { queue: 'sweep', name: sweep, payload: { tenant, sweep } };
}

/** Throws what a step throws, and RetriableError while another run goes on; the job's id is the run's key. */
export async function sweepJob(
  deps: TenantDeps,
  { sweep }: SweepPayload,
  jobId: string,
  signal: AbortSignal,
): Promise<void> {
  await runQueuedSweep(deps, jobId, { sweep: { rolling: sweep === 'rolling' }, signal });
}

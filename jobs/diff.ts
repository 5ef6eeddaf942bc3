/** The diff of a nightly. Begun again after a crash it plans anew; a plan half stored is never sent. */
import type { TenantDeps } from '../src/pipeline.ts';
import type { StepPayload } from './queues.ts';
import { runStepJob } from './run-step-job.ts';

export function diffJob(deps: TenantDeps, payload: StepPayload, signal: AbortSignal): Promise<void> {
  return runStepJob('diff', deps, payload, signal);
}

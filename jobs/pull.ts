/** The pull of a nightly. Begun again after a crash it asks LiveVox anew; the mirror changes only in the merge, all or nothing. */
import type { TenantDeps } from '../src/pipeline.ts';
import type { StepPayload } from './queues.ts';
import { runStepJob } from './run-step-job.ts';

export function pullJob(deps: TenantDeps, payload: StepPayload, signal: AbortSignal): Promise<void> {
  return runStepJob('pull', deps, payload, signal);
}

/** The push of a nightly. Begun again after a crash it sends what has not left yet; what may have left is read back first. */
import type { TenantDeps } from '../src/pipeline.ts';
import type { StepPayload } from './queues.ts';
import { runStepJob } from './run-step-job.ts';

export function pushJob(deps: TenantDeps, payload: StepPayload, signal: AbortSignal): Promise<void> {
  return runStepJob('push', deps, payload, signal);
}

/** The verify of a nightly. Begun again after a crash it gives the verdicts that are missing; it needs no network. */
import type { TenantDeps } from '../src/pipeline.ts';
import type { StepPayload } from './queues.ts';
import { runStepJob } from './run-step-job.ts';

export function verifyJob(deps: TenantDeps, payload: StepPayload, signal: AbortSignal): Promise<void> {
  return runStepJob('verify', deps, payload, signal);
}

/**
 * What the step queues have in common: one step of a nightly, run through the pipeline as a command would run it. The step
 * that the run has at this place must be the queue's own, so that a job written by another version cannot run a wrong one.
 */
import { FatalError } from '../src/errors.ts';
import { runNightlyStep, type TenantDeps, wayOf } from '../src/pipeline.ts';
import { markRunAlive, type StepName } from '../src/store/index.ts';
import type { StepPayload } from './queues.ts';

/** Runs the step, unless it is done already. Throws what the step throws, and FatalError when the run has ended. */
export async function runStepJob(
  step: Exclude<StepName, 'replay' | 'sweep' | 'revert'>,
  deps: TenantDeps,
  { runId, ordinal }: StepPayload,
  signal: AbortSignal,
): Promise<void> {
  if (wayOf.sync[ordinal - 1]?.step !== step) {
    throw new FatalError(
      `Step ${ordinal} of a nightly is not a ${step} in this version; the next nightly does it all.`,
    );
  }
  // A run that waits for its next attempt is not dead: nobody may take its place yet.
  await markRunAlive(deps.store.pool, runId);
  await runNightlyStep(deps, runId, ordinal, signal);
}

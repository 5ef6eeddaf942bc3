/** `lvsync apply PLAN`: sends a stored plan, then reads back what LiveVox made of it. */
import { systemClock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import { runApply } from '../pipeline.ts';
import { toRunExitCode } from './exit-code.ts';
import { assertPlanId, findPlan } from './find-plan.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatRunAnswer, toRunAnswer } from './report.ts';
import type { CommandShell } from './shell.ts';
import { assertUntil, toUntil, type UntilOption } from './until.ts';
import { loadCommandConfig, withWorkplace } from './with-workplace.ts';

export type ApplyOptions = CommonOptions & UntilOption;

export async function apply(shell: CommandShell, planId: string, options: ApplyOptions): Promise<void> {
  assertPlanId(planId);
  assertUntil(options);
  const answer = await withWorkplace(shell, options, {}, async (place, config) => {
    const plan = await findPlan(place.store, config, planId, options.tenant);
    // Only the tenant of this plan needs its credentials, and until here nobody knew which that is.
    await loadCommandConfig(shell, { ...options, tenant: plan.tenant }, true);
    assertApplicable(plan.id, plan.state);
    const deps = place.tenant(plan.tenant);
    const until = toUntil(options, systemClock.now(), deps.tenant.timeZone);
    const report = await runApply(deps, { changeSetId: plan.id, until, signal: shell.signal });
    return toRunAnswer(place.store, report);
  });
  await printAnswer(shell, options, answer, formatRunAnswer(answer));
  shell.end(toRunExitCode(answer.state));
}

function assertApplicable(id: string, state: string): void {
  if (state === 'superseded')
    throw new ConfigError(`Plan ${id} was replaced by a newer one; lvsync status lists the open plans.`);
}

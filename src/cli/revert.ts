/** `lvsync revert RUN|PLAN`: pulls, then makes a plan that takes back what an earlier one has changed; sends nothing. */
import { FatalError } from '../errors.ts';
import { runRevert } from '../pipeline.ts';
import { type ChangeSet, countSentChanges, type Store, selectUnreverted } from '../store/index.ts';
import type { Workplace } from '../wiring.ts';
import { assertPlanned, readChosenAccounts } from './chosen-accounts.ts';
import { toRunExitCode } from './exit-code.ts';
import { assertPlanOrRunId, findPlanOrPlanOfRun } from './find-plan.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { toRunAnswer } from './report.ts';
import { formatRevertAnswer, type RevertAnswer, toAdvice } from './revert-text.ts';
import type { CommandShell } from './shell.ts';
import { loadCommandConfig, withWorkplace } from './with-workplace.ts';

export type RevertOptions = CommonOptions & { readonly accounts?: string };

/** Contacts that the text lists of those that stay as they are. */
const listed = 20;

export async function revert(shell: CommandShell, id: string, options: RevertOptions): Promise<void> {
  assertPlanOrRunId(id);
  const chosen = options.accounts === undefined ? undefined : await readChosenAccounts(shell.cwd, options.accounts);
  const answer = await withWorkplace(shell, options, {}, async (place, config) => {
    const plan = await findPlanOrPlanOfRun(place.store, config, id, options.tenant);
    if (chosen !== undefined) await assertPlanned(place.store, plan.id, chosen);
    await assertSent(place.store, plan.id);
    // Only the tenant of this plan needs its credentials, and until here nobody knew which that is.
    await loadCommandConfig(shell, { ...options, tenant: plan.tenant }, true);
    return planRevert(shell, place, plan, chosen?.accounts);
  });
  await printAnswer(shell, options, answer, formatRevertAnswer(answer));
  shell.end(toRunExitCode(answer.state));
}

/** The step asks as well; here it costs no pull. @throws FatalError when nothing of the plan was ever sent */
async function assertSent(store: Store, changeSetId: string): Promise<void> {
  if ((await countSentChanges(store.pool, { changeSetId })).contacts > 0) return;
  throw new FatalError(`Plan ${changeSetId} has changed nothing in LiveVox, so that there is nothing to take back.`);
}

async function planRevert(
  shell: CommandShell,
  place: Workplace,
  { id: changeSetId, tenant, systemOfRecord }: ChangeSet,
  accounts: readonly string[] | undefined,
): Promise<RevertAnswer> {
  const deps = place.tenant(tenant);
  const report = await runRevert(deps, { reverted: { changeSetId, accounts }, signal: shell.signal });
  // A run that ended without a plan has thrown.
  const made = report.changeSetId!;
  return {
    ...(await toRunAnswer(place.store, report)),
    reverted: { changeSetId, systemOfRecord },
    unreverted: await selectUnreverted(place.store.pool, made, listed),
    advice: toAdvice(systemOfRecord),
  };
}

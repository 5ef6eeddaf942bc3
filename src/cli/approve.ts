/**
 * `lvsync approve PLAN`: a person lets a held plan through. What is approved is the plan as it was sealed: its stored rows are read once more
 * first, and a plan that was changed since is refused. The approval is on record with name and reason; nothing is sent.
 */
import { ConfigError, FatalError } from '../errors.ts';
import { type Approved, type ChangeSet, insertApproval, type Store, selectSeal } from '../store/index.ts';
import { exitCodes } from './exit-code.ts';
import { assertPlanId, findPlan } from './find-plan.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatCounts, formatInstant, formatVisible } from './print.ts';
import type { CommandShell } from './shell.ts';
import { makeCommandLog, withWorkplace } from './with-workplace.ts';

export type ApproveOptions = CommonOptions & { readonly by: string; readonly reason: string; readonly expect?: string };

/** A held plan whose seal is known to be whole. */
type SealedPlan = ChangeSet & { readonly seal: string; readonly expiresAt: Date };

type Given = Extract<Approved, { kind: 'noted' }>;

/** So much of a seal is shown, and enough to compare by eye. */
const shownDigits = 12;

export async function approve(shell: CommandShell, planId: string, options: ApproveOptions): Promise<void> {
  assertPlanId(planId);
  const by = toOneSpelling(options.by, '--by');
  const reason = toOneSpelling(options.reason, '--reason');
  await withWorkplace(shell, options, {}, async ({ store }, config) => {
    const plan = toApprovable(await findPlan(store, config, planId, options.tenant), options.expect);
    await assertSealed(store, plan, shell.signal);
    const given = toGiven(await insertApproval(store, toApproval(plan, by, reason)), plan, by);
    const { given: approvals, needed } = given;
    makeCommandLog(config).info('plan.approved', { tenant: plan.tenant, changeSet: plan.id, approvals, needed });
    await printAnswer(shell, options, toAnswer(plan, given, by), formatAnswer(plan, given, by));
    shell.end(given.given < given.needed ? exitCodes.held : exitCodes.proven);
  });
}

/** The same name is the same person, however it was typed; case is left to the database. @throws ConfigError when it is empty */
function toOneSpelling(text: string, option: string): string {
  const spelt = text.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  if (spelt === '') throw new ConfigError(`${option} is empty; say who approves, and why.`);
  return spelt;
}

/** @throws ConfigError when the plan waits for nobody's approval, or is not the one that was looked at */
function toApprovable(plan: ChangeSet, expected: string | undefined): SealedPlan {
  const { id, state, seal, expiresAt } = plan;
  if (state !== 'held') throw new ConfigError(`Plan ${id} ${sayState(state)}`);
  if (seal === null || expiresAt === null)
    throw new ConfigError(
      `Plan ${id} was made by an earlier version and bears no seal; make a new one with lvsync plan.`,
    );
  if (expected !== undefined && (expected === '' || !seal.startsWith(expected.toLowerCase()))) {
    throw new ConfigError(
      `The seal of plan ${id} begins with ${seal.slice(0, shownDigits)}, not as --expect says; it is not the plan you looked at.`,
    );
  }
  return { ...plan, seal, expiresAt };
}

function sayState(state: Exclude<ChangeSet['state'], 'held'>): string {
  switch (state) {
    case 'planned':
      return 'is not held: no guard tripped, and lvsync apply sends it as it is.';
    case 'approved':
      return 'is approved already; lvsync apply sends it.';
    case 'expired':
      return 'has expired; make a new one with lvsync plan.';
    case 'superseded':
      return 'was replaced by a newer one; lvsync status lists the open plans.';
    case 'pushing':
    case 'pushed':
    case 'proven':
    case 'not_proven':
      return 'has been sent already; there is nothing left to approve.';
  }
}

/** @throws FatalError when the stored rows are not those that were sealed */
async function assertSealed(store: Store, { id, seal }: SealedPlan, signal: AbortSignal): Promise<void> {
  if ((await selectSeal(store, id, signal)) === seal) return;
  throw new FatalError(
    `Plan ${id} is not as it was sealed: somebody changed it in the database. Nothing was approved; make a new one with lvsync plan.`,
  );
}

function toApproval(
  { tenant, id, seal }: SealedPlan,
  by: string,
  reason: string,
): Parameters<typeof insertApproval>[1] {
  return { tenant, changeSetId: id, seal, by, reason };
}

/** @throws ConfigError when the approval was not noted */
function toGiven(approved: Approved, { id }: SealedPlan, by: string): Given {
  switch (approved.kind) {
    case 'noted':
      return approved;
    case 'repeated':
      throw new ConfigError(`${by} has approved plan ${id} already; another person has to.`);
    case 'moved':
      throw new ConfigError(
        `Plan ${id} was replaced, approved or has expired meanwhile; lvsync status lists the open plans.`,
      );
  }
}

function toAnswer(plan: SealedPlan, { given, needed }: Given, by: string): unknown {
  const { id, tenant, seal, counts, holds, expiresAt } = plan;
  const state = given < needed ? 'held' : 'approved';
  return { plan: id, tenant, state, by, approvals: { given, needed }, seal, counts, holds, expiresAt };
}

function formatAnswer(plan: SealedPlan, { given, needed }: Given, by: string): string {
  const next =
    given < needed
      ? `${given} of ${needed} approvals: the plan stays held until another person runs lvsync approve ${plan.id}`
      : `approved; until ${formatInstant(plan.expiresAt)} it is sent by lvsync apply ${plan.id}`;
  return [
    `plan ${plan.id} of tenant ${plan.tenant}, seal ${plan.seal.slice(0, shownDigits)}\n`,
    `${formatCounts(plan.counts)}\n`,
    ...plan.holds.map(({ sentence }) => `held: ${sentence}\n`),
    `approval by ${formatVisible(by)} noted\n`,
    `${next}\n`,
  ].join('');
}

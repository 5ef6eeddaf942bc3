/**
 * Whether a plan may be sent: it is open, in time, approved by as many different people as its guards ask for, and its stored rows still
 * bear its seal. All of it is looked at before the first call of every push, so that what leaves is exactly what was planned, and approved.
 */
import { FatalError, HeldError } from '../errors.ts';
import {
  type ChangeSet,
  countApprovals,
  markChangeSetExpired,
  markChangeSetPushing,
  type Store,
  selectChangeSet,
  selectSeal,
} from '../store/index.ts';

export type PushablePlan = {
  readonly tenant: string;
  readonly changeSetId: string;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Moves the plan to `pushing` and returns its seal.
 * @throws HeldError when a guard holds it; FatalError when it is over, has expired, bears no seal, or its rows are not those that were sealed
 */
export async function assertPushable(store: Store, input: PushablePlan): Promise<string> {
  const changeSet = await selectChangeSet(store.pool, input.tenant, input.changeSetId);
  if (changeSet === undefined)
    throw new FatalError(`Tenant ${input.tenant} has no plan ${input.changeSetId}; lvsync status lists the open ones.`);
  if (changeSet.state === 'expired') await markChangeSetExpired(store.pool, changeSet.id);
  const { id, seal } = changeSet;
  if (isOver(changeSet))
    throw new FatalError(`Plan ${id} ${sayState(changeSet.state)}; make a new one with lvsync plan.`);
  if (seal === null)
    throw new FatalError(
      `Plan ${id} was made by an earlier version and bears no seal; make a new one with lvsync plan.`,
    );
  await assertApproved(store, changeSet, seal);
  if ((await selectSeal(store, id, input.signal)) !== seal) {
    throw new FatalError(
      `Plan ${id} is not as it was sealed: its rows, the versions they rest on or its policy were changed in the database. Nothing was sent; find out who writes there, then make a new plan with lvsync plan.`,
    );
  }
  if (!(await markChangeSetPushing(store.pool, id)))
    throw new FatalError(`Plan ${id} was replaced or expired meanwhile; make a new one with lvsync plan.`);
  return seal;
}

function isOver({ state }: ChangeSet): boolean {
  return state !== 'planned' && state !== 'held' && state !== 'approved' && state !== 'pushing';
}

function sayState(state: ChangeSet['state']): string {
  if (state === 'superseded') return 'was replaced by a newer plan';
  return state === 'expired' ? 'has expired' : 'has been pushed already';
}

/** The state alone is not believed: the approvals that led to it must be there, for this seal. */
async function assertApproved(store: Store, { id, state, holds, heldBecause }: ChangeSet, seal: string): Promise<void> {
  const needed = Math.max(0, ...holds.map(({ approvers }) => approvers));
  const given = needed === 0 ? 0 : await countApprovals(store.pool, id, seal);
  if (state !== 'held' && given >= needed) return;
  throw new HeldError(`Plan ${id} is held (${given} of ${Math.max(1, needed)} approvals): ${heldBecause.join(' ')}`);
}

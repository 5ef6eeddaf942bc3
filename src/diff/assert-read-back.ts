/**
 * Whether what was sent last has been read back. Until then the mirror shows contacts as they were before, and a new plan, which takes the place
 * of the one that is open, would plan all of it once more: whoever was created would be created twice.
 */
import { FatalError } from '../errors.ts';
import { type Store, selectUnreadChangeSetId } from '../store/index.ts';

/** Called before a plan is made, with the tenant held. @throws FatalError when something sent has no verdict yet */
export async function assertReadBack(store: Store, tenant: string): Promise<void> {
  const unread = await selectUnreadChangeSetId(store.pool, tenant);
  if (unread === undefined) return;
  throw new FatalError(
    `Plan ${unread} has sent changes that have not been read back yet; a new plan would send them again. Run lvsync pull, then plan again.`,
  );
}

/** Erases a contact of a tenant: binds the verb to the tenant's parts, and to the one question that it asks LiveVox. */
import { isAddressable } from './livevox/index.ts';
import { type ForgetInput, forget, type Receipt } from './retention/forget.ts';
import type { TenantDeps } from './step-context.ts';

export type { Receipt } from './retention/forget.ts';

export type ForgetRequest = Pick<ForgetInput, 'account' | 'by' | 'reason' | 'evenSo' | 'signal'>;

/** @throws HeldError when something stands against it; nothing was erased then */
export async function forgetContact(deps: TenantDeps, request: ForgetRequest): Promise<Receipt> {
  const { store, clock, livevox, tenant, spoolFolder } = deps;
  const isShown = async (account: string, signal?: AbortSignal): Promise<boolean | undefined> =>
    isAddressable(account) ? (await livevox().contacts.readContact(account, signal)) !== undefined : undefined;
  return forget({ store, clock, isShown }, { tenant: tenant.name, spoolFolder, ...request });
}

/**
 * How much of their limits the lanes of a tenant use now, over all processes. Belongs to wiring.ts, which knows where slots are kept.
 * A method with several limits counts with the one that is used most.
 */
import type { TenantConfig } from './config.ts';
import { ConfigError } from './errors.ts';
import { type SharedSlots, type SlotWindow, toLaneName, toLanesName } from './livevox/index.ts';

export type LaneUse = {
  readonly tenant: string;
  /** The vendor's name of the method. */
  readonly method: string;
  /** Requests started in the last window, of those permitted; 1: all of them. */
  readonly share: number;
};

type Tenant = Pick<TenantConfig, 'name' | 'baseUrl' | 'credentials' | 'limits'>;

/** Of the methods with a configured limit, and of `called` ones with a learnt one. Empty where the tenant's credentials are not known. */
export async function selectLaneUse(
  slots: Pick<SharedSlots, 'starts'>,
  tenant: Tenant,
  called: readonly string[],
): Promise<readonly LaneUse[]> {
  const lanes = findLanes(tenant);
  if (lanes === undefined) return [];
  const methods = [...new Set([...Object.keys(tenant.limits), ...called])];
  const found = await Promise.all(
    methods.map(async (method) => {
      const share = await selectShare(slots, toLaneName(lanes, method), tenant.limits[method]);
      return share === undefined ? [] : [{ tenant: tenant.name, method, share }];
    }),
  );
  return found.flat();
}

async function selectShare(
  slots: Pick<SharedSlots, 'starts'>,
  lane: string,
  configured: readonly SlotWindow[] | undefined,
): Promise<number | undefined> {
  const windows = configured ?? [(await slots.starts(lane, 0)).learnt].filter((window) => window !== undefined);
  if (windows.length === 0) return undefined;
  const shares = windows.map(async ({ starts, perMs }) => (await slots.starts(lane, perMs)).starts / starts);
  return Math.max(...(await Promise.all(shares)));
}

/** Lanes are named by who calls: without credentials nobody knows which are meant. */
function findLanes(tenant: Tenant): string | undefined {
  try {
    return toLanesName(tenant.baseUrl, tenant.credentials);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

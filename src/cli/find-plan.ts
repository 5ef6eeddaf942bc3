/** The plan that a command's argument names, whichever of the configured tenants it belongs to. */
import { type Config, chooseTenant } from '../config.ts';
import { ConfigError } from '../errors.ts';
import { type ChangeSet, type Store, selectChangeSet } from '../store/index.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws ConfigError when it is no plan's id */
export function assertPlanId(id: string): void {
  if (!uuid.test(id))
    throw new ConfigError(`${id} is no plan's id; lvsync plan prints it, and lvsync status lists the open plans.`);
}

/** The change set of that id. @throws ConfigError when no tenant (or not the one asked for) has it */
export async function findPlan(store: Store, config: Config, id: string, tenant?: string): Promise<ChangeSet> {
  const tenants = tenant === undefined ? config.tenants : [chooseTenant(config, tenant)];
  for (const { name } of tenants) {
    const found = await selectChangeSet(store.pool, name, id);
    if (found !== undefined) return found;
  }
  const whose = tenants.map(({ name }) => name).join(', ');
  throw new ConfigError(`There is no plan ${id} of tenant ${whose}; lvsync status lists the open plans.`);
}

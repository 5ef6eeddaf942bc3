/** The plan that a command's argument names, whichever of the configured tenants it belongs to. */
import { type Config, chooseTenant, formatNearest } from '../config.ts';
import { ConfigError, FatalError } from '../errors.ts';
import {
  type ChangeSet,
  type Store,
  selectChangeSet,
  selectChangeSetTouchedByRun,
  selectOpenPlans,
  selectRun,
} from '../store/index.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws ConfigError when it is no plan's id */
export function assertPlanId(id: string): void {
  if (!uuid.test(id))
    throw new ConfigError(`${id} is no plan's id; lvsync plan prints it, and lvsync status lists the open plans.`);
}

/** @throws ConfigError when it is no run's id */
export function assertRunId(id: string): void {
  if (!uuid.test(id)) throw new ConfigError(`${id} is no run's id; lvsync runs lists them.`);
}

/** @throws ConfigError when it is the id of neither a run nor a plan */
export function assertPlanOrRunId(id: string): void {
  if (!uuid.test(id)) throw new ConfigError(`${id} is the id of neither a run nor a plan; lvsync runs lists the runs.`);
}

/**
 * The change set of that id, or the one that the run of that id planned or applied.
 * @throws ConfigError when no tenant (or not the one asked for) has either; FatalError when the run has no plan
 */
export async function findPlanOrPlanOfRun(
  store: Store,
  config: Config,
  id: string,
  tenant?: string,
): Promise<ChangeSet> {
  const tenants = tenant === undefined ? config.tenants : [chooseTenant(config, tenant)];
  for (const { name } of tenants) {
    const found =
      (await selectChangeSet(store.pool, name, id)) ?? (await selectChangeSetTouchedByRun(store.pool, name, id));
    if (found !== undefined) return found;
  }
  const whose = tenants.map(({ name }) => name);
  const run = await selectRun(store.pool, id);
  if (run !== undefined && whose.includes(run.tenant))
    throw new FatalError(`Run ${id} has pushed nothing, so that there is nothing to take back.`);
  throw new ConfigError(`There is no run and no plan ${id} of tenant ${whose.join(', ')}; lvsync runs lists the runs.`);
}

/** The change set of that id. @throws ConfigError when no tenant (or not the one asked for) has it */
export async function findPlan(store: Store, config: Config, id: string, tenant?: string): Promise<ChangeSet> {
  const tenants = tenant === undefined ? config.tenants : [chooseTenant(config, tenant)];
  for (const { name } of tenants) {
    const found = await selectChangeSet(store.pool, name, id);
    if (found !== undefined) return found;
  }
  throw new ConfigError(
    await sayUnknownPlan(
      store,
      tenants.map(({ name }) => name),
      id,
    ),
  );
}

/** The id may be that of a run, or mistyped. */
async function sayUnknownPlan(store: Store, tenants: readonly string[], id: string): Promise<string> {
  const open: string[] = [];
  for (const tenant of tenants) {
    const ofRun = await selectChangeSetTouchedByRun(store.pool, tenant, id);
    if (ofRun !== undefined) return `${id} is a run's id; its plan is ${ofRun.id}.`;
    open.push(...(await selectOpenPlans(store.pool, tenant)).map((plan) => plan.id));
  }
  const nearest = formatNearest(id, open);
  const told = `There is no plan ${id} of tenant ${tenants.join(', ')}`;
  return nearest === '.' ? `${told}; lvsync status lists the open plans.` : `${told}${nearest}`;
}

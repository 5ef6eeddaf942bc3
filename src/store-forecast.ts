/**
 * Works out what the rest of a plan will take - from the config, the limits and sizes that LiveVox has taught, and the calls of earlier
 * plans - and notes it with the plan. A plan that is being sent keeps the forecast that it began with, to be held against what it took.
 */
import type { LimitConfig, TenantConfig } from './config.ts';
import type { Endpoint } from './contact/index.ts';
import { type EndpointPace, makeForecast } from './forecast.ts';
import { type Forecast, markForecast, type Store, selectPushPace, selectUnsent } from './store/index.ts';

export type ForecastDeps = {
  readonly tenant: TenantConfig;
  readonly store: Store;
  /** The limit that LiveVox has taught for a method, as long as it holds. */
  readonly learntLimit: (method: string) => Promise<LimitConfig | undefined>;
};

/** Gives what is left of the plan, and stores it unless the plan has begun. `methods`: the vendor's names of what carries the requests. */
export async function storeForecast(
  deps: ForecastDeps,
  changeSetId: string,
  methods: Readonly<Record<Endpoint, string>>,
): Promise<Forecast> {
  const { tenant, store } = deps;
  const unsent = await selectUnsent(store.pool, changeSetId);
  const known = await selectPushPace(store.pool, tenant.name, { single: isSingle(tenant) });
  const paces: Partial<Record<Endpoint, EndpointPace>> = {};
  for (const { endpoint } of unsent) {
    const method = methods[endpoint];
    const { msPerCall, sizeRows } = known[endpoint] ?? {};
    paces[endpoint] = {
      limits: tenant.limits[method] ?? [],
      learnt: await deps.learntLimit(method),
      msPerCall,
      inFlight: tenant.inFlight[method] ?? 1,
      chunkRows: toChunkRows(endpoint, tenant, sizeRows),
    };
  }
  const forecast = makeForecast({ requests: unsent, paces });
  await markForecast(store.pool, changeSetId, forecast);
  return forecast;
}

/** What is configured is never exceeded; LiveVox may have taught that it is too much. */
function toChunkRows(endpoint: Endpoint, tenant: TenantConfig, taughtRows: number | undefined): number {
  if (endpoint === 'delete_contact' || isSingle(tenant)) return 1;
  return Math.min(tenant.push.chunkRows, taughtRows ?? tenant.push.chunkRows);
}

/** A few that fall back to a method for one contact are not foreseen. */
function isSingle({ push }: TenantConfig): boolean {
  return push.singleContact === 'always';
}

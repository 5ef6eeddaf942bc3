/** Works out what a plan will take from the config, the limits learnt and earlier plans, and notes it with the plan. */
import type { TenantConfig } from '../config.ts';
import type { Endpoint } from '../contact/index.ts';
import { methodNames } from '../steps.ts';
import { markForecast, selectPlanOperations, selectPushPace } from '../store/index.ts';
import type { Workplace } from '../wiring.ts';
import { type EndpointPace, makeForecast } from './forecast.ts';

/** Stores the forecast of a plan of the tenant. */
export async function storeForecast(place: Workplace, tenant: TenantConfig, changeSetId: string): Promise<void> {
  const operations = await selectPlanOperations(place.store.pool, changeSetId);
  const requests = operations.flatMap(({ endpoint, patches }) =>
    endpoint === null ? [] : [{ endpoint, rows: patches }],
  );
  const measured = await selectPushPace(place.store.pool, tenant.name);
  const paces: Partial<Record<Endpoint, EndpointPace>> = {};
  for (const { endpoint } of requests) {
    const method = methodNames[endpoint];
    paces[endpoint] = {
      limits: tenant.limits[method] ?? [],
      learnt: await place.learntLimit(tenant, method),
      msPerCall: measured[endpoint],
      inFlight: tenant.inFlight[method] ?? 1,
    };
  }
  await markForecast(
    place.store.pool,
    changeSetId,
    makeForecast({ requests, chunkRows: tenant.push.chunkRows, paces }),
  );
}

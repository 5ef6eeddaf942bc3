/** The filter of the service methods: services, call centers, or both, of which either may bring a service in. */
import { z } from 'zod';
import type { Service } from '../model/services.ts';
import type { Exchange } from '../router.ts';
import { idNumber } from '../wire/agent-details.ts';
import { parseBody } from '../wire/parse-body.ts';

const ids = z.array(z.strictObject({ id: idNumber })).optional();
const filterBody = z.strictObject({ service: ids, callCenter: ids }).nullish();
const statsBody = z.strictObject({ filter: filterBody });
const statusBody = z.strictObject({ filter: filterBody, stateChangedAfter: idNumber.nullish() });

/**
 * The services a request asks for; all of them without a filter.
 * @throws Refusal 400
 */
export function readServices({ world, body }: Exchange): readonly Service[] {
  return select(world.services.list(), parseBody(statsBody, body).filter);
}

/**
 * The same for Get Agent Status, with the instant (epoch ms) after which a state must have changed.
 * @throws Refusal 400
 */
export function readStatusRequest({ world, body }: Exchange): {
  readonly services: readonly Service[];
  readonly stateChangedAfter: number;
} {
  const { filter, stateChangedAfter } = parseBody(statusBody, body);
  return { services: select(world.services.list(), filter), stateChangedAfter: stateChangedAfter ?? 0 };
}

function select(services: readonly Service[], filter: z.infer<typeof filterBody>): readonly Service[] {
  const { service, callCenter } = filter ?? {};
  if (service === undefined && callCenter === undefined) return services;
  return services.filter(
    ({ id, callCenterId }) =>
      service?.some((one) => one.id === id) || callCenter?.some((one) => one.id === callCenterId),
  );
}

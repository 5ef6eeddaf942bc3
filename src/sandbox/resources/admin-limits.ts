/** `/sandbox/limits`: the rate limits, and what the log proves about a client that should keep them. */
import { z } from 'zod';
import { type Answer, json } from '../answer.ts';
import { reportLimits } from '../limit-report.ts';
import { limitsSchema } from '../rate-limits.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';

const asked = z
  .strictObject({ route: z.string().min(1), starts: z.coerce.number(), perMs: z.coerce.number() })
  .transform(({ route, ...limit }) => ({ [route]: limit }))
  .pipe(limitsSchema);

/** `GET /sandbox/limits` */
export function readLimits({ world }: Exchange): Answer {
  return json(world.limits.read());
}

/** `PUT /sandbox/limits`: replaces all limits; `{}` lifts them. */
export function putLimits({ world, body }: Exchange): Answer {
  world.limits.set(parseBody(limitsSchema, body));
  return json(world.limits.read());
}

/** `GET /sandbox/limits/report`, by the limits that are set, or by `?route=&starts=&perMs=`. */
export function readLimitReport({ world, query }: Exchange): Answer {
  const limits = query.size === 0 ? world.limits.read() : parseBody(asked, Object.fromEntries(query));
  return json({ limits: reportLimits(world.log.list(0, undefined), limits) });
}

/** The rest of `/sandbox/…`: the log, the clock, the sessions, the dialect and the faults. */
import { z } from 'zod';
import { type Answer, empty, errorCodes, json, Refusal } from '../answer.ts';
import { dialectSchema } from '../dialect.ts';
import { faultSchema } from '../faults.ts';
import type { Exchange } from '../router.ts';
import { parseBody } from '../wire/parse-body.ts';

const clockBody = z.strictObject({ offsetMs: z.int() });
const wholeNumber = z.coerce.number().pipe(z.int().nonnegative());

/** `GET /sandbox/log?since=&route=`: requests that arrived at or after an instant (epoch ms), of one route. */
export function readLog({ world, query }: Exchange): Answer {
  const since = parseBody(wholeNumber, query.get('since') ?? '0');
  return json({ entries: world.log.list(since, query.get('route') ?? undefined) });
}

/** `GET /sandbox/creates?min=`: how often each account's create was received and done. */
export function readCreates({ world, query }: Exchange): Answer {
  return json({ accounts: world.log.listCreates(parseBody(wholeNumber, query.get('min') ?? '1')) });
}

/** `GET /sandbox/writes?after=`: every write to a contact above that number, in the order done. @throws Refusal 404 where they are not kept */
export function readWrites({ world, query }: Exchange): Answer {
  if (world.writes === undefined)
    throw new Refusal(404, errorCodes.notFound, 'Writes are not kept: start with keepsWrites');
  return json({ writes: world.writes.list(parseBody(wholeNumber, query.get('after') ?? '0')) });
}

/** `DELETE /sandbox/log` */
export function clearLog({ world }: Exchange): Answer {
  world.log.clear();
  return empty();
}

/** `POST /sandbox/sessions/expire`: all sessions end at once. */
export function expireSessions({ world }: Exchange): Answer {
  return json({ expired: world.sessions.closeAll() });
}

/** `GET /sandbox/dialect` */
export function readDialect({ world }: Exchange): Answer {
  return json(world.dialect);
}

/** `PUT /sandbox/dialect`: changes the readings that the body names. */
export function putDialect({ world, body }: Exchange): Answer {
  world.dialect = { ...world.dialect, ...parseBody(dialectSchema.partial(), body) };
  return json(world.dialect);
}

/** `POST /sandbox/faults`: one rule or a list of them, added to those there are. */
export function addFaults({ world, body }: Exchange): Answer {
  const faults = parseBody(z.array(faultSchema), Array.isArray(body) ? body : [body]);
  world.faults.add(faults);
  return json({ added: faults.length }, 201);
}

/** `DELETE /sandbox/faults` */
export function clearFaults({ world }: Exchange): Answer {
  world.faults.clear();
  return empty();
}

/** `POST /sandbox/clock`: sets how far the sandbox's clock is ahead of the machine's, milliseconds. */
export function setClock({ world, body }: Exchange): Answer {
  world.setClockOffset(parseBody(clockBody, body).offsetMs);
  return json({ now: world.now() });
}

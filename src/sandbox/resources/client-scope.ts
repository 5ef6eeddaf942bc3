/** The `client` of a list: which client's entries are asked for, when the request says so. */
import { idNumber, refuseAccess, refuseInput } from '../wire/agent-details.ts';
import type { World } from '../world.ts';

/**
 * Undefined when the request names none.
 * @throws Refusal 400 when it is no id, 403 when it is none of the user's clients.
 */
export function readClient(world: World, query: URLSearchParams): number | undefined {
  const text = query.get('client');
  if (text === null || text === '') return undefined;
  const client = idNumber.safeParse(text);
  if (!client.success) throw refuseInput('Invalid parameter [client]');
  if (!world.hasClient(client.data)) throw refuseAccess();
  return client.data;
}

/** How many jobs stand where, for `lvsync status`. Only looks: makes neither tables nor keys. */
import type { Config } from '../src/config.ts';
import type { Log } from '../src/log.ts';
import { openBackendIfMade } from './backend.ts';
import { queueNames } from './queues.ts';

/** Queue → state → jobs; empty when there is no queue yet. */
export type QueueCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Counts the jobs of every queue. Throws one sentence when the Redis of the config cannot be reached. */
export async function selectQueueCounts(config: Config, databaseUrl: string, log: Log): Promise<QueueCounts> {
  const backend = await openBackendIfMade(config, databaseUrl, log);
  if (backend === undefined) return {};
  try {
    const counts = await Promise.all(queueNames.map(async (name) => [name, await backend.selectCounts(name)] as const));
    return Object.fromEntries(counts);
  } finally {
    await backend.close();
  }
}

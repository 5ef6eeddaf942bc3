/**
 * The Redis of the suite: REDIS_URL, else a private one that the global set-up has started, else none.
 * A Redis suite begins with `describe.skipIf(redisUrl === undefined)(…)`; the global set-up has then said why, and has
 * failed where CI=true. Suites share the server, so each keeps to keys (BullMQ: a prefix) of its own.
 */
import { inject } from 'vitest';

/** Connection string; undefined: there is no Redis here. */
export const redisUrl: string | undefined = inject('redisUrl');

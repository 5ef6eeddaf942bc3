/** The places where slots and sessions are kept, as tests and benches go through them: Postgres and Redis. */
import { systemClock } from '../../src/clock.ts';
import type { SharedSessions, SharedSlots } from '../../src/livevox/index.ts';
import { makeRedisSessions, makeRedisSlots, openRedis } from '../../src/redis/index.ts';
import { closeStore, makeStoredSessions, makeStoredSlots, openStore } from '../../src/store/index.ts';

export type SharedPlace = {
  readonly slots: SharedSlots;
  readonly sessions: SharedSessions;
  readonly close: () => Promise<void>;
};

/** Opens the place at a `postgresql:` or `redis:` address, as a worker does. */
export async function openSharedPlace(url: string): Promise<SharedPlace> {
  if (url.startsWith('redis')) {
    const redis = openRedis(url);
    return { slots: makeRedisSlots(redis), sessions: makeRedisSessions(redis, systemClock), close: redis.close };
  }
  const store = await openStore(url);
  return { slots: makeStoredSlots(store), sessions: makeStoredSessions(store), close: () => closeStore(store) };
}

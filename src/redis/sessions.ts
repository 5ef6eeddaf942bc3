/**
 * The sealed session that processes share, in Redis, and the lock around a login. The lock is a key that expires unless its holder
 * shows life, so a killed process blocks nobody for long. A holder that stood still for half a minute may meet a second login; LiveVox
 * gives both the same session.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { RetriableError } from '../errors.ts';
import type { SharedRedis } from './connection.ts';

export type RedisSessions = {
  readonly read: (name: string) => Promise<string | undefined>;
  readonly write: (name: string, sealed: string) => Promise<void>;
  readonly remove: (name: string, sealed: string) => Promise<void>;
  readonly withLock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
};

/** A session dies after two hours without use; one that nobody replaced for a day is of no use. */
const keptMs = 86_400_000;
const lockMs = 30_000;
const retryMs = 50;
/** Longer than a login with all its repetitions and pauses. */
const maxWaitMs = 300_000;

const removeScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;
const prolongScript = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;

export function makeRedisSessions(shared: SharedRedis, clock: Clock): RedisSessions {
  const removeIf = (key: string, value: string): Promise<void> =>
    shared.run(async (redis) => void (await redis.eval(removeScript, 1, key, value)));
  return {
    read: (name) => shared.run(async (redis) => (await redis.get(toKey(name))) ?? undefined),
    write: (name, sealed) => shared.run(async (redis) => void (await redis.set(toKey(name), sealed, 'PX', keptMs))),
    remove: (name, sealed) => removeIf(toKey(name), sealed),
    withLock: async (name, work) => {
      const key = `${toKey(name)}:lock`;
      const holder = randomUUID();
      await waitForLock(shared, clock, key, holder);
      const prolong = (): Promise<void> =>
        shared.run(async (redis) => void (await redis.eval(prolongScript, 1, key, holder, lockMs)));
      const heartbeat = setInterval(() => void prolong().catch(() => {}), lockMs / 3);
      try {
        return await work();
      } finally {
        clearInterval(heartbeat);
        await removeIf(key, holder).catch(() => {});
      }
    },
  };
}

async function waitForLock(shared: SharedRedis, clock: Clock, key: string, holder: string): Promise<void> {
  const giveUpAt = clock.now().getTime() + maxWaitMs;
  while ((await shared.run((redis) => redis.set(key, holder, 'PX', lockMs, 'NX'))) === null) {
    if (clock.now().getTime() > giveUpAt) {
      throw new RetriableError('Another process has been logging in to LiveVox for minutes; end it and try again.');
    }
    await clock.sleep(retryMs);
  }
}

function toKey(name: string): string {
  return `lvsync:session:{${name}}`;
}

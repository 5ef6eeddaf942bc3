/**
 * The connection to Redis. It is made with the first command, because half of the commands never need it, and made again when
 * it is lost; a command that cannot be carried out within seconds fails, as one sentence that names the place.
 */
import { Redis } from 'ioredis';
import { RetriableError, toMessage } from '../errors.ts';

export type SharedRedis = {
  /** Runs one command or script. @throws RetriableError that names the place, never the password */
  readonly run: <T>(command: (redis: Redis) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** A connection that is opened when first used. */
export function openRedis(url: string): SharedRedis {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: 10_000, maxRetriesPerRequest: 3 });
  let cause: unknown;
  redis.on('error', (error) => {
    cause = error;
  });
  redis.on('ready', () => {
    cause = undefined;
  });
  return {
    run: async (command) => {
      try {
        return await command(redis);
      } catch (error) {
        throw new RetriableError(
          `The Redis at ${toPlace(url)} cannot be used: ${toMessage(cause ?? error)}. Check REDIS_URL and that the server runs.`,
          { cause: error },
        );
      }
    },
    close: async () => redis.disconnect(),
  };
}

/** `host:port` of an address, without user and password. */
function toPlace(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'REDIS_URL';
}

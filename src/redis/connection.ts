/**
 * The connection to Redis. It is made with the first command, because half of the commands never need it, and made again when
 * it is lost; a command that cannot be carried out within seconds fails, as one sentence that names the place.
 */
import { RetriableError, toMessage } from '../errors.ts';
import { makeRedisClient, type RedisClient, toRedisPlace } from './client.ts';

export type SharedRedis = {
  /** Runs one command or script. @throws RetriableError that names the place, never the password */
  readonly run: <T>(command: (redis: RedisClient) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** A connection that is opened when first used. */
export function openRedis(url: string): SharedRedis {
  const redis = makeRedisClient(url, { lazyConnect: true, connectTimeout: 10_000, maxRetriesPerRequest: 3 });
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
          `The Redis at ${toRedisPlace(url)} cannot be used: ${toMessage(cause ?? error)}. Check REDIS_URL and that the server runs.`,
          { cause: error },
        );
      }
    },
    close: async () => redis.disconnect(),
  };
}

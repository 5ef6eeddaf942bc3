/** The door of the Redis room: what all processes share, where a Redis is configured. */
export { isRedisCluster, makeRedisClient, toRedisPlace } from './client.ts';
export { openRedis } from './connection.ts';
export { type RedisFacts, readRedisFacts } from './read-facts.ts';
export { makeRedisSessions } from './sessions.ts';
export { makeRedisSlots } from './slots.ts';

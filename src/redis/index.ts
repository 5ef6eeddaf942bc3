/** The door of the Redis room: what all processes share, where a Redis is configured. */
export { openRedis } from './connection.ts';
export { makeRedisSessions } from './sessions.ts';
export { makeRedisSlots } from './slots.ts';

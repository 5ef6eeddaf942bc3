/** How strict the runs are: what a row that LiveVox refuses may do to the rows beside it, and which queues there are. */
import type { Ground, QueueKind } from './scenario.ts';

export function makeGround(redisUrl: string | undefined): Ground {
  const queues: readonly QueueKind[] = redisUrl === undefined ? ['postgres'] : ['postgres', 'redis'];
  // A refused chunk goes out again in parts, so a row that stays poisoned holds up nobody but itself.
  return { queues, poisonStays: true };
}

/** The same Redis with a database number of its own, so that runs side by side can each empty theirs. */
export function toRedisOf(redisUrl: string | undefined, job: number): string | undefined {
  if (redisUrl === undefined) return undefined;
  const url = new URL(redisUrl);
  url.pathname = `/${job + 1}`;
  return url.href;
}

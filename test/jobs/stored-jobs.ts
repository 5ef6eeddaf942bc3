/** What the queue really keeps of an installation's jobs, read past BullMQ: the tables, or the keys. */
import { Redis } from 'ioredis';
import { redisUrl } from '../support/redis.ts';
import { type Installation, type StoreKind, selectPrefix } from './installation.ts';

export type StoredJob = {
  readonly payload: Record<string, unknown>;
  /** All that is kept of the job. */
  readonly text: string;
};

export async function selectStoredJobs(place: Installation, kind: StoreKind): Promise<readonly StoredJob[]> {
  return kind === 'redis' ? selectFromRedis(await selectPrefix(place)) : selectFromPostgres(place);
}

/** Lets the queue believe that workers have died with the job `times` times. */
export async function pretendStalls(
  place: Installation,
  kind: StoreKind,
  queue: string,
  jobId: string,
  times: number,
): Promise<void> {
  if (kind === 'redis') {
    const redis = new Redis(redisUrl ?? '');
    await redis.hset(`${await selectPrefix(place)}:${queue}:${jobId}`, 'stc', times);
    redis.disconnect();
    return;
  }
  const { pool } = place.database.store;
  await pool.query('update bullmq.job set stalled_count = $3 where queue = $1 and id = $2', [queue, jobId, times]);
}

async function selectFromPostgres({ database }: Installation): Promise<readonly StoredJob[]> {
  const { rows } = await database.store.pool.query<{ data: Record<string, unknown>; text: string }>(
    'select data, job::text as text from bullmq.job as job',
  );
  return rows.map(({ data, text }) => ({ payload: data, text }));
}

async function selectFromRedis(prefix: string): Promise<readonly StoredJob[]> {
  const redis = new Redis(redisUrl ?? '');
  try {
    const jobs: StoredJob[] = [];
    for (const key of await redis.keys(`${prefix}:*`)) {
      if ((await redis.type(key)) !== 'hash') continue;
      const hash = await redis.hgetall(key);
      if (hash['data'] !== undefined && hash['timestamp'] !== undefined) {
        jobs.push({ payload: JSON.parse(hash['data']), text: JSON.stringify(hash) });
      }
    }
    return jobs;
  } finally {
    redis.disconnect();
  }
}

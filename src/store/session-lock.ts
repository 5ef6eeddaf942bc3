/**
 * One login at a time, over all processes: whoever logs in holds the session's advisory lock, on a connection of its own, because
 * a login books slots through the pool and must not wait for itself there. The lock dies with its process.
 */
import pg from 'pg';
import { RetriableError } from '../errors.ts';
import type { Store } from './connection.ts';

/** Longer than a login with all its repetitions and pauses. */
const maxWaitMs = 300_000;
const lockNotAvailable = '55P03';

/** Runs `work` while nobody else holds the lock of that session. Throws RetriableError when it is not free within five minutes. */
export async function withSessionLock<T>(store: Store, name: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...store.pool.options, application_name: 'lvsync-login' });
  // A connection that is lost gives the lock away; a second login gets the same session, so that does no harm.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`select set_config('lock_timeout', $1, false)`, [`${maxWaitMs}ms`]);
    await client.query(`select pg_advisory_lock(hashtextextended('lvsync session ' || $1, 0))`, [name]);
    return await work();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) throw error;
    throw new RetriableError('Another process has been logging in to LiveVox for minutes; end it and try again.', {
      cause: error,
    });
  } finally {
    await client.end().catch(() => {});
  }
}

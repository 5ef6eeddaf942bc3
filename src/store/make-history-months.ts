/**
 * Makes the monthly partitions of the history for this month and the next, where they are missing: a transaction of its own, so that a merge
 * never holds their locks. Locks: attaching locks the default partition for an instant; where a reader stands in the way for longer,
 * it is left to the next merge, and versions wait in the default partition meanwhile.
 */
import pg from 'pg';
import { type Store, withTransaction } from './connection.ts';

export async function makeHistoryMonths(store: Store, now: Date): Promise<void> {
  try {
    await withTransaction(store, async (client) => {
      await client.query(`select set_config('lock_timeout', '2s', true)`);
      await client.query(
        `select mirror_history.make_month($1::timestamptz), mirror_history.make_month($1::timestamptz + interval '1 month')`,
        [now],
      );
    });
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === '55P03')) throw error;
  }
}

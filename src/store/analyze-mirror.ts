/**
 * Refreshes the planner's statistics of the mirror's key after a load that grew it much, instead of waiting for autovacuum: with
 * statistics of an empty table the planner joins a system of record with the mirror row by row. Cheap: two columns, a sample.
 */
import type { Store } from './connection.ts';

/** From which growth on, as a share of what the statistics know. */
const growthShare = 0.1;

export async function analyzeMirror(store: Store, added: number): Promise<void> {
  const known = await store.pool.query<{ rows: number }>(
    `select reltuples::float8 as rows from pg_class where oid = 'mirror.contacts'::regclass`,
  );
  if (added <= (known.rows[0]?.rows ?? 0) * growthShare) return;
  await store.pool.query(`select mirror.analyze_contacts()`);
}

/**
 * The readings of a tenant's systems of record that are kept: the last one of each. One whose table is not there, or was emptied by a
 * crash of the database, is none. Few rows of sync.comparisons.
 */
import type { Queryable } from './connection.ts';

export type KeptReading = {
  readonly systemOfRecord: string;
  /** Its table, quoted where needed: the name comes from the catalogue. */
  readonly table: string;
  readonly readAt: Date;
};

export async function selectReadings(db: Queryable, tenant: string): Promise<readonly KeptReading[]> {
  const found = await db.query<KeptReading & { readonly rows: number }>(
    `select system_of_record as "systemOfRecord", to_regclass('sync.desired_' || id)::text as "table", desired_at as "readAt",
            coalesce(desired_rows, 0)::int as "rows"
       from sync.comparisons
      where tenant = $1 and desired_run_id is not null and to_regclass('sync.desired_' || id) is not null
      order by id`,
    [tenant],
  );
  const kept: KeptReading[] = [];
  for (const { rows, ...reading } of found.rows) {
    const asked = await db.query<{ isThere: boolean }>(`select exists (select from ${reading.table}) as "isThere"`);
    if (rows === 0 || asked.rows[0]?.isThere === true) kept.push(reading);
  }
  return kept;
}

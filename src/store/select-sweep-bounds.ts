/**
 * The modifyDates that divide the mirror, as a sweep found it, into parts of so many rows. Reads the sweep's working table alone (a sort
 * of times, no index). The same moment twice in a row comes once.
 */
import type { Queryable } from './connection.ts';
import type { SweepTables } from './make-sweep-tables.ts';

/** Every `partRows`-th modifyDate, ascending; none when there are no more rows than that. */
export async function selectSweepBounds(
  db: Queryable,
  tables: SweepTables,
  partRows: number,
): Promise<readonly Date[]> {
  const found = await db.query<{ bound: Date }>(
    `select distinct modify_date as "bound"
       from (select modify_date, row_number() over (order by modify_date) as place
               from ${tables.before}
              where modify_date is not null and not is_tombstone) placed
      where place % $1 = 0
      order by 1`,
    [Math.max(1, Math.ceil(partRows))],
  );
  return found.rows.map((row) => row.bound);
}

/**
 * Compares what a sweep brought with the mirror as it stood when the sweep began: makes the table of accounts that came and the table of
 * differences, and counts. Reads and writes the sweep's working tables alone (hash joins; they spill to disk, not into memory).
 * An account that came more than once counts with its latest modifyDate: it moved from one request to the next while the sweep went on.
 */
import type { Queryable } from './connection.ts';
import type { SweepTables } from './make-sweep-tables.ts';

/** What of the mirror is judged: a stretch of modifyDate, and whether contacts without one are in it. */
export type SweepScope = {
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** One request without bounds was made, so that even contacts without a modifyDate must have come. */
  readonly withUndated: boolean;
};

/** mirrorRows = present + absent + notJudged, each counted by itself. */
export type SweepComparison = {
  readonly accounts: number;
  readonly mirrorRows: number;
  readonly present: number;
  readonly absent: number;
  readonly notJudged: number;
};

/** How many contacts of a window the sweep missed. */
export async function countAbsentIn(
  db: Queryable,
  tables: SweepTables,
  window: { readonly startsAt: Date | undefined; readonly endsAt: Date | undefined },
): Promise<number> {
  const counted = await db.query<{ count: number }>(
    `select count(*)::int as "count"
       from ${tables.differing}
      where is_absent and was >= coalesce($1::timestamptz, '-infinity') and was <= coalesce($2::timestamptz, 'infinity')`,
    [window.startsAt ?? null, window.endsAt ?? null],
  );
  return counted.rows[0]?.count ?? 0;
}

const isInScope = `(b.modify_date is null and $1::timestamptz is null and $2::timestamptz is null
        or b.modify_date >= coalesce($1, '-infinity') and b.modify_date <= coalesce($2, 'infinity'))`;

export async function compareSweep(db: Queryable, tables: SweepTables, scope: SweepScope): Promise<SweepComparison> {
  await db.query(
    `create unlogged table ${tables.found} with (autovacuum_enabled = false) as
       select account, max(modify_date) as modify_date from ${tables.rows} group by account`,
  );
  await db.query(`analyze ${tables.found}`);
  await db.query(
    `create unlogged table ${tables.differing} with (autovacuum_enabled = false) as
       select account, b.modify_date as was, f.modify_date as shown, b.merged_at,
              f.account is null as is_absent, coalesce(b.is_tombstone, false) as is_tombstone
         from ${tables.before} b
         full join ${tables.found} f using (account)
        where case when f.account is null then not b.is_tombstone
                   when b.account is null or b.is_tombstone then true
                   else f.modify_date is not null and f.modify_date is distinct from b.modify_date end`,
  );
  const bounds = [scope.startsAt ?? null, scope.endsAt ?? null];
  // The full join cannot know which part of the mirror was asked for.
  await db.query(
    `delete from ${tables.differing}
      where is_absent
        and (was is null and $3 or was >= coalesce($1, '-infinity'::timestamptz) and was <= coalesce($2, 'infinity'::timestamptz)) is not true`,
    [...bounds, scope.withUndated],
  );
  await db.query(`analyze ${tables.differing}`);
  const counted = await db.query<SweepComparison>(
    `select (select count(*)::int from ${tables.found}) as "accounts",
            (count(*))::int as "mirrorRows",
            (count(*) filter (where is_judged and is_found))::int as "present",
            (select count(*)::int from ${tables.differing} where is_absent) as "absent",
            (count(*) filter (where not is_judged))::int as "notJudged"
       from (select b.modify_date is not null or $3 as is_judged, f.account is not null as is_found
               from ${tables.before} b
               left join ${tables.found} f using (account)
              where not b.is_tombstone and ${isInScope}) compared`,
    [...bounds, scope.withUndated],
  );
  return counted.rows[0]!;
}

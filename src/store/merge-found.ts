/**
 * Finds, once, how the stage differs from the mirror: a narrow temporary table with the places (ctid) of both rows, so that history, update and
 * insert need not compare again. Places hold because the merge's lock is held and nobody but the holder writes the tenant's rows; who
 * writes all the same makes the numbers of written rows differ, and the merge is rolled back.
 * Index: the key of mirror.contacts, or a hash of the stage when it is large beside the mirror; the planner's statistics of both are fresh.
 */
import type { Queryable } from './connection.ts';
import { listColumns } from './merge-columns.ts';
import type { MergeInput } from './merge-frame.ts';

export type Found = {
  readonly added: number;
  readonly changed: number;
  /** Differ, but the mirror has them newer: they stay as they are. */
  readonly older: number;
  /** When the youngest of the rows that change was merged. */
  readonly youngest: Date | null;
};

/**
 * A time that the client's clocks tell twice is read as the later one, so it says nothing about what is older. Nor does a day alone, which is
 * read as its midnight, of anything on that day.
 */
const isOlder = `(not $2 and m.tombstoned_at is null and s.modify_date < m.modify_date
        and m.modify_date at time zone $3 <> (m.modify_date - interval '1 hour') at time zone $3
        and s.modify_date at time zone $3 <> date_trunc('day', m.modify_date at time zone $3))`;

/** Makes `pg_temp.found` for the rest of the transaction. */
export async function findDifferences(client: Queryable, input: MergeInput): Promise<Found> {
  // Created as a query, because only so may Postgres read with several processes.
  await client.query(
    `create temporary table found on commit drop as
     select s.ctid as staged_at, m.ctid as held_at, m.merged_at as held_since,
            ${isOlder} is true or ($4 and m.tombstoned_at is not null) as is_older,
            case when m.modify_date is distinct from s.modify_date then 'pull' else 'unknown' end as changed_by,
            null::text[] as pushed_fields
       from ${input.stage.table} s
       left join mirror.contacts m on m.tenant = $1 and m.account = s.account
      where m.account is null or m.tombstoned_at is not null
         or (${listColumns('m.')}) is distinct from (${listColumns('s.')})`,
    [input.tenant, input.isRepair, input.timeZone, input.isReplay === true],
  );
  await client.query('analyze pg_temp.found');
  const counted = await client.query<Found>(
    `select (count(*) filter (where held_at is null))::int as "added",
            (count(*) filter (where held_at is not null and not is_older))::int as "changed",
            (count(*) filter (where is_older))::int as "older",
            max(held_since) as "youngest"
       from pg_temp.found`,
  );
  return counted.rows[0]!;
}

/**
 * How many usable rows a system of record gave when it was last read: the yardstick for one that suddenly is small. A reading that was
 * itself held for being small is none, unless a person approved it; else the second plan from half a file would pass.
 * Index: change_sets_by_tenant.
 */
import type { Queryable } from './connection.ts';

/** Usable rows of the last reading that counts; undefined when there is none. */
export async function selectPreviousReading(
  db: Queryable,
  tenant: string,
  systemOfRecord: string,
): Promise<number | undefined> {
  const found = await db.query<{ accepted: number }>(
    `select (s.counts ->> 'accepted')::float8 as accepted
       from sync.change_sets s
      where s.tenant = $1 and s.system_of_record = $2 and s.counts ->> 'accepted' is not null
        and (not s.holds @? '$[*] ? (@.guard == "empty" || @.guard == "minSourcePercent")'
             or exists (select from sync.approvals a where a.change_set_id = s.id and a.seal = s.seal))
      order by s.created_at desc limit 1`,
    [tenant, systemOfRecord],
  );
  return found.rows[0]?.accepted;
}

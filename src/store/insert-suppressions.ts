/**
 * Starts the clock of the stops that a plan holds, and ends it for those that it holds no more. A stop is a lasting block that is set, or a
 * consent that is taken back, in a patch that leaves with the blocks; blocks that come with a new contact or a new number are none,
 * because nobody could be dialled there before. Called in the transaction that stores the plan: a plan that is there has its clock.
 * What would surprise: whoever was stopped before and is open again in LiveVox is asked for anew, although the row of the system of record is old.
 * Locks: the tenant's stops (advisory), to the end of the transaction. Reads the plan by patches_by_account, the reading's keys as a whole when a stop is new.
 */
import type { PoolClient } from 'pg';
import { markOpenSuppressions, stopFieldArrays } from './mark-suppressions.ts';

export type SuppressionCounts = {
  /** Stops that the plan holds. */
  readonly planned: number;
  /** Open ones of earlier plans that ended without being seen. */
  readonly ended: number;
};

type Plan = {
  readonly systemOfRecord: string;
  readonly isUrgent: boolean;
  /** The comparison whose reading the plan was made from; null when it is gone, or there was none. */
  readonly comparisonId: string | null;
};

/** Notes the stops of a plan that has been stored and sealed. Repeatable. */
export async function insertSuppressions(
  client: PoolClient,
  input: { readonly tenant: string; readonly changeSetId: string },
): Promise<SuppressionCounts> {
  const { tenant, changeSetId } = input;
  // What became of the stops under the plan before is noted first: from here on they belong to this one.
  await markOpenSuppressions(client, tenant);
  const found = await client.query<Plan>(
    `select h.system_of_record as "systemOfRecord", h.urgent or h.reverts is not null as "isUrgent",
            (select c.id::text from sync.comparisons c
              where c.tenant = h.tenant and c.system_of_record = h.system_of_record and c.desired_run_id = h.run_id
                and to_regclass('sync.desired_' || c.id) is not null
                and to_regclass('sync.desired_' || c.id || '_keys') is not null) as "comparisonId"
       from sync.change_sets h where h.id = $2 and h.tenant = $1`,
    [tenant, changeSetId],
  );
  const plan = found.rows[0];
  if (plan === undefined) return { planned: 0, ended: 0 };
  const planned = await findPlanned(client, changeSetId);
  if (planned > 0) await insertPlanned(client, plan, input);
  // Only a plan of all that the system of record wants can tell what it wants no more.
  const ended = plan.isUrgent || plan.comparisonId === null ? 0 : await endUnplanned(client, plan, input);
  await client.query('drop table pg_temp.planned_stops');
  return { planned, ended };
}

/** Makes `pg_temp.planned_stops`; a table, because Postgres has to know how few they are before it looks them up. */
async function findPlanned(client: PoolClient, changeSetId: string): Promise<number> {
  await client.query(
    `create temporary table planned_stops (account text, field text, kind text, asker text) on commit drop`,
  );
  const inserted = await client.query(
    `insert into pg_temp.planned_stops
     select distinct on (p.account, e.field) p.account, e.field, f.kind, coalesce(p.causes -> e.field ->> 'account', p.account)
       from sync.patches p
      cross join lateral jsonb_each(p.changes) as e (field, step)
       join unnest($2::text[], $3::text[], $4::text[], $5::text[]) as f (field, column_name, kind, stopped) on f.field = e.field
      where p.change_set_id = $1 and p.operation = 'block'
        and e.step ->> 1 = f.stopped and e.step ->> 0 is distinct from f.stopped`,
    [changeSetId, ...stopFieldArrays],
  );
  await client.query('create index on pg_temp.planned_stops (account, field)');
  await client.query('analyze pg_temp.planned_stops');
  return inserted.rowCount ?? 0;
}

/**
 * Begins a clock for each new stop, and notes the plan with those that are open. A time of the system of record counts when it lies before the
 * plan and after the stop was last seen in LiveVox: an older one was answered then.
 */
async function insertPlanned(
  client: PoolClient,
  { comparisonId }: Plan,
  { tenant, changeSetId }: { readonly tenant: string; readonly changeSetId: string },
): Promise<void> {
  const asked =
    comparisonId === null
      ? `select null::text as account, null::timestamptz as changed_at where false`
      : `select k.account, min(d.changed_at) as changed_at
           from (select distinct asker from pg_temp.planned_stops) n
           join sync.desired_${Number(comparisonId)}_keys k on k.account = n.asker
           join sync.desired_${Number(comparisonId)} d on d.ctid = k.place
          group by k.account`;
  await client.query(
    `with asked as (${asked}), seen as (
       select n.account, n.field, max(s.verified_at) as at
         from pg_temp.planned_stops n
         join sync.suppressions s on s.tenant = $1 and s.account = n.account and s.field = n.field
        where s.verified_at is not null
        group by n.account, n.field
     )
     insert into sync.suppressions (tenant, account, field, kind, asked_at, asked_from, planned_at, change_set_id)
     select $1, n.account, n.field, n.kind,
            case when t.is_said then least(a.changed_at, h.created_at) else h.created_at end,
            case when t.is_said then 'record' else 'first_seen' end,
            coalesce(h.sealed_at, h.created_at), h.id
       from pg_temp.planned_stops n
       join sync.change_sets h on h.id = $2
       left join asked a on a.account = n.asker
       left join seen v on v.account = n.account and v.field = n.field
      cross join lateral (select a.changed_at is not null and (v.at is null or a.changed_at > v.at) as is_said) t
      where not exists (select from sync.suppressions o
                         where o.tenant = $1 and o.account = n.account and o.field = n.field and o.change_set_id = $2
                           and (o.verified_at is not null or o.ended_at is not null))
     on conflict (tenant, account, field) where verified_at is null and ended_at is null
     do update set change_set_id = excluded.change_set_id`,
    [tenant, changeSetId],
  );
}

/**
 * Ends the open stops of this system of record that the plan does not hold, when it is sure that nobody asks for them: LiveVox has no such contact,
 * the contact's own row is there and does not ask, or a complete reading lacks the contact. A row that cannot be used proves nothing.
 */
async function endUnplanned(
  client: PoolClient,
  plan: Plan,
  { tenant, changeSetId }: { readonly tenant: string; readonly changeSetId: string },
): Promise<number> {
  const unplanned = await findUnplanned(client, tenant, plan.systemOfRecord);
  const ended = unplanned === 0 ? 0 : await endUnasked(client, plan, changeSetId);
  await client.query('drop table pg_temp.unplanned_stops');
  return ended;
}

/** Of the unplanned stops; reads the keys of the reading as a whole. */
async function endUnasked(client: PoolClient, { comparisonId }: Plan, changeSetId: string): Promise<number> {
  const ended = await client.query(
    `with read as (
       select k.account, bool_or(not k.restricts_only and not k.is_added) as is_usable, bool_and(k.is_added) as is_added
         from sync.desired_${Number(comparisonId)}_keys k
        where k.account in (select account from pg_temp.unplanned_stops)
        group by k.account
     ), judged as (
       select u.id, u.is_gone, coalesce(r.is_usable, false) as is_unasked,
              coalesce(r.is_added, true) and h.policy ->> 'isComplete' = 'true' and h.counts ->> 'unnamed' = '0' as is_lost
         from pg_temp.unplanned_stops u
         join sync.change_sets h on h.id = $1
         left join read r on r.account = u.account
     )
     update sync.suppressions s
        set ended_at = clock_timestamp(),
            ended_because = case when j.is_gone then 'LiveVox no longer has the contact'
                                 when j.is_lost then 'the system of record no longer has the contact'
                                 else 'no longer asked for' end
       from judged j
      where s.id = j.id and (j.is_gone or j.is_unasked or j.is_lost)`,
    [changeSetId],
  );
  return ended.rowCount ?? 0;
}

/** Makes `pg_temp.unplanned_stops`: open ones that the plan does not hold. */
async function findUnplanned(client: PoolClient, tenant: string, systemOfRecord: string): Promise<number> {
  await client.query(
    `create temporary table unplanned_stops (id bigint, account text, is_gone boolean) on commit drop`,
  );
  const found = await client.query(
    `insert into pg_temp.unplanned_stops
     select s.id, s.account,
            not exists (select from mirror.contacts m where m.tenant = $1 and m.account = s.account and m.tombstoned_at is null)
       from sync.suppressions s
      where s.tenant = $1 and s.verified_at is null and s.ended_at is null
        and coalesce((select h.system_of_record from sync.change_sets h where h.id = s.change_set_id), $2) = $2
        and not exists (select from pg_temp.planned_stops n where n.account = s.account and n.field = s.field)`,
    [tenant, systemOfRecord],
  );
  await client.query('analyze pg_temp.unplanned_stops');
  return found.rowCount ?? 0;
}

/**
 * A plan in counts: per operation and endpoint, per field, per hazard. They add up: the patches of all operations are the plan's patches, the changes
 * and inexpressible differences of all fields are its changed fields. Reads the plan's patches once for each kind of count.
 */
import type { Endpoint } from '../contact/index.ts';
import type { Queryable } from './connection.ts';
import { countPatches, type PatchTotals, type StoredPatch } from './select-patches.ts';

export type PlanTotals = PatchTotals & {
  /** In the order of sending. */
  readonly operations: readonly OperationTotal[];
  /** The field that most contacts change first. */
  readonly fields: readonly FieldTotal[];
  /** The commonest first. */
  readonly hazards: readonly HazardTotal[];
};

type OperationTotal = {
  readonly operation: StoredPatch['operation'];
  /** Null where no request can carry it. */
  readonly endpoint: Endpoint | null;
  readonly patches: number;
  readonly contacts: number;
};

type FieldTotal = {
  readonly field: string;
  /** Contacts whose field a request would change. */
  readonly contacts: number;
  /** The same in patches: a contact's field may change in two steps. */
  readonly changes: number;
  /** Differences that no request can carry. */
  readonly notExpressible: number;
};

type HazardTotal = { readonly hazard: string; readonly patches: number; readonly contacts: number };

export async function selectPlanTotals(db: Queryable, changeSetId: string): Promise<PlanTotals> {
  return {
    ...(await countPatches(db, { changeSetId })),
    operations: await selectPlanOperations(db, changeSetId),
    fields: await selectFields(db, changeSetId),
    hazards: await selectHazards(db, changeSetId),
  };
}

/** What would be sent, by operation and endpoint: they never share a request. */
async function selectPlanOperations(db: Queryable, changeSetId: string): Promise<readonly OperationTotal[]> {
  const found = await db.query<OperationTotal>(
    `select operation, endpoint, count(*)::int as "patches", count(distinct account)::int as "contacts"
       from sync.patches
      where change_set_id = $1
      group by operation, endpoint
      order by array_position(array['block', 'create', 'update', 'deactivate', 'delete', 'lift', 'not_expressible'], operation), endpoint`,
    [changeSetId],
  );
  return found.rows;
}

/** A patch that changes no field takes the account away, as it is listed. */
const changedKeys = `case when p.changes = '{}' then '{"account": null}' else p.changes end`;

/** Few contacts have several patches: only of those the contacts are told apart, everywhere else a patch is a contact. */
async function selectFields(db: Queryable, changeSetId: string): Promise<readonly FieldTotal[]> {
  const found = await db.query<FieldTotal>(
    `with several as materialized (
       select account from sync.patches
        where change_set_id = $1 and operation <> 'not_expressible' group by account having count(*) > 1
     ), again as (
       select field, sum(times - 1) as more
         from (select k.field, count(*) as times
                 from several s
                 join sync.patches p on p.change_set_id = $1 and p.account = s.account and p.operation <> 'not_expressible'
                cross join lateral jsonb_object_keys(${changedKeys}) as k (field)
                group by k.field, p.account) t
        group by field
     ), counted as (
       select k.field, count(*) filter (where p.operation <> 'not_expressible') as changes,
              count(*) filter (where p.operation = 'not_expressible') as "notExpressible"
         from sync.patches p cross join lateral jsonb_object_keys(${changedKeys}) as k (field)
        where p.change_set_id = $1
        group by k.field
     )
     select c.field, (c.changes - coalesce(a.more, 0))::int as "contacts", c.changes::int as "changes", c."notExpressible"::int
       from counted c left join again a on a.field = c.field
      order by 2 desc, c.field collate "C"`,
    [changeSetId],
  );
  return found.rows;
}

async function selectHazards(db: Queryable, changeSetId: string): Promise<readonly HazardTotal[]> {
  const found = await db.query<HazardTotal>(
    `select h.hazard, count(*)::int as "patches", count(distinct p.account)::int as "contacts"
       from sync.patches p cross join lateral unnest(p.hazards) as h (hazard)
      where p.change_set_id = $1
      group by h.hazard
      order by 2 desc, h.hazard collate "C"`,
    [changeSetId],
  );
  return found.rows;
}

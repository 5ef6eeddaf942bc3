/**
 * Erases one contact from every table, in one transaction together with the audit's entry. What only exists because of the contact is deleted;
 * what belongs to a history that must add up (patches of settled plans, clocks of stops, drift) stays without values, under a name that the
 * receipt alone connects with the person. Open plans with the contact are superseded, because their seal no longer holds.
 * Locks: the rows; scans the tenant's patches for causes that name the contact. Table names come from the catalogue, never from data.
 */

import { clearDeadSweeps } from './clear-dead-sweeps.ts';
import { type Queryable, type Store, withTransaction } from './connection.ts';
import { dropDeadStages } from './drop-dead-stages.ts';
import { insertAudit } from './insert-audit.ts';

export type Erasure = {
  readonly tenant: string;
  readonly account: string;
  /** Id of the receipt, a uuid. */
  readonly receipt: string;
  readonly by: string;
  readonly reason: string;
};

/** Place → rows deleted, or emptied of what they said; places without any are left out. */
export type ErasedRows = Readonly<Record<string, number>>;

const namesAccount = (causes: string): string =>
  `exists (select from jsonb_each(${causes}) e where e.value ->> 'account' = $2)`;

const withoutAccount = (causes: string): string =>
  `(select jsonb_object_agg(e.key, case when e.value ->> 'account' = $2 then jsonb_set(e.value, '{account}', to_jsonb($3::text)) else e.value end) from jsonb_each(${causes}) e)`;

const ofTenant = `change_set_id in (select id from sync.change_sets where tenant = $1)`;

/** In order; $1 is the tenant, $2 the account, $3 the name that takes its place. */
const erasures: readonly [place: string, sql: string][] = [
  ['mirror.contacts', `delete from mirror.contacts where tenant = $1 and account = $2`],
  ['mirror.contact_versions', `delete from mirror.contact_versions where tenant = $1 and account = $2`],
  ['mirror.contact_notes', `delete from mirror.contact_notes where tenant = $1 and account = $2`],
  ['mirror.associated_accounts', `delete from mirror.associated_accounts where tenant = $1 and account = $2`],
  ['sync.reference_backlog', `delete from sync.reference_backlog where tenant = $1 and account = $2`],
  ['sync.touched_contacts', `delete from sync.touched_contacts where tenant = $1 and account = $2`],
  ['sync.absences', `delete from sync.absences where tenant = $1 and account = $2`],
  ['sync.drift', `update sync.drift set account = $3 where tenant = $1 and account = $2`],
  // What is left of a request without anybody would be a request for nobody.
  ['sync.reconciles', `delete from sync.reconciles where tenant = $1 and accounts <@ array[$2]`],
  [
    'sync.reconciles',
    `update sync.reconciles set accounts = array_remove(accounts, $2) where tenant = $1 and accounts @> array[$2]`,
  ],
  ['sync.dead_letters', `delete from sync.dead_letters where tenant = $1 and account = $2`],
  ['sync.suppressions', `update sync.suppressions set account = $3 where tenant = $1 and account = $2`],
  ['sync.unreverted', `update sync.unreverted set account = $3 where ${ofTenant} and account = $2`],
  [
    // A row whose account could not be read: where it stands in the raw text as a word of its own.
    'sync.quarantine',
    `delete from sync.quarantine
      where tenant = $1 and (account = $2 or account is null and regexp_split_to_array(raw, '[^[:alnum:]_.-]+') @> array[$2])`,
  ],
  [
    'sync.chunks',
    // Of every request of those plans: a refusal may quote any of its rows, and rows change their chunk when it is split.
    `update sync.chunks c set message = null
      where c.message is not null and c.${ofTenant}
        and exists (select from sync.patches p where p.change_set_id = c.change_set_id and p.account = $2)`,
  ],
  [
    'sync.change_sets',
    `update sync.change_sets s set state = 'superseded', ended_at = clock_timestamp()
      where s.tenant = $1 and s.state in ('planned', 'held', 'approved')
        and exists (select from sync.patches p where p.change_set_id = s.id and (p.account = $2 or ${namesAccount('p.causes')}))`,
  ],
  [
    // The numbers that a settled block was asked for, where it reached the contact; while an older plan is open they keep it from bringing them.
    'sync.change_sets',
    `update sync.change_sets s set stopped_numbers = '{}'
      where s.tenant = $1 and s.stopped_numbers <> '{}' and s.state in ('proven', 'not_proven', 'superseded', 'expired')
        and exists (select from sync.patches p where p.change_set_id = s.id and p.account = $2)
        and not exists (select from sync.change_sets o where o.tenant = $1 and o.created_at < s.created_at
                          and o.state in ('planned', 'held', 'approved', 'pushing', 'pushed'))`,
  ],
  [
    'sync.patches',
    `update sync.patches
        set account = case when account = $2 then $3 else account end,
            lv_account_id = case when account = $2 then null else lv_account_id end,
            changes = case when account = $2 then '{}' else changes end,
            sends = case when account = $2 then '{}' else sends end,
            causes = case when account = $2 then null else ${withoutAccount('causes')} end
      where ${ofTenant} and (account = $2 or ${namesAccount('causes')})`,
  ],
];

/** Erases, and notes it in the audit without the account. The caller holds the tenant's lock. */
export async function eraseContact(store: Store, erasure: Erasure): Promise<ErasedRows> {
  const { tenant, account, receipt, by, reason } = erasure;
  await dropWorkingTables(store.pool, tenant, receipt);
  return withTransaction(store, async (client) => {
    const erased: Record<string, number> = {};
    for (const [place, sql] of erasures) {
      const values = [tenant, account, `forgotten-${receipt}`];
      // Postgres refuses a value that its statement does not name.
      const { rowCount } = await client.query(sql, sql.includes('$3') ? values : values.slice(0, 2));
      if ((rowCount ?? 0) > 0) erased[place] = (erased[place] ?? 0) + (rowCount ?? 0);
    }
    const compared = await eraseFromComparisons(client, tenant, account);
    if (compared > 0) erased['sync.comparisons'] = compared;
    const total = Object.values(erased).reduce((sum, rows) => sum + rows, 0);
    const detail = `receipt ${receipt}: ${total} rows; ${reason}`;
    await insertAudit(client, { tenant, actor: by, action: 'forgotten', detail });
    return erased;
  });
}

/** Stages and tables of sweeps: whatever left them is dead, because the caller holds the lock. */
async function dropWorkingTables(db: Queryable, tenant: string, noRun: string): Promise<void> {
  await dropDeadStages(db, { tenant, runId: noRun });
  await clearDeadSweeps(db, { tenant, runId: noRun });
}

/** Both sides of every comparison of the tenant; raw rows go by line. */
async function eraseFromComparisons(client: Queryable, tenant: string, account: string): Promise<number> {
  const tables = await client.query<{ name: string; side: 'account' | 'raw' | 'causes' }>(
    `select t.oid::regclass::text as name,
            case when t.relname ~ '_raw$' then 'raw' when exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'causes') then 'causes' else 'account' end as side
       from sync.comparisons c
       join pg_class t on t.relname ~ ('^(compared|desired)_' || c.id || '(_[a-z]+)?$')
      where c.tenant = $1 and t.relnamespace = 'sync'::regnamespace and t.relkind = 'r'
      order by t.relname ~ '_raw$' desc`,
    [tenant],
  );
  let erased = 0;
  for (const { name, side } of tables.rows) erased += await eraseFrom(client, name, side, account);
  return erased;
}

async function eraseFrom(client: Queryable, table: string, side: string, account: string): Promise<number> {
  if (side === 'raw') {
    const desired = table.replace(/_raw$/, '');
    const sql = `delete from ${table} where line in (select line from ${desired} where account = $1)`;
    return (await client.query(sql, [account])).rowCount ?? 0;
  }
  const deleted = await client.query(`delete from ${table} where account = $1`, [account]);
  if (side === 'account') return deleted.rowCount ?? 0;
  const emptied = await client.query(
    `update ${table} set causes = null where exists (select from jsonb_each(causes) e where e.value ->> 'account' = $1)`,
    [account],
  );
  return (deleted.rowCount ?? 0) + (emptied.rowCount ?? 0);
}

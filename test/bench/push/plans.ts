/**
 * Made-up plans, written by SQL and sealed as a real one: of five patches three update a contact of the sandbox, one creates a contact, one
 * blocks one. Their mirror rows are there, so that nothing is left out.
 */
import {
  insertChangeSet,
  markChangeSetPlanned,
  markRunEnded,
  openRun,
  type Store,
  selectSeal,
} from '../../../src/store/index.ts';

export type Plan = { readonly tenant: string; readonly changeSetId: string };

export type PlanInput = {
  readonly tenant: string;
  /** Patches; a multiple of five. */
  readonly rows: number;
  /** The contacts of the sandbox from this one on are this tenant's. */
  readonly firstContact: number;
  /** Begins the accounts of new contacts, so that no two runs create the same. */
  readonly prefix: string;
};

export const endpoints = ['multi_dnd', 'bulk_create', 'bulk_update'] as const;
export type BulkEndpoint = (typeof endpoints)[number];

const shares: Readonly<Record<BulkEndpoint, number>> = { multi_dnd: 0.2, bulk_create: 0.2, bulk_update: 0.6 };

/** Patches of a plan that go by one method. */
export function toRows(endpoint: BulkEndpoint, rows: number): number {
  return Math.round(rows * shares[endpoint]);
}

const account = (first: number): string => `'A' || lpad((${first} + i)::text, 7, '0')`;

export async function makePlan(store: Store, input: PlanInput): Promise<Plan> {
  const { tenant, rows, firstContact } = input;
  await store.pool.query(toMirrorSql(rows, firstContact), [tenant]);
  const runId = await openRun(store, { tenant, kind: 'plan', startedFrom: 'command' });
  const changeSetId = await insertChangeSet(store.pool, { tenant, runId, systemOfRecord: 'bench' });
  await store.pool.query(toPatchesSql(input), [changeSetId]);
  await store.pool.query('analyze mirror.contacts, sync.patches');
  await markChangeSetPlanned(store.pool, changeSetId, {
    counts: { patches: rows },
    holds: [],
    policy: {},
    seal: await selectSeal(store, changeSetId),
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  await markRunEnded(store.pool, runId, 'proven', 'planned');
  return { tenant, changeSetId };
}

/** As a first load leaves them. */
function toMirrorSql(rows: number, first: number): string {
  return `
    insert into mirror.contacts (tenant, account, lv_account_id, first_name, last_name, city, balance, phone1, active, modify_date,
                                 first_seen_at, merged_at, merged_by)
    select $1, ${account(first)}, 5000000000 + ${first} + i, 'First' || i % 5000, 'Last' || i % 40000, 'Springfield', 1 + i % 900,
           (2025550000::bigint + i % 9000)::text, true, '2026-01-01', '2026-01-01', '2026-01-01',
           '00000000-0000-0000-0000-000000000000'
      from generate_series(0, ${rows - 1}) as i`;
}

function toPatchesSql({ rows, firstContact, prefix }: PlanInput): string {
  const person = `'firstName', 'Ada' || i % 700, 'lastName', 'Byron' || i % 900, 'city', 'London', 'balance', (1 + i % 9000) || '.25'`;
  const phone = `'phone1', (2025550000::bigint + i % 9000)::text`;
  return `
    insert into sync.patches (change_set_id, seq, account, lv_account_id, operation, endpoint, changes, sends, base_merged_at, hazards, risk)
    select $1, i + 1,
           case i % 5 when 1 then '${prefix}' || i else ${account(firstContact)} end,
           case i % 5 when 1 then null else 5000000000 + ${firstContact} + i end,
           case i % 5 when 0 then 'block' when 1 then 'create' else 'update' end,
           case i % 5 when 0 then 'multi_dnd' when 1 then 'bulk_create' else 'bulk_update' end,
           case i % 5 when 0 then jsonb_build_object('accountBlock', jsonb_build_array('false', 'true'))
                      else jsonb_build_object('firstName', jsonb_build_array(null, 'Ada' || i % 700)) end,
           case i % 5 when 0 then jsonb_build_object('accountBlock', 'PERMANENT')
                      else jsonb_build_object('active', 'true', ${person}, ${phone}) end,
           case i % 5 when 1 then null else '2026-01-01'::timestamptz end,
           '{}', 0
      from generate_series(0, ${rows - 1}) as i`;
}

/**
 * Writes what was found to differ: the mirror's old rows into the history, the new values over them, the new contacts. Each row by its
 * place, never by a scan; the statement repeats tenant and account, so that a place that means another row by now writes nothing.
 * Locks: the rows it writes.
 */
import type { Queryable } from './connection.ts';
import { dataColumns, listColumns } from './merge-columns.ts';
import type { MergeInput } from './merge-frame.ts';
import { touchFound } from './touch-contacts.ts';

export type Written = { readonly added: number; readonly changed: number; readonly versions: number };

const assignments = dataColumns.map((column) => `${column} = s.${column}`).join(', ');
const isChanged = 'f.held_at is not null and not f.is_older';

/** Writes `pg_temp.found`, and counts what was written. */
export async function writeFound(client: Queryable, input: MergeInput, mergedAt: Date): Promise<Written> {
  // Every join here is by place: one fetch a row. For a planner that does not count what lies in memory, a scan of all looks cheaper.
  await client.query(`select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`);
  const versions = await insertVersions(client, input, mergedAt);
  const changed = await updateChanged(client, input, mergedAt);
  const added = await insertAdded(client, input, mergedAt);
  await touchFound(client, input.tenant, input.stage.table);
  return { added, changed, versions };
}

async function insertVersions(client: Queryable, { stage, tenant }: MergeInput, mergedAt: Date): Promise<number> {
  const inserted = await client.query(
    `insert into mirror.contact_versions (tenant, account, ${listColumns()}, first_seen_at, merged_at, merged_by, tombstoned_at,
            known_until, replaced_by, changed_by, pushed_fields)
     select m.tenant, m.account, ${listColumns('m.')}, m.first_seen_at, m.merged_at, m.merged_by, m.tombstoned_at,
            $2, $3, f.changed_by, f.pushed_fields
       from pg_temp.found f
       join mirror.contacts m on m.ctid = f.held_at
      where ${isChanged} and m.tenant = $1`,
    [tenant, mergedAt, stage.runId],
  );
  return inserted.rowCount ?? 0;
}

async function updateChanged(client: Queryable, { stage, tenant }: MergeInput, mergedAt: Date): Promise<number> {
  const updated = await client.query(
    `update mirror.contacts m
        set ${assignments}, merged_at = $2, merged_by = $3, tombstoned_at = null
       from pg_temp.found f
       join ${stage.table} s on s.ctid = f.staged_at
      where ${isChanged} and m.ctid = f.held_at and m.tenant = $1 and m.account = s.account`,
    [tenant, mergedAt, stage.runId],
  );
  return updated.rowCount ?? 0;
}

async function insertAdded(client: Queryable, { stage, tenant }: MergeInput, mergedAt: Date): Promise<number> {
  const inserted = await client.query(
    `insert into mirror.contacts (tenant, account, ${listColumns()}, first_seen_at, merged_at, merged_by)
     select $1, s.account, ${listColumns('s.')}, $2, $2, $3
       from pg_temp.found f
       join ${stage.table} s on s.ctid = f.staged_at
      where f.held_at is null`,
    [tenant, mergedAt, stage.runId],
  );
  return inserted.rowCount ?? 0;
}

/** Notes when a list of reference data was read, or refused by LiveVox. By primary key; locks that row. */
import type { Queryable } from './connection.ts';
import type { ReferenceList } from './select-reference-state.ts';

export async function markListFetched(db: Queryable, tenant: string, list: ReferenceList, at: Date): Promise<void> {
  await db.query(
    `insert into mirror.reference_lists (tenant, list, fetched_at) values ($1, $2, $3)
     on conflict (tenant, list) do update set fetched_at = excluded.fetched_at, refused_at = null`,
    [tenant, list, at],
  );
}

/** What was read before stays, with its age. */
export async function markListRefused(db: Queryable, tenant: string, list: ReferenceList, at: Date): Promise<void> {
  await db.query(
    `insert into mirror.reference_lists (tenant, list, refused_at) values ($1, $2, $3)
     on conflict (tenant, list) do update set refused_at = excluded.refused_at`,
    [tenant, list, at],
  );
}

/**
 * Reads what is known of the client besides its contacts, for mappings: custom fields, groups and agents that LiveVox still has. By primary
 * keys. Read-only. A list that was never read is undefined, which is not the same as an empty one.
 */
import type { Queryable } from './connection.ts';
import type { CustomField } from './merge-custom-fields.ts';
import { selectCustomFields } from './select-custom-fields.ts';

export type KnownLists = {
  readonly customFields: readonly CustomField[];
  readonly groups: readonly { readonly id: number; readonly name: string }[] | undefined;
  readonly agents: readonly { readonly id: number; readonly loginId: string }[] | undefined;
};

type Row = {
  readonly groups: NonNullable<KnownLists['groups']> | null;
  readonly agents: NonNullable<KnownLists['agents']> | null;
};

export async function selectKnownValues(db: Queryable, tenant: string): Promise<KnownLists> {
  const customFields = await selectCustomFields(db, tenant);
  const found = await db.query<Row>(
    `select case when exists (select from mirror.reference_lists l
                               where l.tenant = $1 and l.list = 'contact_groups' and l.fetched_at is not null)
                 then (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) order by g.id), '[]')
                         from mirror.contact_groups g
                        where g.tenant = $1 and g.gone_at is null) end as groups,
            case when exists (select from mirror.reference_lists l
                               where l.tenant = $1 and l.list = 'agents' and l.fetched_at is not null)
                 then (select coalesce(json_agg(json_build_object('id', a.id, 'loginId', a.login_id) order by a.id), '[]')
                         from mirror.agents a
                        where a.tenant = $1 and a.gone_at is null) end as agents`,
    [tenant],
  );
  const { groups, agents } = found.rows[0]!;
  return { customFields, groups: groups ?? undefined, agents: agents ?? undefined };
}

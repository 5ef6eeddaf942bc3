/**
 * What there is to do besides contacts, in one query: whether the tenant's view and lists are due, whether contacts wait to be read.
 * By primary keys; the last merge by coverage_by_tenant. Read-only.
 */
import type { Queryable } from './connection.ts';
import type { CustomField } from './merge-custom-fields.ts';

export type ReferenceList = 'contact_groups' | 'agents' | 'agent_skills';

export type ReferenceState = {
  /** The client's zone as the views know it; null: not yet. */
  readonly timeZone: string | null;
  /** The custom fields as last merged, by name. */
  readonly customFields: readonly Pick<CustomField, 'field' | 'label' | 'dataType'>[];
  /** Fingerprint of the tenant's view; null when there is none. */
  readonly viewSha256: string | null;
  /** When each list was last read, or refused; one that is missing never was. */
  readonly lists: readonly {
    readonly list: ReferenceList;
    readonly fetchedAt: Date | null;
    readonly refusedAt: Date | null;
  }[];
  readonly hasBacklog: boolean;
};

type Row = Omit<ReferenceState, 'lists'> & {
  readonly lists: readonly { list: ReferenceList; fetchedAt: string | null; refusedAt: string | null }[];
};

export async function selectReferenceState(db: Queryable, tenant: string): Promise<ReferenceState> {
  const found = await db.query<Row>(
    `select t.time_zone as "timeZone",
            case when to_regclass('mirror.' || quote_ident(t.contacts_view)) is not null then t.contacts_view_sha256 end as "viewSha256",
            (select coalesce(json_agg(json_build_object('field', f.field, 'label', f.label, 'dataType', f.data_type) order by f.field), '[]')
               from mirror.custom_fields f
              where f.tenant = $1) as "customFields",
            (select coalesce(json_agg(json_build_object('list', l.list, 'fetchedAt', l.fetched_at, 'refusedAt', l.refused_at)), '[]')
               from mirror.reference_lists l
              where l.tenant = $1) as "lists",
            exists (select from sync.reference_backlog b where b.tenant = $1) as "hasBacklog"
       from (select) one
       left join mirror.tenants t on t.tenant = $1`,
    [tenant],
  );
  const row = found.rows[0]!;
  const lists = row.lists.map(({ list, fetchedAt, refusedAt }) => ({
    list,
    fetchedAt: fetchedAt === null ? null : new Date(fetchedAt),
    refusedAt: refusedAt === null ? null : new Date(refusedAt),
  }));
  return { ...row, lists };
}

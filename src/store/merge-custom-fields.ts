/**
 * Brings mirror.custom_fields to what LiveVox lists now: new ones in, changed ones changed, gone ones out. By primary key;
 * locks the tenant's rows. A field that is listed twice counts as it stands last.
 */
import type { Queryable } from './connection.ts';

export type CustomField = {
  /** `COL1` … `COL100`. */
  readonly field: string;
  /** The client's own label; may repeat. */
  readonly label: string;
  /** NUMBER, STRING, DATE, BOOLEAN or LIST. */
  readonly dataType: string;
  /** Allowed values of a LIST. */
  readonly listValues?: readonly string[];
};

export async function mergeCustomFields(
  db: Queryable,
  tenant: string,
  definitions: readonly CustomField[],
  fetchedAt: Date,
): Promise<void> {
  const rows = [...new Map(definitions.map((definition) => [definition.field, definition])).values()];
  const listed = JSON.stringify(rows.map((row) => ({ ...row, listValues: row.listValues ?? null })));
  await db.query(
    `delete from mirror.custom_fields
      where tenant = $1 and field <> all (select l.field from jsonb_to_recordset($2::jsonb) as l (field text))`,
    [tenant, listed],
  );
  await db.query(
    `insert into mirror.custom_fields (tenant, field, label, data_type, list_values, fetched_at)
     select $1, l.field, l.label, l."dataType",
            case when jsonb_typeof(l."listValues") = 'array' then array(select jsonb_array_elements_text(l."listValues")) end, $3
       from jsonb_to_recordset($2::jsonb) as l (field text, label text, "dataType" text, "listValues" jsonb)
     on conflict (tenant, field) do update
        set label = excluded.label, data_type = excluded.data_type, list_values = excluded.list_values,
            fetched_at = excluded.fetched_at`,
    [tenant, listed, fetchedAt],
  );
}

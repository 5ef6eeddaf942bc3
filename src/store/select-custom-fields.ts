/** Reads the client's custom fields as LiveVox last listed them. By primary key. Read-only. */
import { type CustomDataType, customDataTypes } from '../contact/index.ts';
import type { Queryable } from './connection.ts';
import type { CustomField } from './merge-custom-fields.ts';
import type { DataTypes } from './mirror-columns.ts';

type Row = Omit<CustomField, 'listValues'> & { readonly listValues: readonly string[] | null };

export async function selectCustomFields(db: Queryable, tenant: string): Promise<readonly CustomField[]> {
  const found = await db.query<Row>(
    `select field, label, data_type as "dataType", list_values as "listValues" from mirror.custom_fields where tenant = $1 order by field`,
    [tenant],
  );
  return found.rows.map(({ listValues, ...field }) => (listValues === null ? field : { ...field, listValues }));
}

/** The data types of the client's custom fields, by COLn. */
export async function selectDataTypes(db: Queryable, tenant: string): Promise<DataTypes> {
  const fields = await selectCustomFields(db, tenant);
  const isKnown = (type: string): type is CustomDataType => customDataTypes.some((known) => known === type);
  return Object.fromEntries(fields.flatMap(({ field, dataType }) => (isKnown(dataType) ? [[field, dataType]] : [])));
}

/**
 * The accounts of the mirror that a condition holds for, tombstones not among them. Columns come from the field catalogue, values are
 * parameters. A comparison with an empty value does not hold, and its negation does. Reads the tenant's rows of mirror.contacts once.
 */
import type { ContactField } from '../contact/index.ts';
import type { Queryable } from './connection.ts';

export type Condition =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'empty'; readonly field: ContactField }
  | {
      readonly kind: 'compare';
      readonly field: ContactField;
      readonly sign: '=' | '!=' | '<' | '<=' | '>' | '>=';
      /** As text that the field's type takes. */
      readonly value: string;
    };

/** In order; at most `limit`. */
export async function selectAccountsWhere(
  db: Queryable,
  { tenant, condition, limit }: { readonly tenant: string; readonly condition: Condition; readonly limit: number },
): Promise<readonly string[]> {
  const values: unknown[] = [tenant, limit];
  const found = await db.query<{ account: string }>(
    `select m.account
       from mirror.contacts m
      where m.tenant = $1 and m.tombstoned_at is null and (${toSql(condition, values)})
      order by m.account collate "C"
      limit $2`,
    values,
  );
  return found.rows.map(({ account }) => account);
}

/** SQL that is true or false, never null; adds its parameters to `values`. */
function toSql(condition: Condition, values: unknown[]): string {
  switch (condition.kind) {
    case 'all':
      return condition.parts.map((part) => `(${toSql(part, values)})`).join(' and ');
    case 'any':
      return condition.parts.map((part) => `(${toSql(part, values)})`).join(' or ');
    case 'not':
      return `not (${toSql(condition.part, values)})`;
    case 'empty':
      return `m.${condition.field.column} is null`;
    case 'compare': {
      const { field, sign, value } = condition;
      values.push(value);
      // An empty switch is off.
      const column = field.type === 'boolean' ? `coalesce(m.${field.column}, false)` : `m.${field.column}`;
      return `coalesce(${column} ${sign} $${values.length}::text::${sqlTypes[field.type]}, false)`;
    }
  }
}

/** Whole numbers are compared as numbers of any length. */
const sqlTypes: Readonly<Record<ContactField['type'], string>> = {
  text: 'text',
  integer: 'numeric',
  bigint: 'numeric',
  numeric: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
};

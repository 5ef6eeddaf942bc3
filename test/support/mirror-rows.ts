/** The mirror and the sandbox in one spelling, so that a test can hold all 214 fields of a contact against each other. */
import { contactFields, toMirrorCanonical } from '../../src/contact/index.ts';
import type { Store } from '../../src/store/index.ts';

/** Field → canonical value; empty fields are left out, instants end with the second. */
export type MirrorRow = Readonly<Record<string, string>>;

/** Account → values, of one tenant, without tombstones. */
export async function selectMirrorRows(store: Store, tenant = 'acme'): Promise<Map<string, MirrorRow>> {
  const columns = contactFields.map((field) => `${field.column}::text as "${field.name}"`).join(', ');
  const client = await store.pool.connect();
  try {
    await client.query(`set datestyle = 'ISO, MDY'`);
    await client.query(`set timezone = 'UTC'`);
    const found = await client.query<Record<string, string | null>>(
      `select ${columns} from mirror.contacts where tenant = $1 and tombstoned_at is null`,
      [tenant],
    );
    return new Map(found.rows.map((row) => [row['account'] ?? '', toMirrorRow(row)]));
  } finally {
    client.release(true);
  }
}

/** Values as the mirror or the sandbox's admin API show them → one spelling. */
export function toMirrorRow(row: Readonly<Record<string, string | null>>): MirrorRow {
  return Object.fromEntries(
    contactFields.flatMap((field) => {
      const value = toMirrorCanonical(field, row[field.name] ?? null);
      return value === null ? [] : [[field.name, field.type === 'timestamp' ? value.slice(0, 19) : value]];
    }),
  );
}

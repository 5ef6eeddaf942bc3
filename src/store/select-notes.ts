/** The notes of some contacts as the mirror has them, so that only new ones need to be read one by one. By primary key. Read-only. */
import type { Queryable } from './connection.ts';
import type { ReferenceRow } from './reference-tables.ts';

export type MirrorNote = ReferenceRow & { readonly account: string; readonly id: string; readonly note: string };

/** Columns as in `referenceTables.contactNotes`. */
export async function selectNotes(
  db: Queryable,
  tenant: string,
  accounts: readonly string[],
): Promise<readonly MirrorNote[]> {
  const found = await db.query<MirrorNote>(
    `select account, id, note, session_id, transaction_id, create_date, modified_date
       from mirror.contact_notes
      where tenant = $1 and account = any($2)`,
    [tenant, accounts],
  );
  return found.rows;
}

/**
 * Merges what was read of some contacts and takes them off the backlog, in one transaction. By primary keys; locks the rows it writes.
 * Called with the tenant's lock held, so nobody puts a contact back on the backlog meanwhile.
 */
import { type Store, withTransaction } from './connection.ts';
import { mergeReference } from './merge-reference.ts';
import { type ReferenceRow, referenceTables } from './reference-tables.ts';

/** Everything that LiveVox shows of these contacts. */
type RowsOfContacts = { readonly accounts: readonly string[]; readonly rows: readonly ReferenceRow[] };

export type ContactDetails = {
  readonly tenant: string;
  readonly fetchedAt: Date;
  /** Contacts of which nothing more is to be read. */
  readonly doneAccounts: readonly string[];
  /** undefined: notes are not mirrored. */
  readonly notes: RowsOfContacts | undefined;
  /** undefined: associated accounts are not mirrored. */
  readonly associatedAccounts: RowsOfContacts | undefined;
};

export async function mergeContactDetails(store: Store, details: ContactDetails): Promise<void> {
  const { tenant, fetchedAt, doneAccounts, notes, associatedAccounts } = details;
  await withTransaction(store, async (client) => {
    for (const [table, read] of [
      [referenceTables.contactNotes, notes],
      [referenceTables.associatedAccounts, associatedAccounts],
    ] as const) {
      if (read !== undefined) await mergeReference(client, table, { tenant, fetchedAt, ...read });
    }
    await client.query(`delete from sync.reference_backlog where tenant = $1 and account = any($2)`, [
      tenant,
      doneAccounts,
    ]);
  });
}

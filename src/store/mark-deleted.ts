/**
 * Makes tombstones of contacts that we deleted and that LiveVox was seen not to have any more: without that the next plan would find them
 * in the mirror and delete them again. Noted as touched, where comparisons are kept, in the same statement. By the key of mirror.contacts.
 */
import type { Queryable } from './connection.ts';

export async function markDeleted(db: Queryable, tenant: string, accounts: readonly string[]): Promise<void> {
  await db.query(
    `with gone as (
       update mirror.contacts m set tombstoned_at = clock_timestamp()
        where m.tenant = $1 and m.account = any ($2::text[]) and m.tombstoned_at is null
       returning m.account
     )
     insert into sync.touched_contacts (tenant, account)
     select $1, account from gone where exists (select from sync.comparisons where tenant = $1)`,
    [tenant, accounts],
  );
}

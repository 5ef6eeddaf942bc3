/**
 * What the mirror holds of chosen contacts, tombstones included, and when we last wrote to each. Read-only. Index: the key of
 * mirror.contacts, patches_by_account.
 */
import type { CanonicalValue } from '../contact/index.ts';
import type { Store } from './connection.ts';
import { type MirrorColumns, mirrorColumns, toMirrorValues } from './mirror-columns.ts';
import { selectDataTypes } from './select-custom-fields.ts';
import { streamRows } from './stream-rows.ts';

export type StoredHeldContact = {
  /** Canonical values by field; personal data. */
  readonly values: Readonly<Record<string, CanonicalValue>>;
  readonly modifyDate: Date | null;
  readonly isTombstone: boolean;
  /** Our last write, by LiveVox's clock where its answer said, else by ours; null: none. */
  readonly ownWriteAt: Date | null;
};

export type HeldContactsInput = {
  readonly tenant: string;
  readonly accounts: readonly string[];
  /** Decides whether a daily block is still in force. */
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
};

/** Account → contact; those that the mirror does not know are missing. */
export async function selectHeldContacts(
  store: Store,
  { tenant, accounts, now, timeZone }: HeldContactsInput,
): Promise<ReadonlyMap<string, StoredHeldContact>> {
  const dataTypes = await selectDataTypes(store.pool, tenant);
  const batches = streamRows<MirrorColumns>(
    store,
    `select m.account as held_account, m.merged_at::text as held_merged_at, m.modify_date::text as held_modify_date,
            (m.tombstoned_at is not null)::text as held_is_tombstone,
            (select max(coalesce(c.server_date, c.answered_at, c.sent_at))
               from sync.patches p
               join sync.change_sets s on s.id = p.change_set_id and s.tenant = $1
               join sync.chunks c on c.change_set_id = p.change_set_id and c.seq = p.chunk_seq
                                 and c.state in ('sent', 'accepted', 'in_doubt')
              where p.account = m.account)::text as held_own_write_at,
            ${mirrorColumns}
       from mirror.contacts m
      where m.tenant = $1 and m.account = any($2::text[])`,
    [tenant, accounts],
  );
  const held = new Map<string, StoredHeldContact>();
  for await (const rows of batches) {
    for (const row of rows) {
      const mergedAt = new Date(row['held_merged_at'] ?? 0);
      held.set(row['held_account'] ?? '', {
        values: toMirrorValues(row, mergedAt, { now, timeZone, dataTypes }).values,
        modifyDate: toDate(row['held_modify_date']),
        isTombstone: row['held_is_tombstone'] === 'true',
        ownWriteAt: toDate(row['held_own_write_at']),
      });
    }
  }
  return held;
}

function toDate(text: string | null | undefined): Date | null {
  return text == null ? null : new Date(text);
}

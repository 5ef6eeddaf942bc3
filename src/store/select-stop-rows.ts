/**
 * The mirror rows of the contacts that somebody wants blocked: by account, by a number they carry, or both. By the key of mirror.contacts for
 * accounts; a number is looked for in all ten phones of every row, because a person who says stop names a number, and no index has them.
 */
import { contactFields } from '../contact/index.ts';
import type { Candidate } from './compare-desired.ts';
import type { Store } from './connection.ts';
import { type MirrorColumns, mirrorColumns, toMirrorValues } from './mirror-columns.ts';
import { toVersionSql } from './row-version.ts';
import { selectDataTypes } from './select-custom-fields.ts';
import { streamRows } from './stream-rows.ts';

type StopRowsInput = {
  readonly tenant: string;
  readonly accounts: readonly string[];
  /** Ten digits each. */
  readonly numbers: readonly string[];
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
  readonly signal?: AbortSignal;
};

type StopRow = NonNullable<Candidate['mirror']>;

const phoneColumns = contactFields
  .filter((field) => field.ordinal !== undefined && field.type === 'text')
  .map((field) => `m.${field.column}`);

/** The last ten digits of every phone: numbers are compared as the rest of the plan compares them. */
const carriesNumber = `array[${phoneColumns
  .map((column) => `right(regexp_replace(${column}, '\\D', '', 'g'), 10)`)
  .join(', ')}] && $3::text[]`;

/** In the order of accounts; contacts that are gone are not among them. */
export async function* selectStopRows(store: Store, input: StopRowsInput): AsyncGenerator<readonly StopRow[]> {
  const { tenant, accounts, numbers, now, timeZone, signal } = input;
  const reading = { now, timeZone, dataTypes: await selectDataTypes(store.pool, tenant) };
  const isWanted =
    numbers.length > 0 ? `(m.account = any($2::text[]) or ${carriesNumber})` : 'm.account = any($2::text[])';
  const batches = streamRows<MirrorColumns>(
    store,
    `select m.account as mirror_account, m.lv_account_id::text as mirror_lv_account_id, m.merged_at::text as mirror_merged_at,
            ${toVersionSql('m.merged_at')} as mirror_version, m.modify_date::text as mirror_modify_date, ${mirrorColumns}
       from mirror.contacts m
      where m.tenant = $1 and m.tombstoned_at is null and ${isWanted}
      order by m.account collate "C"`,
    numbers.length > 0 ? [tenant, accounts, numbers] : [tenant, accounts],
    { signal },
  );
  for await (const batch of batches) {
    yield batch.map((row): StopRow => {
      const modifyDate = row['mirror_modify_date'];
      return {
        account: row['mirror_account']!,
        lvAccountId: row['mirror_lv_account_id'] ?? undefined,
        mergedAt: row['mirror_version']!,
        modifyDate: modifyDate == null ? null : new Date(modifyDate).toISOString(),
        ...toMirrorValues(row, new Date(row['mirror_merged_at']!), reading),
      };
    });
  }
}

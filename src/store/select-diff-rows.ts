/**
 * Streams each desired contact of a run with its mirror row, in the order of accounts, so that planning is deterministic.
 * Reads one snapshot; indexes: desired_by_account and the key of mirror.contacts. A tombstoned contact counts as absent.
 */
import type { CanonicalValue } from '../contact/index.ts';
import type { Store } from './connection.ts';
import { type MirrorColumns, type MirrorValues, mirrorColumns, toMirrorValues } from './mirror-columns.ts';
import { streamRows } from './stream-rows.ts';

export type DiffRow = {
  readonly desired: { readonly account: string; readonly fields: Readonly<Record<string, CanonicalValue>> };
  /** Only blocks and withdrawn consents count: never a reason to create a contact. */
  readonly restrictsOnly: boolean;
  readonly mirror:
    | (MirrorValues & { readonly account: string; readonly lvAccountId: string | undefined; readonly mergedAt: string })
    | undefined;
};

export type DiffRowsInput = {
  readonly tenant: string;
  readonly runId: string;
  readonly now: Date;
  readonly timeZone: string;
  readonly signal?: AbortSignal;
};

type Selected = Omit<MirrorColumns, 'desired_fields' | 'desired_restricts_only'> & {
  readonly desired_account: string;
  readonly desired_fields: Readonly<Record<string, CanonicalValue>>;
  readonly desired_restricts_only: boolean;
};

export async function* selectDiffRows(store: Store, input: DiffRowsInput): AsyncGenerator<readonly DiffRow[]> {
  const statement = `
    select d.account as desired_account, d.fields as desired_fields, d.restricts_only as desired_restricts_only, m.account as mirror_account,
           m.lv_account_id::text as mirror_lv_account_id, m.merged_at::text as mirror_merged_at, ${mirrorColumns}
      from sync.desired d
      left join mirror.contacts m on m.tenant = $1 and m.account = d.account and m.tombstoned_at is null
     where d.run_id = $2
     order by d.account collate "C"`;
  const batches = streamRows<Selected>(store, statement, [input.tenant, input.runId], { signal: input.signal });
  for await (const batch of batches) yield batch.map((row) => toDiffRow(row, input));
}

function toDiffRow(row: Selected, input: DiffRowsInput): DiffRow {
  const desired = { account: row.desired_account, fields: row.desired_fields };
  const restrictsOnly = row.desired_restricts_only;
  const account = row['mirror_account'];
  const mergedAt = row['mirror_merged_at'];
  if (account == null || mergedAt == null) return { desired, restrictsOnly, mirror: undefined };
  const values = toMirrorValues(row, new Date(mergedAt), input.now, input.timeZone);
  return {
    desired,
    restrictsOnly,
    mirror: { account, mergedAt, lvAccountId: row['mirror_lv_account_id'] ?? undefined, ...values },
  };
}

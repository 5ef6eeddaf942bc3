/** A contact of the mirror as plans are made from it: its select list and what becomes of the row. `m` is the alias of mirror.contacts. */
import type { ContactField } from '../contact/index.ts';
import {
  listMirrorColumns,
  type MirrorColumns,
  type MirrorReading,
  type MirrorValues,
  toMirrorValues,
} from './mirror-columns.ts';
import { toVersionSql } from './row-version.ts';

export type StoredMirrorContact = MirrorValues & {
  readonly account: string;
  readonly lvAccountId: string | undefined;
  /** Version of the row, as toVersionSql spells it. */
  readonly mergedAt: string;
  /** ISO 8601 in UTC; null when LiveVox does not say. */
  readonly modifyDate: string | null;
};

/** The select list, for a row that may be missing. */
export function listMirrorContact(fields: readonly ContactField[]): string {
  return `m.account as mirror_account, m.lv_account_id::text as mirror_lv_account_id, m.merged_at::text as mirror_merged_at,
            ${toVersionSql('m.merged_at')} as mirror_version, m.modify_date::text as mirror_modify_date, ${listMirrorColumns(fields)}`;
}

/** The contact; undefined when the row is missing. */
export function toMirrorContact(
  row: MirrorColumns,
  reading: MirrorReading,
  fields: readonly ContactField[],
): StoredMirrorContact | undefined {
  const account = row['mirror_account'];
  const readAt = row['mirror_merged_at'];
  const mergedAt = row['mirror_version'];
  const modifyDate = row['mirror_modify_date'];
  if (account == null || readAt == null || mergedAt == null) return undefined;
  return {
    account,
    mergedAt,
    lvAccountId: row['mirror_lv_account_id'] ?? undefined,
    modifyDate: modifyDate == null ? null : new Date(modifyDate).toISOString(),
    ...toMirrorValues(row, new Date(readAt), reading, fields),
  };
}

/**
 * What is known of one contact: what the mirror shows, what the last reading of a system of record said, and which of its rows could not be used.
 * Keys of mirror.contacts and sync.comparisons. The readings' tables have no key and sync.quarantine none by account: both are read
 * through, which one question may cost.
 */
import type { CanonicalValue } from '../contact/index.ts';
import type { Queryable, Store } from './connection.ts';
import { type MirrorColumns, mirrorColumns, toMirrorValues } from './mirror-columns.ts';
import { selectDataTypes } from './select-custom-fields.ts';
import type { StoredCause } from './select-patches.ts';
import { streamRows } from './stream-rows.ts';

export type MirrorFacts = {
  readonly lvAccountId: string | null;
  readonly firstSeenAt: string;
  /** Version of the mirror row. */
  readonly mergedAt: string;
  /** When two sweeps had missed it; null while LiveVox shows it. */
  readonly tombstonedAt: string | null;
  /** When LiveVox last changed it, as LiveVox says. */
  readonly modifyDate: string | null;
  /** Field → canonical value; personal data. */
  readonly values: Readonly<Record<string, CanonicalValue>>;
};

export type MirrorFactsInput = {
  readonly tenant: string;
  readonly account: string;
  /** Decides whether a daily block is still in force. */
  readonly now: Date;
  /** IANA zone of the client. */
  readonly timeZone: string;
};

/** What the mirror holds, tombstones included; undefined: nothing. */
export async function selectMirrorFacts(store: Store, input: MirrorFactsInput): Promise<MirrorFacts | undefined> {
  const { tenant, account, now, timeZone } = input;
  const dataTypes = await selectDataTypes(store.pool, tenant);
  const batches = streamRows<MirrorColumns>(
    store,
    `select m.lv_account_id::text as mirror_lv_account_id, m.first_seen_at::text as mirror_first_seen_at, m.merged_at::text as mirror_merged_at,
            m.tombstoned_at::text as mirror_tombstoned_at, m.modify_date::text as mirror_modify_date, ${mirrorColumns}
       from mirror.contacts m
      where m.tenant = $1 and m.account = $2`,
    [tenant, account],
  );
  for await (const [row] of batches) {
    if (row === undefined) break;
    const mergedAt = toIso(row['mirror_merged_at'])!;
    return {
      lvAccountId: row['mirror_lv_account_id'] ?? null,
      firstSeenAt: toIso(row['mirror_first_seen_at'])!,
      mergedAt,
      tombstonedAt: toIso(row['mirror_tombstoned_at']),
      modifyDate: toIso(row['mirror_modify_date']),
      values: toMirrorValues(row, new Date(mergedAt), { now, timeZone, dataTypes }).values,
    };
  }
  return undefined;
}

function toIso(text: string | null | undefined): string | null {
  return text == null ? null : new Date(text).toISOString();
}

/** The last reading of a system of record that is kept. */
export type Reading = {
  readonly runId: string;
  /** Base name of the file, or query. */
  readonly label: string | null;
  /** Usable rows. */
  readonly rows: number | null;
  readonly readAt: string | null;
  /** What it says of the contact; undefined: it has no usable row. */
  readonly contact: ReadContact | undefined;
};

type ReadContact = {
  /** Line of the file, or row of the query, from 1 (digits); null where unknown. */
  readonly line: string | null;
  /** Field → canonical value; null: it says there is none. Personal data. */
  readonly fields: Readonly<Record<string, CanonicalValue>>;
  /** Its own row is in quarantine: only blocks and withdrawn consents count. */
  readonly restrictsOnly: boolean;
  /** When the system of record last changed the row. */
  readonly changedAt: string | null;
  readonly causes: Readonly<Record<string, StoredCause>> | null;
};

/** Undefined: no reading is kept - none was made yet, or a crash of the database took it. */
export async function selectReading(
  db: Queryable,
  { tenant, systemOfRecord, account }: { tenant: string; systemOfRecord: string; account: string },
): Promise<Reading | undefined> {
  const found = await db.query<Omit<Reading, 'contact'> & { readonly table: string | null }>(
    `select desired_run_id as "runId", desired_label as "label", desired_rows::int as "rows",
            to_char(desired_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "readAt",
            to_regclass('sync.desired_' || id)::text as "table"
       from sync.comparisons
      where tenant = $1 and system_of_record = $2 and desired_run_id is not null`,
    [tenant, systemOfRecord],
  );
  const [reading] = found.rows;
  // The table's name comes from the catalogue, quoted where needed.
  if (reading === undefined || reading.table === null) return undefined;
  const { table, ...kept } = reading;
  const read = await db.query<ReadContact & { readonly isFound: boolean }>(
    `select d.line::text as "line", d.fields, d.restricts_only as "restrictsOnly", d.causes, d.account is not null as "isFound",
            to_char(d.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "changedAt"
       from (select exists (select from ${table}) as kept) k
       left join ${table} d on d.account = $1
      where k.kept or $2::int = 0
      limit 1`,
    [account, kept.rows ?? 0],
  );
  const [row] = read.rows;
  if (row === undefined) return undefined;
  const { isFound, ...contact } = row;
  return { ...kept, contact: isFound ? contact : undefined };
}

/** A row of the contact that could not be used. */
export type QuarantinedFact = {
  readonly runId: string;
  readonly origin: 'livevox' | 'system_of_record';
  readonly file: string;
  /** Digits; null where unknown. */
  readonly line: string | null;
  readonly reason: string;
  readonly at: Date;
};

/** The contact's quarantined rows, the latest first. */
export async function selectQuarantinedOf(
  db: Queryable,
  { tenant, account, limit }: { tenant: string; account: string; limit: number },
): Promise<readonly QuarantinedFact[]> {
  const found = await db.query<QuarantinedFact>(
    `select run_id as "runId", origin, file, line::text, reason, quarantined_at as "at"
       from sync.quarantine
      where tenant = $1 and account = $2
      order by id desc
      limit $3`,
    [tenant, account, limit],
  );
  return found.rows;
}

/**
 * What every merge begins and ends with, inside its transaction: the tenant's merge is taken, the rejected rows go to quarantine; custom fields,
 * coverage and the download's state are written last.
 * Locks: the tenant's merge (advisory), held to the end of the transaction. Index: coverage_by_tenant, the key of sync.downloads.
 */
import { RetriableError } from '../errors.ts';
import type { Queryable } from './connection.ts';
import type { Stage } from './make-stage.ts';
import { type CustomField, mergeCustomFields } from './merge-custom-fields.ts';

export type MergeInput = {
  readonly tenant: string;
  /** Of the run; a first load uses its rejected rows alone. */
  readonly stage: Stage;
  /** IANA zone of the client: which times are told twice in autumn. */
  readonly timeZone: string;
  /** Our clock. */
  readonly now: Date;
  /** A full pull, or the repair after a sweep: LiveVox's word counts, whatever the mirror holds. */
  readonly isRepair: boolean;
  /** Bytes that were kept: they say nothing of what is there now, so no tombstone is lifted for them. @default false */
  readonly isReplay?: boolean;
  /** The closed interval that counts as pulled afterwards; undefined: none. */
  readonly covers: { readonly startsAt: Date; readonly endsAt: Date } | undefined;
  readonly serverNow: Date;
  readonly overlapMs: number;
  /** The download: its place in the order of asking, its data rows, its size and hash as received, and what the quarantine calls it. */
  readonly download: {
    /** sync.downloads.id */
    readonly id: string;
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
    readonly file: string;
  };
  readonly customFields: readonly CustomField[];
};

/** rows = added + changed + unchanged + quarantined; `older` are those of `unchanged` that the mirror has newer. */
export type MergeCounts = {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  readonly older: number;
};

/** Takes the tenant's merge; gives the instant of this merge, later than that of any before: plans take it for the version of a row. */
export async function beginMerge(
  client: Queryable,
  input: Pick<MergeInput, 'tenant' | 'now'> & { readonly download: Pick<MergeInput['download'], 'id'> },
): Promise<Date> {
  // Compiling statements with hundreds of columns costs more than it saves; joins and sorts of a whole download need room.
  await client.query(
    `select set_config('jit', 'off', true), set_config('work_mem', '64MB', true),
            pg_advisory_xact_lock(hashtextextended('lvsync merge ' || $1, 0))`,
    [input.tenant],
  );
  const found = await client.query<{ mergedAt: Date; isOvertaken: boolean }>(
    `select greatest($2::timestamptz, max(merged_at) + interval '1 millisecond') as "mergedAt",
            coalesce(max(download_id) > $3::bigint, false) as "isOvertaken"
       from sync.coverage
      where tenant = $1`,
    [input.tenant, input.now, input.download.id],
  );
  const { mergedAt, isOvertaken } = found.rows[0]!;
  if (isOvertaken) {
    throw new RetriableError(
      'A download that was asked for later has been merged, so this one was dropped; pull again.',
    );
  }
  return mergedAt;
}

export async function moveRejected(client: Queryable, { stage, tenant, download }: MergeInput): Promise<number> {
  const moved = await client.query(
    `insert into sync.quarantine (tenant, run_id, origin, file, line, byte_offset, account, reason, raw)
     select $1, $2, 'livevox', $3, r.line, r.byte_offset, r.account, r.reason, r.raw
       from ${stage.rejectedTable} r
      order by r.line`,
    [tenant, stage.runId, download.file],
  );
  return moved.rowCount ?? 0;
}

/** Custom fields, coverage, and the download as merged. @throws RetriableError when the download is not landed any more. */
export async function endMerge(client: Queryable, input: MergeInput, mergedAt: Date): Promise<void> {
  await mergeCustomFields(client, input.tenant, input.customFields, mergedAt);
  await insertCoverage(client, input, mergedAt);
  await markMerged(client, input);
}

async function insertCoverage(client: Queryable, input: MergeInput, mergedAt: Date): Promise<void> {
  const { tenant, stage, covers, serverNow, overlapMs, download } = input;
  if (covers === undefined) return;
  await client.query(
    `insert into sync.coverage (tenant, run_id, starts_at, ends_at, server_now, overlap_ms, rows, bytes, sha256, merged_at, download_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tenant,
      stage.runId,
      covers.startsAt,
      covers.endsAt,
      serverNow,
      overlapMs,
      download.rows,
      download.bytes,
      download.sha256,
      mergedAt,
      download.id,
    ],
  );
}

async function markMerged(client: Queryable, { download }: MergeInput): Promise<void> {
  const marked = await client.query(
    `update sync.downloads set state = 'merged', ended_at = clock_timestamp(), rows = $2 where id = $1 and state = 'landed'`,
    [download.id, download.rows],
  );
  if (marked.rowCount !== 1) {
    throw new RetriableError('The download is not on record as landed any more, so it was not merged; pull again.');
  }
}

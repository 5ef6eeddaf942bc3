/**
 * Puts a download on record before it is asked for: its id is the order of asking, and says which of two downloads is the newer.
 * Appends to sync.downloads; no index is read, nothing is locked.
 */
import type { Queryable } from './connection.ts';

export type DownloadReason = 'gap' | 'new_time' | 'given' | 'full' | 'slice' | 'replay';

export type NewDownload = {
  readonly tenant: string;
  readonly runId: string;
  readonly reason: DownloadReason;
  /** Bounds of modifyDate that are asked for; undefined: none. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** What is covered once it is merged; undefined: nothing. */
  readonly covers: { readonly startsAt: Date; readonly endsAt: Date } | undefined;
  /** LiveVox's clock. */
  readonly serverNow: Date;
  readonly overlapMs: number;
};

/** The id of the download: sync.downloads.id, as text because it may outgrow a number. */
export async function insertDownload(db: Queryable, download: NewDownload): Promise<string> {
  const { tenant, runId, reason, startsAt, endsAt, covers, serverNow, overlapMs } = download;
  const inserted = await db.query<{ id: string }>(
    `insert into sync.downloads (tenant, run_id, reason, starts_at, ends_at, covers_from, covers_until, server_now, overlap_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     returning id::text as id`,
    [tenant, runId, reason, startsAt, endsAt, covers?.startsAt, covers?.endsAt, serverNow, overlapMs],
  );
  return inserted.rows[0]!.id;
}

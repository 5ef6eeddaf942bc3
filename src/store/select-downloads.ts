/**
 * Reads the ledger of downloads: which have no end yet, which keep a file, which were replayed from. Index: downloads_by_tenant, or the
 * tenant's rows are read once (the ledger has some hundred rows a month). Read-only.
 */
import type { Queryable } from './connection.ts';
import type { DownloadReason } from './insert-download.ts';

type DownloadState = 'asked' | 'landed' | 'merged' | 'failed' | 'split' | 'dropped';

export type StoredDownload = {
  readonly id: string;
  readonly runId: string;
  readonly reason: DownloadReason;
  readonly state: DownloadState;
  readonly covers: { readonly startsAt: Date; readonly endsAt: Date } | undefined;
  /** First instant of modifyDate asked for; undefined: no bound. */
  readonly startsAt: Date | undefined;
  readonly serverNow: Date;
  readonly overlapMs: number;
  /** Base name in the spool folder while the bytes are kept. */
  readonly file: string | undefined;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  /** A download that was asked for later has been merged. */
  readonly isOvertaken: boolean;
};

type Row = Omit<StoredDownload, 'covers' | 'startsAt' | 'file' | 'bytes' | 'sha256'> & {
  readonly coversFrom: Date | null;
  readonly coversUntil: Date | null;
  readonly startsAt: Date | null;
  readonly file: string | null;
  readonly bytes: number | null;
  readonly sha256: string | null;
};

const columns = `d.id::text as "id", d.run_id as "runId", d.reason, d.state, d.covers_from as "coversFrom", d.covers_until as "coversUntil",
  d.starts_at as "startsAt", d.server_now as "serverNow", d.overlap_ms::float8 as "overlapMs", d.file, d.bytes::float8 as "bytes", d.sha256,
  exists (select from sync.coverage c where c.tenant = d.tenant and c.download_id > d.id) as "isOvertaken"`;

/** Those that were asked for or have landed, and were not merged; in the order of asking. */
export function selectOpenDownloads(db: Queryable, tenant: string): Promise<readonly StoredDownload[]> {
  return select(db, `d.tenant = $1 and d.state in ('asked', 'landed')`, [tenant]);
}

/** Merged ones whose file is kept though they were merged longer ago than `keepMs`. */
export function selectExpiredDownloads(
  db: Queryable,
  tenant: string,
  keepMs: number,
): Promise<readonly StoredDownload[]> {
  return select(
    db,
    `d.tenant = $1 and d.state = 'merged' and d.file is not null
      and d.ended_at <= clock_timestamp() - make_interval(secs => $2::float8 / 1000)`,
    [tenant, keepMs],
  );
}

/** Those of a run whose bytes are kept, in the order of asking. */
export function selectKeptDownloads(db: Queryable, tenant: string, runId: string): Promise<readonly StoredDownload[]> {
  return select(db, `d.tenant = $1 and d.run_id = $2 and d.state in ('landed', 'merged') and d.file is not null`, [
    tenant,
    runId,
  ]);
}

/** Those that brought these bytes, in the order of asking. */
export function selectDownloadsBySha256(
  db: Queryable,
  tenant: string,
  sha256: string,
): Promise<readonly StoredDownload[]> {
  return select(db, `d.tenant = $1 and d.sha256 = $2`, [tenant, sha256]);
}

/** The ids, of these, whose bytes the ledger still needs: not merged yet, or kept after the merge. Whichever tenant's; by primary key. */
export async function selectNeededDownloads(db: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await db.query<{ id: string }>(
    `select id::text as id
       from sync.downloads
      where id = any($1::bigint[]) and (state in ('asked', 'landed') or (state = 'merged' and file is not null))`,
    [ids],
  );
  return new Set(found.rows.map(({ id }) => id));
}

async function select(
  db: Queryable,
  condition: string,
  values: readonly unknown[],
): Promise<readonly StoredDownload[]> {
  const found = await db.query<Row>(`select ${columns} from sync.downloads d where ${condition} order by d.id`, [
    ...values,
  ]);
  return found.rows.map(({ coversFrom, coversUntil, startsAt, file, bytes, sha256, ...row }) => ({
    ...row,
    covers: coversFrom !== null && coversUntil !== null ? { startsAt: coversFrom, endsAt: coversUntil } : undefined,
    startsAt: startsAt ?? undefined,
    file: file ?? undefined,
    bytes: bytes ?? undefined,
    sha256: sha256 ?? undefined,
  }));
}

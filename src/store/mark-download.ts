/**
 * Moves a download through its states (src/README.md): landed when its bytes are whole on disk, and its end when it is not merged; that
 * it is merged, the merge itself notes. By primary key; locks one row.
 */
import type { Queryable } from './connection.ts';

export type LandedDownload = {
  /** Base name in the spool folder; undefined when the bytes are kept elsewhere. */
  readonly file: string | undefined;
  readonly bytes: number;
  readonly sha256: string;
};

export async function markDownloadLanded(db: Queryable, id: string, landed: LandedDownload): Promise<void> {
  await db.query(
    `update sync.downloads
        set state = 'landed', landed_at = clock_timestamp(), file = $2, bytes = $3, sha256 = $4
      where id = $1 and state = 'asked'`,
    [id, landed.file, landed.bytes, landed.sha256],
  );
}

/** Notes the end of a download that is not merged; one that has ended stays as it is. */
export async function markDownloadEnded(
  db: Queryable,
  id: string,
  state: 'failed' | 'split' | 'dropped',
  message: string,
): Promise<void> {
  await db.query(
    `update sync.downloads
        set state = $2, ended_at = clock_timestamp(), message = $3, file = null
      where id = $1 and state in ('asked', 'landed')`,
    [id, state, message],
  );
}

/** Notes that the bytes are gone. */
export async function markDownloadFileGone(db: Queryable, id: string): Promise<void> {
  await db.query(`update sync.downloads set file = null where id = $1`, [id]);
}

/** The same for every merged download of a tenant that was kept. */
export async function markDownloadFilesGone(db: Queryable, tenant: string): Promise<void> {
  await db.query(`update sync.downloads set file = null where tenant = $1 and state = 'merged' and file is not null`, [
    tenant,
  ]);
}

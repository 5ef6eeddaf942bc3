/**
 * What earlier runs have downloaded and not merged: whole files are loaded now, in the order of asking, instead of being asked for again.
 * Called with the tenant's lock held, so that whoever asked for them is dead.
 */
import { rm } from 'node:fs/promises';
import { toLogReason, toMessage } from '../errors.ts';
import {
  type CustomField,
  markDownloadEnded,
  markDownloadLanded,
  type StoredDownload,
  selectOpenDownloads,
} from '../store/index.ts';
import { toSpoolPath } from './download.ts';
import { FailedDownloadError } from './failed-download.ts';
import type { Landed } from './land.ts';
import { measureFile, toLanding } from './landed-file.ts';
import { isFaultOfFile, loadDownload } from './load.ts';
import type { LoadDeps, LoadInput, PullCounts } from './pull-input.ts';

/** Loads what lies whole on disk and drops the rest from the ledger; gives the counts of each merge. */
export async function loadUnmerged(
  deps: LoadDeps,
  input: LoadInput,
  customFields: readonly CustomField[],
): Promise<readonly PullCounts[]> {
  const merged: PullCounts[] = [];
  for (const download of await selectOpenDownloads(deps.store.pool, input.tenant)) {
    const landed = await findWhole(deps, input, download);
    if (landed === undefined) continue;
    const counts = await loadAgain(deps, input, customFields, download, landed);
    if (counts !== undefined) merged.push(counts);
  }
  return merged;
}

/** The file of a download, if it can be merged still; what cannot is dropped. */
async function findWhole(deps: LoadDeps, input: LoadInput, download: StoredDownload): Promise<Landed | undefined> {
  const path = toSpoolPath(input.spoolFolder, download.runId, download.id);
  const reason = await chooseReasonToDrop(download, path);
  if (typeof reason !== 'string') {
    const { bytes, sha256 } = reason;
    // It was whole, but its process died before it could say so.
    if (download.state === 'asked') {
      await markDownloadLanded(deps.store.pool, download.id, { file: toFileName(download), bytes, sha256 });
    }
    return reason;
  }
  await rm(path, { force: true });
  await markDownloadEnded(deps.store.pool, download.id, 'dropped', reason);
  deps.log.warn('pull.download.dropped', { downloadId: download.id, reason });
  return undefined;
}

function toFileName({ runId, id }: StoredDownload): string {
  return `${runId}-${id}.download`;
}

async function chooseReasonToDrop(download: StoredDownload, path: string): Promise<Landed | string> {
  // The file of a replay is still where it was.
  if (download.reason === 'replay') return 'Its run ended before it was merged.';
  if (download.isOvertaken) return 'A download that was asked for later has been merged.';
  const measured = await measureFile(path).catch(() => undefined);
  if (measured === undefined) {
    return download.state === 'asked' ? 'Its process ended before it had landed.' : 'Its bytes are gone.';
  }
  const { bytes, sha256 } = measured;
  const isSame = download.state === 'asked' || (download.bytes === bytes && download.sha256 === sha256);
  return isSame ? measured : 'Its file is not what had landed.';
}

/** The counts of the merge; undefined when the file turns out to be broken inside: its time is asked for again. */
async function loadAgain(
  deps: LoadDeps,
  input: LoadInput,
  customFields: readonly CustomField[],
  download: StoredDownload,
  landed: Landed,
): Promise<PullCounts | undefined> {
  const { id, startsAt, covers, serverNow, overlapMs, reason } = download;
  deps.log.info('pull.landed.found', { downloadId: id, bytes: landed.bytes });
  try {
    return await loadDownload(deps, input, customFields, {
      id,
      landing: toLanding(landed.path),
      landed: Promise.resolve(landed),
      startsAt,
      covers,
      serverNow,
      overlapMs,
      isRepair: reason === 'full' || reason === 'slice',
      isReplay: false,
      isSpooled: true,
    });
  } catch (error) {
    if (input.signal?.aborted || !isFaultOfFile(error)) throw error;
    await rm(landed.path, { force: true });
    await markDownloadEnded(deps.store.pool, id, 'failed', toMessage(error));
    if (!(error instanceof FailedDownloadError)) throw error;
    deps.log.warn('pull.download.failed', { downloadId: id, reason: toLogReason(error) });
    return undefined;
  }
}

/**
 * Clears away what runs that died in a pull have left: stages in the database, downloads in the spool folder that nobody needs any more,
 * and kept downloads whose time is over. All hold personal data, so they must not lie about. Runs of other tenants that are alive are
 * left alone, and so is what has landed and waits for its merge.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  dropDeadStages,
  type LivingRun,
  markDownloadFileGone,
  type Store,
  selectDeadRuns,
  selectExpiredDownloads,
  selectNeededDownloads,
} from '../store/index.ts';

export type LeftoversDeps = { readonly store: Store; readonly clock: Clock; readonly log: Log };

export type Leftovers = { readonly spoolFolder: string; readonly keepDownloadsMs: number };

/** Another database may share the spool folder: a download of a run unknown here is cleared only when it is this old. */
const maxForeignAgeMs = 24 * 60 * 60 * 1000;

export async function clearLeftovers(deps: LeftoversDeps, run: LivingRun, leftovers: Leftovers): Promise<void> {
  const stages = await dropDeadStages(deps.store.pool, run);
  await removeExpired(deps, run.tenant, leftovers);
  const downloads = await removeDeadDownloads(deps, run, leftovers.spoolFolder);
  if (stages.length + downloads === 0) return;
  deps.log.warn('pull.leftovers.cleared', { stages: stages.length, downloads });
}

/** Merged downloads that were kept long enough. */
async function removeExpired(deps: LeftoversDeps, tenant: string, leftovers: Leftovers): Promise<void> {
  const expired = await selectExpiredDownloads(deps.store.pool, tenant, leftovers.keepDownloadsMs);
  for (const { id, file } of expired) {
    if (file !== undefined) await rm(join(leftovers.spoolFolder, file), { force: true });
    await markDownloadFileGone(deps.store.pool, id);
  }
}

/** `RUN-DOWNLOAD.download`, with `.part` while it is not whole; `RUN.download` before there was a ledger. */
const spoolName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(\d{1,18}))?\.download(\.part)?$/;

type SpoolFile = {
  readonly name: string;
  readonly runId: string;
  /** sync.downloads.id; undefined when the file is not whole, or older than the ledger. */
  readonly wholeId: string | undefined;
};

async function removeDeadDownloads(deps: LeftoversDeps, run: LivingRun, spoolFolder: string): Promise<number> {
  const { pool } = deps.store;
  const found = (await readNames(spoolFolder)).flatMap(toSpoolFile);
  if (found.length === 0) return 0;
  const ids = found.flatMap(({ wholeId }) => wholeId ?? []);
  const needed = await selectNeededDownloads(pool, ids);
  const runIds = found.map(({ runId }) => runId);
  // A run that is begun again has nothing on its way yet.
  const dead = new Set([...(await selectDeadRuns(pool, run, runIds)), run.runId]);
  let removed = 0;
  for (const { name, runId } of found.filter(({ wholeId }) => wholeId === undefined || !needed.has(wholeId))) {
    const path = join(spoolFolder, name);
    if (!dead.has(runId) && (await readAgeMs(path, deps.clock)) < maxForeignAgeMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

function toSpoolFile(name: string): readonly SpoolFile[] {
  const [, runId, id, part] = spoolName.exec(name) ?? [];
  return runId === undefined ? [] : [{ name, runId, wholeId: part === undefined ? id : undefined }];
}

async function readNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // No folder yet: nothing was ever landed.
    return [];
  }
}

/** 0 for a file that has gone meanwhile. */
async function readAgeMs(path: string, clock: Clock): Promise<number> {
  try {
    return clock.now().getTime() - (await stat(join(path))).mtimeMs;
  } catch {
    return 0;
  }
}

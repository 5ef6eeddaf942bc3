/**
 * Clears away what runs that died in a pull have left: stages in the database, downloads in the spool folder. Both hold personal
 * data, so they must not lie about. Runs of other tenants that are alive are left alone.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { dropDeadStages, type LivingRun, type Store, selectDeadRuns } from '../store/index.ts';
import { toSpoolPath } from './land.ts';

export type LeftoversDeps = { readonly store: Store; readonly clock: Clock; readonly log: Log };

/** Another database may share the spool folder: a download of a run unknown here is cleared only when it is this old. */
const maxForeignAgeMs = 24 * 60 * 60 * 1000;

export async function clearLeftovers(deps: LeftoversDeps, run: LivingRun, spoolFolder: string): Promise<void> {
  const stages = await dropDeadStages(deps.store.pool, run);
  const downloads = await removeDeadDownloads(deps, run, spoolFolder);
  if (stages.length + downloads === 0) return;
  deps.log.warn('pull.leftovers.cleared', { stages: stages.length, downloads });
}

async function removeDeadDownloads(deps: LeftoversDeps, run: LivingRun, spoolFolder: string): Promise<number> {
  const found = (await readNames(spoolFolder)).flatMap((name) => /^([0-9a-f-]{36})\.download$/.exec(name)?.[1] ?? []);
  const others = found.filter((id) => id !== run.runId);
  if (others.length === 0) return 0;
  const dead = new Set(await selectDeadRuns(deps.store.pool, run, others));
  let removed = 0;
  for (const id of others) {
    const path = toSpoolPath(spoolFolder, id);
    if (!dead.has(id) && (await readAgeMs(path, deps.clock)) < maxForeignAgeMs) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
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

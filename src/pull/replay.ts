/**
 * Loads a download once more: a file, plain or compressed, or what a run has kept. Touches no network. Time that the download covers
 * counts as pulled only if it was never merged: the ledger knows it by its hash. What the mirror has newer stays.
 * Called with the tenant's lock held.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ConfigError, FatalError, toMessage } from '../errors.ts';
import {
  type CustomField,
  dropStage,
  insertDownload,
  markDownloadEnded,
  markDownloadLanded,
  type StoredDownload,
  selectCustomFields,
  selectDownloadsBySha256,
  selectKeptDownloads,
  selectRun,
  toStage,
} from '../store/index.ts';
import type { Landed } from './land.ts';
import { measureFile, toLanding } from './landed-file.ts';
import { addUp, loadDownload } from './load.ts';
import type { LoadDeps, LoadInput, PullCounts } from './pull-input.ts';

export type ReplayInput = LoadInput & {
  /** Path of a file, or the id of a run. */
  readonly what: string;
};

/** A download to load again, and what the ledger knows of it. */
type Replayable = { readonly path: string; readonly known: StoredDownload | undefined };

const runIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * One replay.
 * @throws ConfigError for a file or run that is not there; FatalError when the run keeps no download, or the columns are not those of a
 *   pull; FailedDownloadError when the file is cut short or damaged
 */
export async function replay(deps: LoadDeps, input: ReplayInput): Promise<PullCounts> {
  const log = deps.log.with({ tenant: input.tenant, runId: input.runId });
  const { pool } = deps.store;
  const replayables = runIdForm.test(input.what)
    ? await findKept(deps, input)
    : [{ path: input.what, known: undefined }];
  const customFields = await selectCustomFields(pool, input.tenant);
  try {
    const counts: PullCounts[] = [];
    for (const replayable of replayables) {
      input.signal?.throwIfAborted();
      counts.push(await replayOne({ ...deps, log }, input, customFields, replayable));
    }
    return addUp(counts);
  } finally {
    // The failure that matters is the replay's own; the next pull clears what is left.
    await dropStage(pool, toStage(input.runId)).catch(() => {});
  }
}

async function findKept(deps: LoadDeps, { tenant, what, spoolFolder }: ReplayInput): Promise<readonly Replayable[]> {
  const run = await selectRun(deps.store.pool, what);
  if (run?.tenant !== tenant)
    throw new ConfigError(`There is no run ${what} of tenant ${tenant}; look at lvsync status.`);
  const kept = await selectKeptDownloads(deps.store.pool, tenant, what);
  if (kept.length === 0) {
    throw new FatalError(
      `Run ${what} has kept no download: pull.keepDownloadsDays says how long they are kept; pull again instead.`,
    );
  }
  return kept.flatMap((known) => (known.file === undefined ? [] : [{ path: join(spoolFolder, known.file), known }]));
}

async function replayOne(
  deps: LoadDeps,
  input: ReplayInput,
  customFields: readonly CustomField[],
  { path, known }: Replayable,
): Promise<PullCounts> {
  const { pool } = deps.store;
  const landed = await measure(path);
  if (known !== undefined && known.sha256 !== landed.sha256) {
    throw new FatalError(`The kept download ${basename(path)} is not what had landed; pull again instead.`);
  }
  const origin = await chooseOrigin(deps, input.tenant, landed, known);
  const { serverNow, overlapMs } = origin ?? { serverNow: deps.clock.now(), overlapMs: 0 };
  const { tenant, runId } = input;
  const endsAt = undefined;
  const { startsAt, covers } = origin ?? { startsAt: undefined, covers: undefined };
  const asked = { tenant, runId, reason: 'replay', startsAt, endsAt, covers, serverNow, overlapMs } as const;
  const id = await insertDownload(pool, asked);
  await markDownloadLanded(pool, id, { file: undefined, bytes: landed.bytes, sha256: landed.sha256 });
  try {
    const loadable = {
      id,
      landing: toLanding(path),
      landed: Promise.resolve(landed),
      startsAt,
      covers,
      serverNow,
      overlapMs,
    };
    const counts = await loadDownload(deps, input, customFields, {
      ...loadable,
      isRepair: false,
      isReplay: true,
      isSpooled: false,
    });
    if (known?.state === 'landed') await dropOriginal(deps, known, path);
    return counts;
  } catch (error) {
    await markDownloadEnded(pool, id, 'failed', toMessage(error)).catch(() => {});
    throw error;
  }
}

async function measure(path: string): Promise<Landed> {
  try {
    return await measureFile(path);
  } catch (error) {
    throw new ConfigError(`${path} cannot be read (${toMessage(error)}); give a file or the id of a run.`);
  }
}

/** The download whose window these bytes are the answer to, unless they were merged before. */
async function chooseOrigin(
  deps: LoadDeps,
  tenant: string,
  landed: Landed,
  known: StoredDownload | undefined,
): Promise<StoredDownload | undefined> {
  if (known !== undefined) return known.state === 'landed' ? known : undefined;
  const same = await selectDownloadsBySha256(deps.store.pool, tenant, landed.sha256);
  return same.some(({ state }) => state === 'merged') ? undefined : same.at(-1);
}

/** What waited for its merge has had it. */
async function dropOriginal(deps: LoadDeps, known: StoredDownload, path: string): Promise<void> {
  await markDownloadEnded(deps.store.pool, known.id, 'dropped', 'It was loaded by a replay.');
  await rm(path, { force: true });
}

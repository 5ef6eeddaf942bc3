/**
 * The pull: brings what LiveVox shows for a window into the mirror. The mirror is touched by one transaction at the end; whatever breaks
 * before, or kills the process, leaves it as it was, and the next pull asks for the same window again.
 * A download that arrives incomplete is thrown away and fetched again. Called with the tenant's lock held.
 */
import { rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { toMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Progress } from '../progress.ts';
import {
  analyzeMirror,
  type CustomField,
  dropStage,
  type MergeCounts,
  mergeStage,
  type Store,
  selectCoverage,
  toStage,
} from '../store/index.ts';
import { type ExtractDeps, extract } from './extract.ts';
import { FailedDownloadError } from './failed-download.ts';
import { land, toSpoolPath } from './land.ts';
import { clearLeftovers } from './leftovers.ts';
import { type Staged, stageDownload } from './stage.ts';
import { chooseWindow, type Window, type WindowChoice } from './window.ts';

export type PullDeps = {
  readonly livevox: ExtractDeps['livevox'] & {
    /** LiveVox's clock, in whole seconds. */
    readonly fetchServerNow: (signal?: AbortSignal) => Promise<Date>;
    readonly fetchCustomFields: (signal?: AbortSignal) => Promise<readonly CustomField[]>;
  };
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
};

export type PullInput = {
  readonly tenant: string;
  /** A run that is running (sync.runs). */
  readonly runId: string;
  /** IANA zone of the client: zone-less times are in it. */
  readonly timeZone: string;
  /** Where downloads are kept until they are merged; made (0700) where missing. */
  readonly spoolFolder: string;
  /** How far a window reaches back behind the watermark, milliseconds. */
  readonly overlapMs: number;
  /** Times a download is tried before the pull fails. */
  readonly attempts: number;
  readonly window: WindowChoice;
  readonly signal?: AbortSignal;
};

/** rows = added + changed + unchanged + quarantined. */
export type PullCounts = {
  /** Data rows of the download. */
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly quarantined: number;
  /** Bytes of the download as received. */
  readonly bytes: number;
  /** First instant of modifyDate that was asked for; null: everything. */
  readonly startsAt: string | null;
  /** Last instant that is covered now, by LiveVox's clock. */
  readonly endsAt: string;
};

type Downloaded = Staged & { readonly bytes: number; readonly sha256: string };

/** The wait before the second attempt; it doubles with each further one. */
const firstWaitMs = 1000;

/**
 * One pull.
 * @throws RetriableError when no attempt brought a whole download, or another pull was merged meanwhile; FatalError when the columns are not
 *   those asked for, a disk is full, or the counts do not add up; ConfigError for a window that cannot be; the signal's reason when aborted.
 */
export async function pull(deps: PullDeps, input: PullInput): Promise<PullCounts> {
  const log = deps.log.with({ tenant: input.tenant, runId: input.runId });
  await clearLeftovers({ ...deps, log }, input, input.spoolFolder);
  const { watermark, lastMerge } = await selectCoverage(deps.store.pool, input.tenant);
  const serverNow = await deps.livevox.fetchServerNow(input.signal);
  const window = chooseWindow({ choice: input.window, watermark, serverNow, overlapMs: input.overlapMs });
  const customFields = await deps.livevox.fetchCustomFields(input.signal);
  try {
    const downloaded = await download({ ...deps, log }, input, window, customFields);
    input.signal?.throwIfAborted();
    const merged = await merge(deps, input, { window, customFields, downloaded, lastMerge });
    if (merged.added > 0) await analyzeMirror(deps.store, merged.added);
    const counts = toCounts(window, downloaded, merged);
    log.info('pull.merged', { ...counts, older: merged.older });
    return counts;
  } finally {
    await clearOwn(deps, input, log);
  }
}

/** Extract, land, stage, as often as it takes. */
async function download(
  deps: PullDeps,
  input: PullInput,
  window: Window,
  customFields: readonly CustomField[],
): Promise<Downloaded> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await downloadOnce(deps, input, window, customFields);
    } catch (error) {
      input.signal?.throwIfAborted();
      // Whatever else may be tried again, the client has tried again already, or another download would not mend it.
      if (!(error instanceof FailedDownloadError) || attempt >= input.attempts) throw error;
      deps.log.warn('pull.download.failed', { attempt, attempts: input.attempts, reason: toMessage(error) });
      await deps.clock.sleep(firstWaitMs * 2 ** (attempt - 1), input.signal);
    }
  }
}

async function downloadOnce(
  deps: PullDeps,
  input: PullInput,
  window: Window,
  customFields: readonly CustomField[],
): Promise<Downloaded> {
  const { runId, timeZone, signal } = input;
  const body = await extract(deps, window, signal);
  const landed = await land(body, toSpoolPath(input.spoolFolder, runId), {
    signal,
    onBytes: (bytes) => deps.progress({ step: 'pull', what: 'bytes landed', done: bytes }),
  });
  deps.log.info('pull.landed', { bytes: landed.bytes, sha256: landed.sha256 });
  const staged = await stageDownload(deps, { runId, landed, timeZone, customFields, signal });
  return { ...staged, bytes: landed.bytes, sha256: landed.sha256 };
}

type Mergeable = {
  readonly window: Window;
  readonly customFields: readonly CustomField[];
  readonly downloaded: Downloaded;
  readonly lastMerge: string | undefined;
};

function merge(deps: PullDeps, input: PullInput, mergeable: Mergeable): Promise<MergeCounts> {
  const { window, customFields, downloaded, lastMerge } = mergeable;
  const { stage, rows, bytes, sha256 } = downloaded;
  return mergeStage(deps.store, {
    tenant: input.tenant,
    timeZone: input.timeZone,
    now: deps.clock.now(),
    stage,
    lastMerge,
    isSweep: window.isSweep,
    covers: window.covers,
    serverNow: window.serverNow,
    overlapMs: window.overlapMs,
    download: { rows, bytes, sha256, file: `${input.runId}.download` },
    customFields,
  });
}

function toCounts(window: Window, downloaded: Downloaded, merged: MergeCounts): PullCounts {
  const { added, changed, unchanged, quarantined } = merged;
  return {
    rows: downloaded.rows,
    added,
    changed,
    unchanged,
    quarantined,
    bytes: downloaded.bytes,
    startsAt: window.startsAt?.toISOString() ?? null,
    endsAt: window.covers.endsAt.toISOString(),
  };
}

/** The run's own spool file and stage. What cannot be cleared now, the next pull clears. */
async function clearOwn(deps: PullDeps, input: PullInput, log: Log): Promise<void> {
  try {
    await rm(toSpoolPath(input.spoolFolder, input.runId), { force: true });
    await dropStage(deps.store.pool, toStage(input.runId));
  } catch (error) {
    log.warn('pull.leftovers.kept', { reason: toMessage(error) });
  }
}

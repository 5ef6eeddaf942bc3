/**
 * Loads one download: stage, then merge, then the file goes, unless it is to be kept. The bytes may still be landing while they are
 * staged, but they are merged only when they are whole on disk and on record as landed.
 */
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { FatalError, toLogReason } from '../errors.ts';
import { analyzeMirror, type CustomField, type MergeCounts, markDownloadFileGone, mergeStage } from '../store/index.ts';
import { FailedDownloadError } from './failed-download.ts';
import { loadFirstDownload } from './first-load.ts';
import type { Landed, Landing } from './land.ts';
import type { LoadDeps, LoadInput, PullCounts } from './pull-input.ts';
import { stageDownload } from './stage.ts';
import type { Interval } from './window.ts';

/** What is merged, and what it covers then. */
export type Loadable = {
  /** sync.downloads.id */
  readonly id: string;
  readonly landing: Pick<Landing, 'path' | 'read'>;
  /** Settles when the bytes are whole and on record as landed. */
  readonly landed: Promise<Landed>;
  /** First instant that was asked for; undefined: no bound. */
  readonly startsAt: Date | undefined;
  /** undefined: nothing. */
  readonly covers: Interval | undefined;
  readonly serverNow: Date;
  readonly overlapMs: number;
  readonly isRepair: boolean;
  /** The bytes were kept: what they show may be gone by now. */
  readonly isReplay: boolean;
  /** The file is ours: it goes after the merge, unless it is to be kept. */
  readonly isSpooled: boolean;
};

/** Stages and merges. @throws what staging, landing and merging throw; the file is left as it is then */
export async function loadDownload(
  deps: LoadDeps,
  input: LoadInput,
  customFields: readonly CustomField[],
  loadable: Loadable,
): Promise<PullCounts> {
  const { merged, rows, landed } = await load(deps, input, customFields, loadable);
  if (merged.added > 0) await analyzeMirror(deps.store, merged.added);
  if (loadable.isSpooled && input.keepDownloadsMs === 0) await removeMerged(deps, loadable.id, landed.path);
  const counts = toCounts(loadable, rows, landed.bytes, merged);
  deps.log.info('pull.merged', { ...counts, older: merged.older });
  return counts;
}

type Loaded = { readonly merged: MergeCounts; readonly rows: number; readonly landed: Landed };

/** Straight into a mirror that has nothing of the tenant, else over the stage. */
async function load(
  deps: LoadDeps,
  input: LoadInput,
  customFields: readonly CustomField[],
  loadable: Loadable,
): Promise<Loaded> {
  const { tenant, runId, timeZone, signal } = input;
  const { id, landing, isRepair, isReplay, covers, serverNow, overlapMs } = loadable;
  const merge = {
    tenant,
    timeZone,
    now: deps.clock.now(),
    isRepair,
    isReplay,
    covers,
    serverNow,
    overlapMs,
    customFields,
  };
  const reading = { runId, landing, timeZone, customFields, signal };
  const download = { id, file: basename(landing.path) };
  const first = await loadFirstDownload(deps, { ...merge, ...reading, download, landed: loadable.landed });
  if (first !== undefined) {
    return { merged: first, rows: first.added + first.quarantined, landed: await loadable.landed };
  }
  const { stage, rows } = await stageDownload(deps, reading);
  const landed = await loadable.landed;
  signal?.throwIfAborted();
  const { bytes, sha256 } = landed;
  const merged = await mergeStage(deps.store, { ...merge, stage, download: { ...download, rows, bytes, sha256 } });
  return { merged, rows, landed };
}

/** What cannot be removed now, the next pull removes. */
async function removeMerged(deps: LoadDeps, id: string, path: string): Promise<void> {
  try {
    await rm(path, { force: true });
    await markDownloadFileGone(deps.store.pool, id);
  } catch (error) {
    deps.log.warn('pull.leftovers.kept', { reason: toLogReason(error) });
  }
}

function toCounts({ startsAt, covers }: Loadable, rows: number, bytes: number, merged: MergeCounts): PullCounts {
  const { added, changed, unchanged, quarantined } = merged;
  return {
    windows: 1,
    rows,
    added,
    changed,
    unchanged,
    quarantined,
    bytes,
    startsAt: startsAt?.toISOString() ?? null,
    endsAt: covers?.endsAt.toISOString() ?? null,
  };
}

/** The windows of a run, added up. */
export function addUp(windows: readonly PullCounts[]): PullCounts {
  const sum = (read: (counts: PullCounts) => number): number =>
    windows.reduce((total, counts) => total + read(counts), 0);
  const starts = windows.map(({ startsAt }) => startsAt);
  const ends = windows.flatMap(({ endsAt }) => endsAt ?? []);
  return {
    windows: windows.length,
    rows: sum(({ rows }) => rows),
    added: sum(({ added }) => added),
    changed: sum(({ changed }) => changed),
    unchanged: sum(({ unchanged }) => unchanged),
    quarantined: sum(({ quarantined }) => quarantined),
    bytes: sum(({ bytes }) => bytes),
    // Instants in one form sort like text.
    startsAt: starts.includes(null) ? null : (starts.toSorted()[0] ?? null),
    endsAt: ends.toSorted().at(-1) ?? null,
  };
}

/** What the database says of itself, not of the bytes: disk full, unknown time zone. */
const serverCodes = new Set(['53100', '22023']);

/** True when an error tells of the bytes themselves: the file is worth nothing. Anything else may go well with the same file. */
export function isFaultOfFile(error: unknown): boolean {
  if (error instanceof FailedDownloadError) return true;
  return error instanceof FatalError && !serverCodes.has(String(error.facts['code'] ?? ''));
}

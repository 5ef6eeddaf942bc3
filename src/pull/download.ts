/**
 * One download: on record before it is asked for, then landing, then on record as landed. It goes on by itself until it is stopped.
 * File names: run and download, no more.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { toMessage } from '../errors.ts';
import { insertDownload, markDownloadEnded, markDownloadLanded } from '../store/index.ts';
import { extract } from './extract.ts';
import { type Landed, type Landing, startLanding } from './land.ts';
import type { PullDeps, PullInput } from './pull-input.ts';
import type { Window } from './window.ts';

/** One try at a window. */
export type Turn = {
  readonly window: Window;
  /** From 1. */
  readonly attempt: number;
  /** False for a window that is too short to be split: it may be as large as it likes. */
  readonly isLimited: boolean;
  /** How often its window was halved because downloads were cut off. */
  readonly cuts: number;
};

export type Download = {
  readonly turn: Turn;
  /** sync.downloads.id; settles when it is on record. */
  readonly id: Promise<string>;
  /** Settles when LiveVox has begun to answer. */
  readonly landing: Promise<Landing>;
  /** Settles when it is whole on disk and on record as landed. */
  readonly landed: Promise<Landed>;
  /** Ends it; resolves when nothing of it is open any more. What has landed stays. */
  readonly stop: (reason: unknown) => Promise<void>;
};

/** The wait before the second attempt; it doubles with each further one. */
const firstWaitMs = 1000;

/** Where a download is kept. */
export function toSpoolPath(spoolFolder: string, runId: string, downloadId: string): string {
  return join(spoolFolder, `${runId}-${downloadId}.download`);
}

/** Begins to ask for a window, after the wait of its attempt. Its promises tell of a failure; `endDownload` notes it. */
export function startDownload(deps: PullDeps, input: PullInput, turn: Turn): Download {
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, ...(input.signal ? [input.signal] : [])]);
  const id = insert(deps, input, turn, signal);
  const landing = id.then((known) =>
    open(deps, input, turn, toSpoolPath(input.spoolFolder, input.runId, known), signal),
  );
  const landed = Promise.all([id, landing]).then(async ([known, { done }]) => {
    const whole = await done;
    const { bytes, sha256 } = whole;
    await markDownloadLanded(deps.store.pool, known, { file: basename(whole.path), bytes, sha256 });
    deps.log.info('pull.landed', { bytes, sha256 });
    return whole;
  });
  // Whoever waits for it hears of a failure; that nobody waits yet must not end the process.
  landed.catch(() => {});
  const stop = async (reason: unknown): Promise<void> => {
    stopped.abort(reason);
    await landed.catch(() => {});
  };
  return { turn, id, landing, landed, stop };
}

async function insert(deps: PullDeps, input: PullInput, turn: Turn, signal: AbortSignal): Promise<string> {
  if (turn.attempt > 1) await deps.clock.sleep(firstWaitMs * 2 ** (turn.attempt - 2), signal);
  signal.throwIfAborted();
  const { tenant, runId } = input;
  const { reason, startsAt, endsAt, covers, serverNow, overlapMs } = turn.window;
  return insertDownload(deps.store.pool, { tenant, runId, reason, startsAt, endsAt, covers, serverNow, overlapMs });
}

async function open(deps: PullDeps, input: PullInput, turn: Turn, path: string, signal: AbortSignal): Promise<Landing> {
  const { windows: kind, timeZone, maxWindowBytes: maxBytes, maxWindowMs: maxMs } = input;
  const body = await extract(deps, turn.window, { kind, timeZone }, signal);
  return startLanding(body, path, {
    signal,
    limits: turn.isLimited ? { maxBytes, maxMs, now: deps.clock.now } : undefined,
    onBytes: (bytes) => deps.progress({ step: 'pull', what: 'bytes landed', done: bytes }),
  });
}

/** Notes the end of a download that is not merged, and removes its bytes. One that was never on record has nothing to note. */
export async function endDownload(
  deps: PullDeps,
  input: PullInput,
  download: Download,
  state: 'failed' | 'split' | 'dropped',
  reason: unknown,
): Promise<void> {
  const id = await download.id.catch(() => undefined);
  if (id === undefined) return;
  // The failure that matters is the download's own; that it could not be noted or removed comes second, and the next pull sees to it.
  await rm(toSpoolPath(input.spoolFolder, input.runId, id), { force: true }).catch(() => {});
  await markDownloadEnded(deps.store.pool, id, state, toMessage(reason)).catch(() => {});
}

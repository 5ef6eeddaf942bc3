/**
 * Pulls windows one after the other, the next one landing while one is staged and merged. They are merged in the order of asking, so that
 * a later answer is never overwritten by an earlier one; a window that has to be asked for again takes its turn after the one that is
 * already on its way. An error stops both, and nothing is left open.
 */
import { toLogReason } from '../errors.ts';
import { type CustomField, selectWindowDensity } from '../store/index.ts';
import { type Download, endDownload, startDownload, type Turn } from './download.ts';
import { FailedDownloadError, NotCsvError, OversizedDownloadError } from './failed-download.ts';
import { isFaultOfFile, loadDownload } from './load.ts';
import type { PullCounts, PullDeps, PullInput } from './pull-input.ts';
import { splitWindow } from './split.ts';
import type { Window } from './window.ts';

/**
 * Brings all windows into the mirror; gives the counts of each merge.
 * @throws what a window ends with that can neither be asked for again nor be split; windows merged before stay merged
 */
export async function pullWindows(
  deps: PullDeps,
  input: PullInput,
  windows: readonly Window[],
  customFields: readonly CustomField[],
): Promise<readonly PullCounts[]> {
  const turns = windows.map((window) => toFirstTurn(window));
  const merged: PullCounts[] = [];
  let ahead: Download | undefined;
  let isOver = false;
  const startNext = (): void => {
    const turn = isOver || ahead !== undefined ? undefined : turns.shift();
    if (turn !== undefined) ahead = startDownload(deps, input, turn);
  };
  try {
    for (startNext(); ahead !== undefined; startNext()) {
      const download: Download = ahead;
      ahead = undefined;
      // One download at a time: the next is asked for when this one is whole.
      download.landed.then(startNext, () => {});
      const outcome = await pullOne(deps, input, customFields, download);
      if ('again' in outcome) turns.unshift(...outcome.again);
      else merged.push(outcome.counts);
    }
    return merged;
  } finally {
    isOver = true;
    if (ahead !== undefined) await abandon(deps, input, ahead);
  }
}

/** When one part in so many halvings is cut off as well, its size is not the reason. */
const maxCuts = 8;

function toFirstTurn(window: Window, cuts = 0): Turn {
  return { window, attempt: 1, isLimited: true, cuts };
}

/** What has landed whole stays for the next pull; anything less is given up. */
async function abandon(deps: PullDeps, input: PullInput, download: Download): Promise<void> {
  const reason = 'The pull ended before this download did.';
  await download.stop(new Error(reason));
  if (!(await hasLanded(download))) await endDownload(deps, input, download, 'dropped', reason);
}

function hasLanded({ landed }: Download): Promise<boolean> {
  return landed.then(
    () => true,
    () => false,
  );
}

type Outcome = { readonly counts: PullCounts } | { readonly again: readonly Turn[] };

async function pullOne(
  deps: PullDeps,
  input: PullInput,
  customFields: readonly CustomField[],
  download: Download,
): Promise<Outcome> {
  const { window } = download.turn;
  try {
    const { startsAt, covers, serverNow, overlapMs, isRepair } = window;
    const [id, landing] = await Promise.all([download.id, download.landing]);
    const { landed } = download;
    const asked = {
      id,
      landing,
      landed,
      startsAt,
      covers,
      serverNow,
      overlapMs,
      isRepair,
      isReplay: false,
      isSpooled: true,
    };
    return { counts: await loadDownload(deps, input, customFields, asked) };
  } catch (error) {
    await download.stop(error);
    return await mend(deps, input, download, error);
  }
}

/** What to ask for instead of a download that failed. @throws its error when nothing would help */
async function mend(deps: PullDeps, input: PullInput, download: Download, error: unknown): Promise<Outcome> {
  if (input.signal?.aborted || !isFaultOfFile(error)) {
    // The bytes may be good: what has landed is loaded by the next pull, without being asked for again.
    if (!(await hasLanded(download)))
      await endDownload(deps, input, download, input.signal?.aborted ? 'dropped' : 'failed', error);
    input.signal?.throwIfAborted();
    throw error;
  }
  const again = error instanceof FailedDownloadError ? await chooseTurns(deps, input, download.turn, error) : undefined;
  const isSplit = again !== undefined && again.length > 1;
  await endDownload(deps, input, download, isSplit ? 'split' : 'failed', error);
  if (again === undefined) throw error;
  const { attempt } = download.turn;
  const facts = { attempt, attempts: input.attempts, reason: toLogReason(error) };
  deps.log.warn(isSplit ? 'pull.window.split' : 'pull.download.failed', facts);
  return { again };
}

/** The same window once more, or its halves; undefined: neither would help. */
async function chooseTurns(
  deps: PullDeps,
  input: PullInput,
  turn: Turn,
  error: FailedDownloadError,
): Promise<readonly Turn[] | undefined> {
  const isOversized = error instanceof OversizedDownloadError;
  if (!isOversized && turn.attempt < input.attempts) return [{ ...turn, attempt: turn.attempt + 1 }];
  if (error instanceof NotCsvError || (!isOversized && turn.cuts >= maxCuts)) return undefined;
  const halves = await splitAsKnown(deps, input, turn.window);
  const cuts = isOversized ? turn.cuts : turn.cuts + 1;
  if (halves !== undefined) return halves.map((half) => toFirstTurn(half, cuts));
  return isOversized ? [{ ...turn, isLimited: false }] : undefined;
}

async function splitAsKnown(
  deps: PullDeps,
  input: PullInput,
  window: Window,
): Promise<readonly [Window, Window] | undefined> {
  const { tenant, timeZone, windows: kind } = input;
  const density = await selectWindowDensity(deps.store.pool, tenant, window.startsAt, window.covers.endsAt);
  return splitWindow(window, density, { kind, timeZone });
}

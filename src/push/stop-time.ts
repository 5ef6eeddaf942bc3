/**
 * The time at which a push stops (`--until`): from then on it takes no chunk, and one that still waits for its slot goes back to planned. What has
 * left by then is waited for, because its answer counts. A request that LiveVox puts off is not broken off in its pause, which would
 * leave its outcome open: it goes back when its next slot comes, two minutes later at most.
 */
import type { Clock } from '../clock.ts';

export type StopTime = { readonly clock: Clock; readonly until: Date | undefined };

/** Thrown where a chunk must not leave any more; nothing is wrong. */
export class StopTimeError extends Error {
  override readonly name = 'StopTimeError';
}

export type StopWatch = {
  /** Aborted when it is time to stop, unless the request has left by then. */
  readonly late: AbortSignal | undefined;
  /** The same, or when the push is to end: aborts a request that waits for its slot. */
  readonly signal: AbortSignal | undefined;
  /** Called when the slot has come. @throws StopTimeError when it came too late */
  readonly assertInTime: () => void;
  /** What a request failed with, or that it was time to stop when that is why. */
  readonly toReason: (error: unknown) => unknown;
  /** The request is over. */
  readonly end: () => void;
};

/** Whether no chunk is to be taken any more. */
export function isTimeToStop({ clock, until }: StopTime): boolean {
  return until !== undefined && clock.now() >= until;
}

/** Watches one request until it leaves. */
export function startStopWatch(stopTime: StopTime, signal?: AbortSignal): StopWatch {
  const { clock, until } = stopTime;
  if (until === undefined)
    return { late: undefined, signal, assertInTime: () => {}, toReason: (error) => error, end: () => {} };
  const tooLate = new AbortController();
  const ended = new AbortController();
  const whenTooLate = (): void => tooLate.abort(new StopTimeError('It was time to stop.'));
  // Rejects when the watch ends, which is no news.
  clock.sleep(Math.max(0, until.getTime() - clock.now().getTime()), ended.signal).then(whenTooLate, () => {});
  return {
    late: tooLate.signal,
    signal: AbortSignal.any([tooLate.signal, ...(signal === undefined ? [] : [signal])]),
    assertInTime: () => {
      ended.abort();
      if (isTimeToStop(stopTime)) throw new StopTimeError('It was time to stop.');
    },
    toReason: (error) => (tooLate.signal.aborted ? tooLate.signal.reason : error),
    end: () => ended.abort(),
  };
}

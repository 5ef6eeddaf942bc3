/**
 * Chooses the window of a pull: what to ask LiveVox for, and which time may be called covered afterwards. Pure.
 * Windows are closed and overlap, because LiveVox filters inclusively and commits late; their end comes from LiveVox's
 * clock, which the Date header tells in whole seconds. So a window asks to the end of the current second, but covers only
 * what lies before it. A sweep asks without bounds: a contact that changes meanwhile must not fall out of it.
 */
import { ConfigError } from '../errors.ts';

/** What the operator asked for: from the watermark on, everything, or a range of modifyDate (either end may be open). */
export type WindowChoice =
  | { readonly kind: 'incremental' }
  | { readonly kind: 'full' }
  | { readonly kind: 'given'; readonly since?: Date; readonly until?: Date };

export type WindowInput = {
  readonly choice: WindowChoice;
  /** End of the gapless coverage; undefined: there is none, so everything must be pulled. */
  readonly watermark: Date | undefined;
  /** LiveVox's clock. */
  readonly serverNow: Date;
  readonly overlapMs: number;
};

export type Window = {
  /** Bounds of modifyDate to ask for; undefined: none. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** The closed interval that is covered once the download is merged. */
  readonly covers: { readonly startsAt: Date; readonly endsAt: Date };
  /** LiveVox's clock, in whole seconds. */
  readonly serverNow: Date;
  /** How far the window reaches back behind the watermark, milliseconds. */
  readonly overlapMs: number;
  /** No bounds: whatever LiveVox has. */
  readonly isSweep: boolean;
};

/** Where a coverage without a beginning begins: LiveVox counts time from here (epoch milliseconds). */
const beginningOfTime: Date = new Date(0);

/**
 * The window to pull.
 * @throws ConfigError when a given window begins after its end or after LiveVox's clock.
 */
export function chooseWindow(input: WindowInput): Window {
  const serverNow = new Date(Math.floor(input.serverNow.getTime() / 1000) * 1000);
  const { choice, watermark } = input;
  switch (choice.kind) {
    case 'full':
      return makeSweep(serverNow);
    case 'given':
      return makeGiven(choice.since, choice.until, serverNow);
    case 'incremental':
      return watermark === undefined ? makeSweep(serverNow) : makeIncremental(watermark, serverNow, input.overlapMs);
  }
}

function makeSweep(serverNow: Date): Window {
  return {
    startsAt: undefined,
    endsAt: undefined,
    covers: { startsAt: beginningOfTime, endsAt: serverNow },
    serverNow,
    overlapMs: 0,
    isSweep: true,
  };
}

function makeIncremental(watermark: Date, serverNow: Date, overlapMs: number): Window {
  // A clock that was set back must not turn the window round.
  const from = Math.min(watermark.getTime(), serverNow.getTime());
  const startsAt = new Date(from - overlapMs);
  return {
    startsAt,
    endsAt: toEndOfSecond(serverNow),
    covers: { startsAt, endsAt: serverNow },
    serverNow,
    overlapMs,
    isSweep: false,
  };
}

function makeGiven(since: Date | undefined, until: Date | undefined, serverNow: Date): Window {
  if (since === undefined && until === undefined) return makeSweep(serverNow);
  if (since !== undefined && until !== undefined && since > until) {
    throw new ConfigError('The window begins after its end: give --since before --until.');
  }
  if (since !== undefined && since > serverNow) {
    throw new ConfigError(
      `The window begins after LiveVox's clock (${serverNow.toISOString()}): give an earlier --since.`,
    );
  }
  return {
    startsAt: since,
    endsAt: until ?? toEndOfSecond(serverNow),
    covers: {
      startsAt: since ?? earlier(beginningOfTime, until ?? serverNow),
      endsAt: earlier(until ?? serverNow, serverNow),
    },
    serverNow,
    overlapMs: 0,
    isSweep: false,
  };
}

function toEndOfSecond(at: Date): Date {
  return new Date(at.getTime() + 1000);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

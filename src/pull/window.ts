/**
 * Plans the windows of a pull: what to ask LiveVox for, and which time may be called covered afterwards. Pure.
 * Windows are closed and overlap, because LiveVox filters inclusively and commits late; their end comes from LiveVox's
 * clock, which the Date header tells in whole seconds. So a window asks to the end of the current second, but covers only
 * what lies before it. A full pull asks without bounds: a contact that changes meanwhile must not fall out of it.
 */
import { ConfigError } from '../errors.ts';

/** What is asked for: whatever is not covered yet, everything, or a range of modifyDate (either end may be open). */
export type WindowChoice =
  | { readonly kind: 'incremental' }
  | { readonly kind: 'full' }
  | { readonly kind: 'given'; readonly since?: Date; readonly until?: Date }
  /** A stretch that a sweep has compared: whatever the mirror holds of it, LiveVox's word counts. */
  | { readonly kind: 'slice'; readonly since?: Date; readonly until?: Date };

/** A closed stretch of time. */
export type Interval = { readonly startsAt: Date; readonly endsAt: Date };

export type WindowInput = {
  readonly choice: WindowChoice;
  /** The coverage: intervals that neither meet nor overlap, oldest first. */
  readonly covered: readonly Interval[];
  /** LiveVox's clock. */
  readonly serverNow: Date;
  readonly overlapMs: number;
};

export type Window = {
  /** Why it is asked for: time that is missing in the coverage, time since then, by hand, everything, or what a sweep has compared. */
  readonly reason: 'gap' | 'new_time' | 'given' | 'full' | 'slice';
  /** Bounds of modifyDate to ask for; undefined: none. */
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  /** The closed interval that is covered once the download is merged. */
  readonly covers: Interval;
  /** LiveVox's clock, in whole seconds. */
  readonly serverNow: Date;
  /** How far the window reaches back behind the time it is for, milliseconds. */
  readonly overlapMs: number;
  /** Part of a pull of everything, or of a sweep's repair: LiveVox's word counts, whatever the mirror holds. */
  readonly isRepair: boolean;
};

/** How bounds are sent: as instants, or as whole days in the client's zone. */
export type Bounds = { readonly kind: 'instants' } | { readonly kind: 'days'; readonly timeZone: string };

/** Where a coverage without a beginning begins: LiveVox counts time from here (epoch milliseconds). */
const beginningOfTime: Date = new Date(0);

/**
 * The windows to pull, in the order of asking: the oldest first.
 * @throws ConfigError when a given window begins after its end or after LiveVox's clock.
 */
export function planWindows(input: WindowInput): readonly Window[] {
  const serverNow = new Date(Math.floor(input.serverNow.getTime() / 1000) * 1000);
  const { choice } = input;
  switch (choice.kind) {
    case 'full':
      return [makeFull(serverNow)];
    case 'given':
      return [makeGiven(choice.since, choice.until, serverNow)];
    case 'slice':
      return [{ ...makeGiven(choice.since, choice.until, serverNow), reason: 'slice', isRepair: true }];
    case 'incremental':
      return planIncrement(input.covered, serverNow, input.overlapMs);
  }
}

/** Gaps before new time; without any coverage all of it is one gap, which is asked for without bounds. */
function planIncrement(covered: readonly Interval[], serverNow: Date, overlapMs: number): readonly Window[] {
  const known = clip(covered, serverNow);
  const last = known.at(-1);
  if (last === undefined) return [makeFull(serverNow)];
  const gaps = listGaps(known).map((gap) => makeGap(gap, serverNow, overlapMs));
  return [...gaps, makeNewTime(last.endsAt, serverNow, overlapMs)];
}

/** A clock that was set back must not turn a window round: what lies after it is asked for again. */
function clip(covered: readonly Interval[], serverNow: Date): readonly Interval[] {
  return covered
    .filter(({ startsAt }) => startsAt <= serverNow)
    .map(({ startsAt, endsAt }) => ({ startsAt, endsAt: earlier(endsAt, serverNow) }));
}

/** The time between the beginning and the last interval that no interval covers. */
function listGaps(covered: readonly Interval[]): readonly Interval[] {
  const starts = [beginningOfTime, ...covered.map(({ endsAt }) => endsAt)];
  return covered.flatMap(({ startsAt }, index) => {
    const from = starts[index] ?? beginningOfTime;
    return from < startsAt ? [{ startsAt: from, endsAt: startsAt }] : [];
  });
}

function makeGap(gap: Interval, serverNow: Date, overlapMs: number): Window {
  const isFirst = gap.startsAt.getTime() === beginningOfTime.getTime();
  const startsAt = isFirst ? undefined : before(gap.startsAt, overlapMs);
  const { endsAt } = gap;
  return {
    reason: 'gap',
    startsAt,
    endsAt,
    covers: { startsAt: startsAt ?? beginningOfTime, endsAt },
    serverNow,
    overlapMs: isFirst ? 0 : overlapMs,
    isRepair: false,
  };
}

function makeNewTime(from: Date, serverNow: Date, overlapMs: number): Window {
  const startsAt = before(from, overlapMs);
  return {
    reason: 'new_time',
    startsAt,
    endsAt: toEndOfSecond(serverNow),
    covers: { startsAt, endsAt: serverNow },
    serverNow,
    overlapMs,
    isRepair: false,
  };
}

function makeFull(serverNow: Date): Window {
  return {
    reason: 'full',
    startsAt: undefined,
    endsAt: undefined,
    covers: { startsAt: beginningOfTime, endsAt: serverNow },
    serverNow,
    overlapMs: 0,
    isRepair: true,
  };
}

function makeGiven(since: Date | undefined, until: Date | undefined, serverNow: Date): Window {
  if (since === undefined && until === undefined) return makeFull(serverNow);
  if (since !== undefined && until !== undefined && since > until) {
    throw new ConfigError('The window begins after its end: give --since before --until.');
  }
  if (since !== undefined && since > serverNow) {
    throw new ConfigError(
      `The window begins after LiveVox's clock (${serverNow.toISOString()}): give an earlier --since.`,
    );
  }
  return {
    reason: 'given',
    startsAt: since,
    endsAt: until ?? toEndOfSecond(serverNow),
    covers: {
      startsAt: since ?? earlier(beginningOfTime, until ?? serverNow),
      endsAt: earlier(until ?? serverNow, serverNow),
    },
    serverNow,
    overlapMs: 0,
    isRepair: false,
  };
}

function toEndOfSecond(at: Date): Date {
  return new Date(at.getTime() + 1000);
}

function before(at: Date, ms: number): Date {
  return new Date(at.getTime() - ms);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

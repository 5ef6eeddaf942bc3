/**
 * How many calls of a method one process may have in flight: as many as the operator permits, fewer while LiveVox has trouble. Halved when
 * LiveVox limits a call, is unavailable, fails or does not answer, and when answers take twice as long as at their best; one more after as
 * many good answers as may be in flight. Never below one, and never above what is permitted, so with one permitted nothing changes. Pure.
 */
import type { ReplyKind } from './reply.ts';

export type Flight = {
  /** Calls that may be in flight now. */
  readonly calls: number;
  /** Good answers since `calls` changed. */
  readonly good: number;
  /** When it was halved last, epoch milliseconds: what set out before says nothing about the smaller number. */
  readonly halvedAt: number;
  /** How long an answer takes, smoothed, now and at its best, milliseconds; undefined before the first. */
  readonly usualMs: number | undefined;
  readonly bestMs: number | undefined;
};

export type Answered = {
  readonly reply: ReplyKind;
  /** When the request left and when its answer came, epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** False when the time of the answer says nothing: LiveVox held the request open, or its body is still to come. */
  readonly isTimed: boolean;
};

/** What a reply says of LiveVox's strength; the other kinds say nothing of it. */
const signs: Readonly<Partial<Record<ReplyKind, 'good' | 'bad'>>> = {
  ...{ done: 'good', streaming: 'good', refused: 'good', not_found: 'good' },
  ...{ limited: 'bad', unavailable: 'bad', failed: 'bad', lost: 'bad' },
};

const slowFactor = 2;
/** Answers this fast are never slow: below it, timers and the network make a factor of two by themselves. Milliseconds. */
const neverSlowMs = 200;
/** Weights of a new answer. The best forgets slowly: where LiveVox has become slower for good, that is its best after some hundred answers. */
const usualWeight = 1 / 8;
const betterWeight = 1 / 4;
const worseWeight = 1 / 256;

/** Before the first answer: as many as the operator permits. */
export function startFlight(most: number): Flight {
  return { calls: most, good: 0, halvedAt: Number.NEGATIVE_INFINITY, usualMs: undefined, bestMs: undefined };
}

/** What an answer changes; `most` is what the operator permits. */
export function adaptFlight(flight: Flight, most: number, answered: Answered): Flight {
  const sign = signs[answered.reply];
  if (sign === undefined || answered.startedAt < flight.halvedAt) return flight;
  if (sign === 'bad') return halve(flight, answered.endedAt);
  const timed = answered.isTimed ? addTime(flight, answered.endedAt - answered.startedAt) : flight;
  return isSlow(timed) ? halve(timed, answered.endedAt) : grow(timed, most);
}

/** True when the reply shows that LiveVox is well. */
export function isGood(reply: ReplyKind): boolean {
  return signs[reply] === 'good';
}

function halve(flight: Flight, at: number): Flight {
  // The usual time is measured anew: what it was says nothing about fewer calls.
  return { ...flight, calls: Math.max(1, Math.floor(flight.calls / 2)), good: 0, halvedAt: at, usualMs: flight.bestMs };
}

function grow(flight: Flight, most: number): Flight {
  if (flight.calls >= most) return flight;
  const good = flight.good + 1;
  return good < flight.calls ? { ...flight, good } : { ...flight, calls: flight.calls + 1, good: 0 };
}

function isSlow({ usualMs = 0, bestMs = 0 }: Flight): boolean {
  return usualMs > neverSlowMs && usualMs > slowFactor * bestMs;
}

function addTime(flight: Flight, ms: number): Flight {
  const { usualMs = ms, bestMs = ms } = flight;
  return {
    ...flight,
    usualMs: usualMs + (ms - usualMs) * usualWeight,
    bestMs: bestMs + (ms - bestMs) * (ms < bestMs ? betterWeight : worseWeight),
  };
}

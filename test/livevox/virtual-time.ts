/**
 * Time that passes only when nobody has anything left to do but wait: many processes with one clock, minutes in milliseconds, the same
 * order of events in every run. For code whose every wait is a sleep of this clock.
 */
import type { Clock } from '../../src/clock.ts';

export type VirtualTime = {
  readonly clock: Clock;
  readonly nowMs: () => number;
  /** Lets time pass until the work is over. @throws what the work throws; Error when everybody waits for ever. */
  readonly runUntil: <T>(work: Promise<T>) => Promise<T>;
};

type Sleeper = { readonly at: number; readonly order: number; readonly wake: () => void };

export function makeVirtualTime(): VirtualTime {
  const sleepers: Sleeper[] = [];
  let nowMs = Date.parse('2026-11-20T12:00:00Z');
  let order = 0;
  const sleep = (delayMs: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    order += 1;
    return new Promise((wake) => sleepers.push({ at: nowMs + Math.max(0, delayMs), order, wake }));
  };
  const wakeNext = (): void => {
    sleepers.sort((one, other) => one.at - other.at || one.order - other.order);
    const next = sleepers.shift();
    if (next === undefined) throw new Error('Everybody waits for something that is not time.');
    nowMs = next.at;
    next.wake();
  };
  const runUntil = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    over.catch(() => {});
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return over;
      wakeNext();
    }
  };
  return { clock: { now: () => new Date(nowMs), sleep }, nowMs: () => nowMs, runUntil };
}

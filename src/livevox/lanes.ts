/**
 * One lane per vendor method: the vendor asks for one call at a time, so a lane lets the next call in when the last one is over.
 * The one place where limits act. Before each request a slot is booked in the slot book: in this process it only holds a
 * method back while LiveVox has asked for a pause; a book shared by many workers has the same contract.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../clock.ts';
import { ConfigError, RateLimitedError } from '../errors.ts';
import { maxDelayMs } from './retry.ts';

/** Says when a method's next request may start, for all who share the book. */
export type SlotBook = {
  /** Books the next slot of a method and gives the wait until it, milliseconds; beyond `maxWaitMs` it books nothing. */
  readonly book: (method: string, maxWaitMs: number) => Promise<number>;
  /** LiveVox asked for a pause: no slot of this method starts within `pauseMs`. */
  readonly pause: (method: string, pauseMs: number) => Promise<void>;
};

export type LanesOptions = {
  /** Calls in flight per vendor method. @default 1 each */
  readonly inFlight: Readonly<Record<string, number>>;
  readonly slotBook: SlotBook;
  readonly clock: Clock;
};

export class Lanes {
  readonly #options: LanesOptions;
  readonly #limits = new Map<string, LimitFunction>();

  /** @throws ConfigError when a number of calls in flight is not a whole number of at least 1. */
  constructor(options: LanesOptions) {
    const wrong = Object.entries(options.inFlight).filter(([, count]) => !Number.isInteger(count) || count < 1);
    if (wrong.length > 0) {
      throw new ConfigError(wrong.map(([method]) => `inFlight of "${method}" must be a whole number of at least 1`));
    }
    this.#options = options;
  }

  /**
   * Runs a task when its lane is free. The lane stays taken until the task has ended and `whenOver(result)` as well.
   * A task still waiting when the signal aborts is dropped with the signal's reason; one that has begun minds the signal itself.
   */
  run<T>(
    method: string,
    task: () => Promise<T>,
    signal?: AbortSignal,
    whenOver?: (result: T) => Promise<void>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal?.reason);
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      const occupy = async (): Promise<void> => {
        signal?.removeEventListener('abort', onAbort);
        signal?.throwIfAborted();
        const result = await task();
        resolve(result);
        await whenOver?.(result);
      };
      this.#lane(method)(occupy).catch(reject);
    });
  }

  /** Waits for the method's next slot. @throws RateLimitedError when that is more than a minute away; nothing is booked then. */
  async takeSlot(method: string, signal?: AbortSignal): Promise<void> {
    const waitMs = await this.#options.slotBook.book(method, maxDelayMs);
    if (waitMs > maxDelayMs) {
      throw new RateLimitedError(
        `"${method}" is held back by its limit: try again in ${Math.ceil(waitMs / 1000)} s`,
        waitMs,
      );
    }
    if (waitMs > 0) await this.#options.clock.sleep(waitMs, signal);
  }

  /** Holds every call of the method back, in this lane and wherever the slot book is shared. */
  pause(method: string, pauseMs: number): Promise<void> {
    return this.#options.slotBook.pause(method, pauseMs);
  }

  #lane(method: string): LimitFunction {
    const lane = this.#limits.get(method) ?? pLimit(this.#options.inFlight[method] ?? 1);
    this.#limits.set(method, lane);
    return lane;
  }
}

/** A slot book of this process alone: no limit of its own, only the pauses LiveVox asked for. */
export function makeProcessSlotBook(clock: Clock): SlotBook {
  const pausedUntil = new Map<string, number>();
  return {
    book: async (method) => Math.max(0, (pausedUntil.get(method) ?? 0) - clock.now().getTime()),
    pause: async (method, pauseMs) => {
      pausedUntil.set(method, Math.max(pausedUntil.get(method) ?? 0, clock.now().getTime() + pauseMs));
    },
  };
}

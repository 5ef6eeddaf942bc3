/**
 * One lane per vendor method: the vendor asks for one call at a time, so a lane lets the next call in when the last one is over.
 * The one place where limits act. Before each request a slot is booked in the slot book, which many processes may share; the request
 * starts right after its slot, or books another: one that set out late would be counted in a window it was not booked in.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../clock.ts';
import { ConfigError, RateLimitedError, RetriableError } from '../errors.ts';
import { makeBookClock } from './book-clock.ts';
import type { Refusal } from './learnt-limit.ts';
import type { SlotWindow } from './shared-slots.ts';
import type { SlotBook } from './slot-book.ts';

export type LanesOptions = {
  /** Calls in flight per vendor method. @default 1 each */
  readonly inFlight: Readonly<Record<string, number>>;
  readonly slotBook: SlotBook;
  readonly clock: Clock;
};

/** A limit per minute may make a caller wait for a minute and a little; with other processes before it, for two. */
const maxSlotWaitMs = 120_000;
/** A process that misses so many slots in a row has no time to send anything. */
const maxMissedSlots = 5;

/** How long before its slot a sleeper asks whether LiveVox has told another process to pause meanwhile. */
const pauseCheckMs = 100;

/** What was looked at right before a request leaves must not be older than this when it does, milliseconds. */
const maxPreparingMs = 2_000;

const calibrations = 3;
/** A longest wait that no slot can keep: the book only tells its time. */
const bookNothing = -1;

/** By this process's clock: a start later than `graceMs` after the slot would count in another window. */
type OwnSlot = { readonly slotAt: number; readonly graceMs: number };

export class Lanes {
  readonly #options: LanesOptions;
  readonly #limits = new Map<string, LimitFunction>();
  readonly #bookClock = makeBookClock();
  #calibration: Promise<void> | undefined;

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

  /**
   * Waits for the method's next slot, then for `prepare`, whose result it gives. If that took so long that the slot has passed, both
   * once more: so what it looked at is at most so old when the request leaves, even after the process was held up.
   * @throws RateLimitedError when that is more than two minutes away (nothing is booked then); RetriableError when this process is too
   * busy to start on time.
   */
  async takeSlot<T>(method: string, signal?: AbortSignal, prepare?: () => Promise<T>): Promise<T | undefined> {
    for (let missed = 0; missed < maxMissedSlots; ) {
      const slot = await this.#awaitSlot(method, signal);
      if (slot !== 'paused' && !isPast(slot, this.#now())) {
        const readyBy = this.#now() + maxPreparingMs;
        const prepared = await prepare?.();
        signal?.throwIfAborted();
        if (this.#now() <= readyBy && !isPast(slot, this.#now())) return prepared;
      }
      if (slot !== 'paused') missed += 1;
    }
    throw new RetriableError(
      `"${method}" missed ${maxMissedSlots} slots in a row: this machine is too busy, try again later`,
    );
  }

  async #awaitSlot(method: string, signal?: AbortSignal): Promise<OwnSlot | 'paused'> {
    const { slotBook } = this.#options;
    await this.#calibrate(method);
    const { waitMs, atMs, graceMs } = await slotBook.book(method, maxSlotWaitMs);
    if (waitMs > maxSlotWaitMs) {
      throw new RateLimitedError(
        `"${method}" is held back by its limit: try again in ${Math.ceil(waitMs / 1000)} s`,
        waitMs,
      );
    }
    this.#bookClock.note(atMs, this.#now());
    const slotAt = atMs + waitMs + this.#bookClock.offsetMs();
    // Asked shortly before the slot, not at it, so that nothing stands between the slot and the start.
    if (waitMs > pauseCheckMs) {
      await this.#sleepUntil(slotAt - pauseCheckMs, signal);
      if ((await slotBook.pausedMs(method)) > 0) return 'paused';
    }
    await this.#sleepUntil(slotAt, signal);
    return { slotAt, graceMs };
  }

  /** Compares the clocks before the first slot: a first answer may be slow, over a connection that is only being made. */
  #calibrate(method: string): Promise<void> {
    this.#calibration ??= (async () => {
      for (let i = 0; i < calibrations; i += 1) {
        const { atMs } = await this.#options.slotBook.book(method, bookNothing);
        this.#bookClock.note(atMs, this.#now());
      }
    })();
    return this.#calibration.catch((error: unknown) => {
      this.#calibration = undefined;
      throw error;
    });
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }

  async #sleepUntil(at: number, signal?: AbortSignal): Promise<void> {
    const delayMs = at - this.#now();
    if (delayMs > 0) await this.#options.clock.sleep(delayMs, signal);
  }

  /** Holds every call of the method back, in this lane and wherever the slot book is shared. */
  pause(method: string, pauseMs: number): Promise<void> {
    return this.#options.slotBook.pause(method, pauseMs);
  }

  /** LiveVox refused a request for its limit. Gives the limit learnt from that, if it is new. */
  noteRefused(method: string, refusal: Refusal): Promise<SlotWindow | undefined> {
    return this.#options.slotBook.noteRefused(method, refusal);
  }

  #lane(method: string): LimitFunction {
    const lane = this.#limits.get(method) ?? pLimit(this.#options.inFlight[method] ?? 1);
    this.#limits.set(method, lane);
    return lane;
  }
}

function isPast({ slotAt, graceMs }: OwnSlot, now: number): boolean {
  return now - slotAt > graceMs;
}

/**
 * One lane per vendor method: the vendor asks for one call at a time, so a lane lets the next call in when the last one is over. Where the
 * operator permits several at once, answers decide how many it is (adaptive-flight.ts).
 * The one place where limits act. Before each request a slot is booked in the slot book, which many processes may share; the request
 * starts right after its slot, or books another: one that set out late would be counted in a window it was not booked in.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../clock.ts';
import { ConfigError, RateLimitedError, RetriableError } from '../errors.ts';
import { type Answered, adaptFlight, type Flight, startFlight } from './adaptive-flight.ts';
import { makeBookClock } from './book-clock.ts';
import { choosePauseMs, countRefusals, noRefusals, type Refusals } from './lane-pause.ts';
import type { Reply } from './reply.ts';
import type { SlotWindow } from './shared-slots.ts';
import type { SlotBook } from './slot-book.ts';

export type LanesOptions = {
  /** Most calls in flight per vendor method. @default 1 each */
  readonly inFlight: Readonly<Record<string, number>>;
  readonly slotBook: SlotBook;
  readonly clock: Clock;
};

/** A limit per minute may make a caller wait for a minute and a little; with other processes before it, for two. */
const maxSlotWaitMs = 120_000;
/** A process that misses so many slots in a row has no time to send anything. */
const maxMissedSlots = 25;

/** How long before its slot a sleeper asks whether LiveVox has told another process to pause meanwhile, and prepares its request. */
const beforeSlotMs = 100;

/** What was looked at right before a request leaves must not be older than this when it does, milliseconds. */
const maxPreparedMs = 2_000;

const calibrations = 3;
/** A longest wait that no slot can keep: the book only tells its time. */
const bookNothing = -1;

/** By this process's clock: a start later than `graceMs` after the slot would count in another window. */
type OwnSlot = { readonly slotAt: number; readonly waitMs: number; readonly graceMs: number };

type Lane = { readonly limit: LimitFunction; readonly most: number; flight: Flight; refusals: Refusals };

export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<string, Lane>();
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
      this.#lane(method).limit(occupy).catch(reject);
    });
  }

  /**
   * Waits for the method's next slot, and runs `prepare`, whose result it gives, right before it. If the slot has passed by then, another is
   * booked; what was prepared goes with that one, or is prepared anew if it would be too old when the request leaves, as it is after a
   * process was held up.
   * @throws RateLimitedError when that is more than two minutes away (nothing is booked then); RetriableError when this process is too
   * busy to start on time.
   */
  takeSlot(method: string, signal?: AbortSignal): Promise<undefined>;
  takeSlot<T>(method: string, signal: AbortSignal | undefined, prepare: () => Promise<T>): Promise<T>;
  async takeSlot<T>(method: string, signal?: AbortSignal, prepare?: () => Promise<T>): Promise<T | undefined> {
    let ready: { readonly until: number; readonly made: T | undefined } | undefined;
    for (let missed = 0; missed < maxMissedSlots; ) {
      const slot = await this.#bookSlot(method);
      if (await this.#isPausedBefore(method, slot, signal)) continue;
      if (!isPast(slot, this.#now())) {
        if (ready === undefined || ready.until < Math.max(slot.slotAt, this.#now())) {
          ready = { until: this.#now() + maxPreparedMs, made: await prepare?.() };
        }
        await this.#sleepUntil(slot.slotAt, signal);
        signal?.throwIfAborted();
        if (this.#now() <= ready.until && !isPast(slot, this.#now())) return ready.made;
      }
      missed += 1;
    }
    throw new RetriableError(
      `"${method}" missed ${maxMissedSlots} slots in a row: this machine is too busy, try again later`,
    );
  }

  async #bookSlot(method: string): Promise<OwnSlot> {
    await this.#calibrate(method);
    const { waitMs, atMs, graceMs } = await this.#options.slotBook.book(method, maxSlotWaitMs);
    if (waitMs > maxSlotWaitMs) {
      throw new RateLimitedError(
        `"${method}" is held back by its limit: try again in ${Math.ceil(waitMs / 1000)} s`,
        waitMs,
      );
    }
    this.#bookClock.note(atMs, this.#now());
    return { slotAt: atMs + waitMs + this.#bookClock.offsetMs(), waitMs, graceMs };
  }

  /** Sleeps until shortly before the slot, and asks then, not at it, so that nothing stands between the slot and the start. */
  async #isPausedBefore(method: string, { slotAt, waitMs }: OwnSlot, signal?: AbortSignal): Promise<boolean> {
    if (waitMs <= beforeSlotMs) return false;
    await this.#sleepUntil(slotAt - beforeSlotMs, signal);
    return (await this.#options.slotBook.pausedMs(method)) > 0;
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

  /**
   * What a reply means for the calls to come: how many may be in flight here, and in every process a pause, or a limit that a 429 has
   * taught. Gives that limit, if it is new. @throws what the slot book throws; calls in flight are adapted by then.
   */
  async noteReply(method: string, reply: Reply, times: Omit<Answered, 'reply'>): Promise<SlotWindow | undefined> {
    const { slotBook } = this.#options;
    const lane = this.#lane(method);
    const answered = { ...times, reply: reply.kind };
    lane.flight = adaptFlight(lane.flight, lane.most, answered);
    if (lane.limit.concurrency !== lane.flight.calls) lane.limit.concurrency = lane.flight.calls;
    lane.refusals = countRefusals(lane.refusals, answered);
    const pauseMs = choosePauseMs(reply, lane.refusals);
    if (pauseMs !== undefined) await slotBook.pause(method, pauseMs);
    if (reply.kind !== 'limited') return undefined;
    const toAgeMs = (): number => this.#now() - times.startedAt;
    return slotBook.noteRefused(method, { toAgeMs, retryAfterMs: reply.retryAfterMs });
  }

  #lane(method: string): Lane {
    const known = this.#lanes.get(method);
    if (known !== undefined) return known;
    const most = this.#options.inFlight[method] ?? 1;
    const lane = { limit: pLimit(most), most, flight: startFlight(most), refusals: noRefusals };
    this.#lanes.set(method, lane);
    return lane;
  }
}

function isPast({ slotAt, graceMs }: OwnSlot, now: number): boolean {
  return now - slotAt > graceMs;
}

/**
 * When a method's next request may start. The limit of a method is one or more windows: never more than so many starts in any such
 * stretch of time, counted where the requests arrive. So each window is a little longer here than at LiveVox (the guard): two
 * requests do not take equally long to get there. Configured limits win; for a method without one, what a 429 has taught holds.
 * Where the slots are kept - this process, Postgres, Redis - is the business of `SharedSlots`; all three keep one contract.
 */
import type { LiveVoxCredentials } from '../config.ts';
import { chooseLimit, holdsMs, type Refusal, toSpanMs } from './learnt-limit.ts';
import type { BookedSlot, SharedSlots, SlotWindow } from './shared-slots.ts';

/** The limits of vendor methods, by name; a method may have several windows. */
export type Limits = Readonly<Record<string, readonly SlotWindow[]>>;

/** A start later than `graceMs` after its slot might be counted in another window than it was booked in. */
type Slot = BookedSlot & { readonly graceMs: number };

/** Says when a method's next request may start, for all who share the book. */
export type SlotBook = {
  /** Books the next slot of a method; when its wait is beyond `maxWaitMs`, nothing was booked. */
  readonly book: (method: string, maxWaitMs: number) => Promise<Slot>;
  /** LiveVox asked for a pause: no slot of this method starts within `pauseMs`. */
  readonly pause: (method: string, pauseMs: number) => Promise<void>;
  /** What is left of the method's pause, milliseconds: another process may have been told since the slot was booked. */
  readonly pausedMs: (method: string) => Promise<number>;
  /** Learns from a 429 where no limit is configured. Gives the limit that holds from now on, if it is new. */
  readonly noteRefused: (method: string, refusal: LateRefusal) => Promise<SlotWindow | undefined>;
};

/** A refusal whose age is asked for when it is held against a lesson's. */
type LateRefusal = Pick<Refusal, 'retryAfterMs'> & { readonly toAgeMs: () => number };

export type SlotBookOptions = {
  readonly slots: SharedSlots;
  readonly limits: Limits;
  /** Names the tenant's lanes; see `toLanesName`. */
  readonly lanes: string;
};

/** Covers what differs between two requests on their way: timers, sockets, a new connection. Uses 98 % of a limit or more. */
const guardShare = 0.018;
const maxGuardMs = 250;

export function makeSlotBook({ slots, limits, lanes }: SlotBookOptions): SlotBook {
  const toLane = (method: string): string => toLaneName(lanes, method);
  return {
    book: async (method, maxWaitMs) => {
      const windows = limits[method] ?? [];
      const slot = await slots.book(toLane(method), windows.map(withGuard), maxWaitMs);
      // Who has to wait though nothing is configured has a learnt limit, or comes after a pause.
      const guardsMs = windows.length > 0 ? windows.map(toGuardMs) : slot.waitMs > 0 ? [maxGuardMs] : [];
      return { ...slot, graceMs: Math.min(...guardsMs) / 2 };
    },
    pause: (method, pauseMs) => slots.pause(toLane(method), pauseMs),
    pausedMs: (method) => slots.pausedMs(toLane(method)),
    noteRefused: async (method, refusal) => {
      if (limits[method] !== undefined) return undefined;
      // Again whenever another process has learnt in between; each time the limit is lower, so it ends.
      for (;;) {
        const seen = await slots.starts(toLane(method), toSpanMs(refusal));
        // As old as it is by now: what was seen is as old, too.
        const limit = chooseLimit(seen, { ageMs: refusal.toAgeMs(), retryAfterMs: refusal.retryAfterMs });
        if (limit === undefined) return undefined;
        if (await slots.learn(toLane(method), withGuard(limit), holdsMs, seen.learnt)) return limit;
      }
    },
  };
}

/** The same for every process that calls as the same user of the same LiveVox. */
export function toLanesName(baseUrl: string, { clientName, userName }: LiveVoxCredentials): string {
  return `${baseUrl.replace(/\/+$/, '')} ${clientName}/${userName}`;
}

/** The lane of one method. */
export function toLaneName(lanes: string, method: string): string {
  return `${lanes} ${method}`;
}

function toGuardMs({ perMs }: SlotWindow): number {
  return Math.min(maxGuardMs, Math.round(perMs * guardShare));
}

function withGuard(window: SlotWindow): SlotWindow {
  return { starts: window.starts, perMs: window.perMs + toGuardMs(window) };
}

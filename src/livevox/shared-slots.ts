/**
 * What the client asks of the place where slots are kept: this process (process-slots.ts), Postgres or Redis, which know nothing of
 * LiveVox. One contract, held by test/livevox/shared-slots.test.ts over all of them.
 */
/** At most `starts` request starts in any `perMs` milliseconds. */
export type SlotWindow = { readonly starts: number; readonly perMs: number };

/** The request starts of the last while, and the limit learnt before. */
export type SeenStarts = { readonly starts: number; readonly learnt?: SlotWindow & { readonly ageMs: number } };

/** `waitMs` from `atMs` on, epoch milliseconds by the clock of the place. */
export type BookedSlot = { readonly waitMs: number; readonly atMs: number };

/** Slots of lanes, kept somewhere. All times are of one clock, that of the place; first come, first served. */
export type SharedSlots = {
  /**
   * Books the lane's next slot: not before now, nor before any slot booked earlier, nor in a pause, nor so that a window holds more
   * than its starts. Without windows the learnt one holds. Beyond `maxWaitMs` nothing is booked.
   */
  readonly book: (lane: string, windows: readonly SlotWindow[], maxWaitMs: number) => Promise<BookedSlot>;
  /** No slot of the lane within `pauseMs`; a longer pause stays. */
  readonly pause: (lane: string, pauseMs: number) => Promise<void>;
  /** What is left of the lane's pause, milliseconds; 0 without one. */
  readonly pausedMs: (lane: string) => Promise<number>;
  /** Starts within the last `spanMs`, as far as they are kept: 200 at least. */
  readonly starts: (lane: string, spanMs: number) => Promise<SeenStarts>;
  /**
   * Puts a learnt limit in force for `holdsMs`, in the place of the one that was `seen`. False, and nothing is done, when meanwhile another is
   * in force: somebody else has learnt at the same time.
   */
  readonly learn: (lane: string, limit: SlotWindow, holdsMs: number, seen: SlotWindow | undefined) => Promise<boolean>;
};

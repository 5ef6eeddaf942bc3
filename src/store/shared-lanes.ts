/** The slots and the sessions that processes share, as the LiveVox client asks for them. No statement of its own. */
import { bookSlot } from './book-slot.ts';
import type { Store } from './connection.ts';
import { markLearntLimit, selectLaneStarts } from './learn-limit.ts';
import { pauseLane, selectPauseMs } from './pause-lane.ts';
import { withSessionLock } from './session-lock.ts';
import { deleteSession, mergeSession, selectSession } from './session-row.ts';

type Rest<F> = F extends (first: never, ...rest: infer R) => infer Result ? (...rest: R) => Result : never;

export type StoredSlots = {
  readonly book: Rest<typeof bookSlot>;
  readonly pause: Rest<typeof pauseLane>;
  readonly pausedMs: Rest<typeof selectPauseMs>;
  readonly starts: Rest<typeof selectLaneStarts>;
  readonly learn: Rest<typeof markLearntLimit>;
};

export type StoredSessions = {
  readonly read: Rest<typeof selectSession>;
  readonly write: Rest<typeof mergeSession>;
  readonly remove: Rest<typeof deleteSession>;
  readonly withLock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
};

export function makeStoredSlots({ pool }: Store): StoredSlots {
  return {
    book: (...rest) => bookSlot(pool, ...rest),
    pause: (...rest) => pauseLane(pool, ...rest),
    pausedMs: (...rest) => selectPauseMs(pool, ...rest),
    starts: (...rest) => selectLaneStarts(pool, ...rest),
    learn: (...rest) => markLearntLimit(pool, ...rest),
  };
}

export function makeStoredSessions(store: Store): StoredSessions {
  return {
    read: (...rest) => selectSession(store.pool, ...rest),
    write: (...rest) => mergeSession(store.pool, ...rest),
    remove: (...rest) => deleteSession(store.pool, ...rest),
    withLock: (...rest) => withSessionLock(store, ...rest),
  };
}

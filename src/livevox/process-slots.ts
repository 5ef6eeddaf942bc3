/** The slots of lanes in this process alone, for those who use the client without a store. Keeps the contract of `SharedSlots`. */
import type { Clock } from '../clock.ts';
import type { BookedSlot, SharedSlots, SlotWindow } from './shared-slots.ts';

type Lane = {
  /** Booked starts, oldest first, epoch milliseconds. */
  slots: number[];
  blockedUntil: number;
  learnt: (SlotWindow & { readonly at: number; readonly until: number }) | undefined;
};

const keptStarts = 200;
/** Nobody waits that long: what is booked further ahead was booked before the clock was set back. */
const farMs = 600_000;

export function makeProcessSlots(clock: Clock): SharedSlots {
  const lanes = new Map<string, Lane>();
  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? { slots: [], blockedUntil: 0, learnt: undefined };
    lanes.set(name, lane);
    return lane;
  };
  const now = (): number => clock.now().getTime();
  return {
    book: async (name, windows, maxWaitMs) => bookSlot(laneOf(name), windows, now(), maxWaitMs),
    pause: async (name, pauseMs) => {
      laneOf(name).blockedUntil = Math.max(laneOf(name).blockedUntil, now() + pauseMs);
    },
    pausedMs: async (name) => Math.max(0, laneOf(name).blockedUntil - now()),
    starts: async (name, spanMs) => {
      const { slots } = laneOf(name);
      const starts = slots.filter((slot) => slot > now() - spanMs && slot <= now()).length;
      const learnt = readLearnt(laneOf(name), now());
      if (learnt === undefined) return { starts };
      return { starts, learnt: { starts: learnt.starts, perMs: learnt.perMs, ageMs: now() - learnt.at } };
    },
    learn: async (name, limit, holdsMs, seen) => {
      const held = readLearnt(laneOf(name), now());
      if (held?.starts !== seen?.starts || held?.perMs !== seen?.perMs) return false;
      laneOf(name).learnt = { ...limit, at: now(), until: now() + holdsMs };
      return true;
    },
  };
}

function bookSlot(lane: Lane, asked: readonly SlotWindow[], now: number, maxWaitMs: number): BookedSlot {
  if ((lane.slots.at(-1) ?? 0) > now + Math.max(maxWaitMs, farMs)) lane.slots = [];
  const learnt = readLearnt(lane, now);
  const windows = asked.length > 0 || learnt === undefined ? asked : [learnt];
  const free = windows.map(({ starts, perMs }) => (lane.slots.at(-starts) ?? Number.NEGATIVE_INFINITY) + perMs);
  const slot = Math.max(now, lane.blockedUntil, lane.slots.at(-1) ?? 0, ...free);
  const booked = { waitMs: slot - now, atMs: now };
  if (booked.waitMs > maxWaitMs) return booked;
  const kept = Math.max(keptStarts, ...windows.map(({ starts }) => starts));
  lane.slots = [...lane.slots, slot].slice(-kept);
  return booked;
}

function readLearnt({ learnt }: Lane, now: number): Lane['learnt'] {
  return learnt !== undefined && learnt.until > now ? learnt : undefined;
}

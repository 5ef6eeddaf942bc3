/**
 * The slots of lanes in Redis: a list of booked starts, newest first, the end of a pause as an expiry, the learnt limit as a
 * hash. Each call is one script, so Redis itself puts the callers in order, and its clock (TIME) is the only one that counts.
 * Keeps the same promises as the slots in Postgres; test/livevox/shared-slots.test.ts holds both to them.
 */
import type { SharedRedis } from './connection.ts';

/** At most `starts` slots in any `perMs` milliseconds. */
type LaneWindow = { readonly starts: number; readonly perMs: number };

/** `waitMs` from Redis's time `atMs` (epoch) on. */
type BookedSlot = { readonly waitMs: number; readonly atMs: number };

type LaneStarts = {
  readonly starts: number;
  readonly learnt?: LaneWindow & { readonly ageMs: number };
};

export type RedisSlots = {
  readonly book: (lane: string, windows: readonly LaneWindow[], maxWaitMs: number) => Promise<BookedSlot>;
  readonly pause: (lane: string, pauseMs: number) => Promise<void>;
  readonly pausedMs: (lane: string) => Promise<number>;
  readonly starts: (lane: string, spanMs: number) => Promise<LaneStarts>;
  readonly learn: (lane: string, limit: LaneWindow, holdsMs: number, seen: LaneWindow | undefined) => Promise<boolean>;
};

/** Starts kept per lane where no window needs more, so that a limit can be learnt from them. */
const keptStarts = 200;
/** The longest window a limit is learnt for; starts are kept as long. */
const keptMs = 3_600_000;

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** KEYS: slots, pause, learnt. ARGV: most milliseconds to wait, starts kept, milliseconds kept, then starts and length of each window. */
const bookScript = `${now}
local newest = tonumber(redis.call('LINDEX', KEYS[1], 0) or 0)
-- Nobody waits that long: the clock was set back, and what was booked by the old one says nothing.
if newest > now + math.max(ARGV[1], 600000) then
  redis.call('DEL', KEYS[1])
  newest = 0
end
local windows = {}
for i = 4, #ARGV do windows[i - 3] = tonumber(ARGV[i]) end
if #windows == 0 then
  local learnt = redis.call('HMGET', KEYS[3], 'starts', 'perMs')
  if learnt[1] then windows = { tonumber(learnt[1]), tonumber(learnt[2]) } end
end
local slot = math.max(now, newest, now + redis.call('PTTL', KEYS[2]))
for i = 1, #windows, 2 do
  local oldest = redis.call('LINDEX', KEYS[1], windows[i] - 1)
  if oldest then slot = math.max(slot, oldest + windows[i + 1]) end
end
if slot - now <= tonumber(ARGV[1]) then
  redis.call('LPUSH', KEYS[1], string.format('%.0f', slot))
  redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', slot - now + ARGV[3]))
end
return { slot - now, now }`;

const pauseScript = `
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '', 'PX', ARGV[1]) end`;

const startsScript = `${now}
local starts = 0
for _, slot in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if tonumber(slot) > now - ARGV[1] and tonumber(slot) <= now then starts = starts + 1 end
end
local learnt = redis.call('HMGET', KEYS[2], 'starts', 'perMs', 'at')
if not learnt[1] then return { starts } end
return { starts, tonumber(learnt[1]), tonumber(learnt[2]), now - learnt[3] }`;

/** ARGV: starts and length of the limit, milliseconds it holds, starts and length of the one that was seen, empty for none. */
const learnScript = `${now}
local held = redis.call('HMGET', KEYS[1], 'starts', 'perMs')
if (held[1] or '') ~= ARGV[4] or (held[2] or '') ~= ARGV[5] then return 0 end
redis.call('HSET', KEYS[1], 'starts', ARGV[1], 'perMs', ARGV[2], 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

export function makeRedisSlots(shared: SharedRedis): RedisSlots {
  return {
    book: (lane, windows, maxWaitMs) => {
      const kept = Math.max(keptStarts, ...windows.map(({ starts }) => starts));
      const livesMs = Math.max(keptMs, ...windows.map(({ perMs }) => perMs));
      const limits = windows.flatMap(({ starts, perMs }) => [starts, perMs]);
      const { slots, pause, learnt } = toKeys(lane);
      return shared.run(async (redis) => {
        const numbers = [maxWaitMs, kept, livesMs, ...limits];
        const booked = (await redis.eval(bookScript, 3, slots, pause, learnt, ...numbers)) as number[];
        const [waitMs = 0, atMs = 0] = booked;
        return { waitMs, atMs };
      });
    },
    pause: (lane, pauseMs) =>
      shared.run(async (redis) => {
        await redis.eval(pauseScript, 1, toKeys(lane).pause, Math.max(1, Math.ceil(pauseMs)));
      }),
    pausedMs: (lane) => shared.run(async (redis) => Math.max(0, await redis.pttl(toKeys(lane).pause))),
    starts: (lane, spanMs) =>
      shared.run(async (redis) => {
        const { slots, learnt } = toKeys(lane);
        const [starts = 0, ...limit] = (await redis.eval(startsScript, 2, slots, learnt, spanMs)) as number[];
        const [most, perMs, ageMs] = limit;
        if (most === undefined || perMs === undefined || ageMs === undefined) return { starts };
        return { starts, learnt: { starts: most, perMs, ageMs } };
      }),
    learn: (lane, { starts, perMs }, holdsMs, seen) =>
      shared.run(async (redis) => {
        const before = [seen?.starts ?? '', seen?.perMs ?? ''];
        return (await redis.eval(learnScript, 1, toKeys(lane).learnt, starts, perMs, holdsMs, ...before)) === 1;
      }),
  };
}

/** The braces keep a lane's keys on one node of a cluster. */
function toKeys(lane: string): { readonly slots: string; readonly pause: string; readonly learnt: string } {
  const prefix = `lvsync:lane:{${lane}}`;
  return { slots: `${prefix}:slots`, pause: `${prefix}:pause`, learnt: `${prefix}:learnt` };
}

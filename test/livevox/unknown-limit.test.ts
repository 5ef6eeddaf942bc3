/**
 * A limit that nobody has configured: found within ten calls after the first 429, then held, by several processes with shared lanes. Time is
 * virtual, so that minutes pass; LiveVox's part is the sandbox's own strict limiter. And over HTTP and Postgres, until all wait for the next minute.
 */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { RateLimitedError } from '../../src/errors.ts';
import { Lanes } from '../../src/livevox/lanes.ts';
import { makeProcessSlots } from '../../src/livevox/process-slots.ts';
import type { Reply } from '../../src/livevox/reply.ts';
import { sendWithRetries } from '../../src/livevox/retry.ts';
import { makeSlotBook, toLaneName, toLanesName } from '../../src/livevox/slot-book.ts';
import { makeRateLimits } from '../../src/sandbox/rate-limits.ts';
import { setupDatabase } from '../support/database.ts';
import { fetchLog, setupSandbox } from '../support/sandbox-admin.ts';
import { openSharedPlace } from '../support/shared-lanes.ts';
import { makeClient, secret } from './odd-server.ts';
import { makeVirtualTime, type VirtualTime } from './virtual-time.ts';

const minuteMs = 60_000;
const method = 'Bulk Update Contact';

type World = {
  readonly starts: number;
  readonly processes: number;
  readonly inFlight: number;
  /** From a request's start to its answer, at most. */
  readonly latencyMs: number;
  readonly seed: number;
};

/** What LiveVox said to each request, in the order of arrival. */
type Said = { readonly at: number; readonly isRefused: boolean };

/** In [0, 1), the same for the same seed. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** All processes call as fast as they may until LiveVox has taken so many calls. */
async function callAll(world: World, taken: number): Promise<readonly Said[]> {
  const time = makeVirtualTime();
  const random = makeRandom(world.seed);
  const limits = makeRateLimits({ '*': { starts: world.starts, perMs: minuteMs } });
  const said: Said[] = [];
  const answer = (): Reply => {
    const isRefused = limits.admit('bulk-update', 'one', time.nowMs()) !== undefined;
    said.push({ at: time.nowMs(), isRefused });
    return isRefused ? { kind: 'limited', retryAfterMs: undefined, message: '' } : { kind: 'done', body: {} };
  };
  const slots = makeProcessSlots(time.clock);
  const callers = Array.from({ length: world.processes }, async () => {
    const slotBook = makeSlotBook({ slots, limits: {}, lanes: 'test' });
    const lanes = new Lanes({ inFlight: { [method]: world.inFlight }, slotBook, clock: time.clock });
    const call = makeCall(lanes, time, () => (random() * world.latencyMs) / 2, answer);
    const waitAsTold = async (error: unknown): Promise<void> => {
      if (!(error instanceof RateLimitedError)) throw error;
      await time.clock.sleep(error.retryAfterMs ?? 0);
    };
    const keepCalling = async (): Promise<void> => {
      while (said.filter(({ isRefused }) => !isRefused).length < taken) await call().catch(waitAsTold);
    };
    await Promise.all(Array.from({ length: world.inFlight }, keepCalling));
  });
  await time.runUntil(Promise.all(callers));
  return said;
}

function makeCall(lanes: Lanes, { clock, nowMs }: VirtualTime, wayMs: () => number, answer: () => Reply) {
  const send = async (): Promise<Reply> => {
    await lanes.takeSlot(method);
    const startedAt = nowMs();
    await clock.sleep(wayMs());
    const reply = answer();
    await clock.sleep(wayMs());
    await lanes.noteReply(method, reply, { startedAt, endedAt: nowMs(), isTimed: true });
    return reply;
  };
  const deps = { clock, random: () => 0.5, onRepeat: () => {} };
  return (): Promise<Reply> => lanes.run(method, () => sendWithRetries(deps, 'update', send));
}

/** Calls after the first refusal up to the last one. */
function countUntilFound(said: readonly Said[]): number {
  const refused = said.map(({ isRefused }) => isRefused);
  return Math.max(0, refused.lastIndexOf(true) - refused.indexOf(true));
}

const someWorld: fc.Arbitrary<World> = fc.record({
  starts: fc.constantFrom(5, 6, 20, 60, 150),
  processes: fc.integer({ min: 1, max: 4 }),
  inFlight: fc.integer({ min: 1, max: 2 }),
  latencyMs: fc.integer({ min: 1, max: 400 }),
  seed: fc.nat(),
});

describe('a limit that is not known', () => {
  it('is found within ten calls and held from then on', async () => {
    await fc.assert(
      fc.asyncProperty(someWorld, async (world) => {
        const said = await callAll(world, 4 * world.starts);
        expect(said.some(({ isRefused }) => isRefused)).toBe(true);
        expect(countUntilFound(said)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 60 },
    );
  });

  it.each([5, 60])('%i per minute, one process: one 429, and all of the limit is used after it', async (starts) => {
    const said = await callAll({ starts, processes: 1, inFlight: 1, latencyMs: 100, seed: 1 }, 6 * starts);
    expect(said.filter(({ isRefused }) => isRefused)).toHaveLength(1);
    const tookMs = (said.at(-1)?.at ?? 0) - (said[0]?.at ?? 0);
    // Six times what fits into a minute, the first without waiting; the refused one counts as a start in its minute.
    expect(tookMs).toBeLessThan(6 * (minuteMs + 250));
  });

  it.each([5, 60])(
    '%i per minute over HTTP, four clients with lanes in Postgres: each is refused once at most',
    async (starts) => {
      const { url, store } = await setupDatabase();
      const sandbox = await setupSandbox({
        contacts: 10,
        limits: { 'bulk-update': { starts, perMs: minuteMs } },
        dialect: { retryAfter: 'none' },
      });
      const credentials = {
        ...sandbox.credentials,
        password: secret(sandbox.credentials.password),
        accessToken: secret(sandbox.credentials.accessToken),
      };
      const stop = new AbortController();
      const places = await Promise.all([1, 2, 3, 4].map(() => openSharedPlace(url)));
      const clients = places.map(({ slots: sharedSlots, sessions: sharedSessions }) =>
        makeClient(sandbox.url, { credentials, sharedSlots, sharedSessions, clock: systemClock }),
      );
      onTestFinished(async () => {
        await Promise.all(clients.map((client) => client.close()));
        await Promise.all(places.map((place) => place.close()));
      });
      const rows = [{ account: 'A0000001', sends: { active: 'true' } }];
      const calling = clients.map(async (client) => {
        while (!stop.signal.aborted) await client.contacts.bulkUpdateContact(rows, stop.signal).catch(() => {});
      });
      const lane = toLaneName(toLanesName(sandbox.url, credentials), method);
      // Each of the four has booked a slot in the next minute, and waits for it.
      const countWaiting = async (): Promise<number | undefined> => {
        const found = await store.pool.query<{ waiting: number }>(
          `select count(*)::int as waiting from sync.lane_slots, unnest(slots) as slot
          where lane = $1 and slot > clock_timestamp() + interval '30 seconds'`,
          [lane],
        );
        return found.rows[0]?.waiting;
      };
      await expect.poll(countWaiting, { timeout: 10_000 }).toBe(4);
      expect((await places[0]!.slots.starts(lane, minuteMs)).learnt?.starts).toBe(starts);
      stop.abort(new Error('the test is over'));
      await Promise.all(calling);
      const entries = await fetchLog(sandbox, 'bulk-update');
      const refused = entries.filter(({ limited }) => limited);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.length).toBeLessThanOrEqual(4);
      expect(entries).toHaveLength(starts + refused.length);
    },
  );
});

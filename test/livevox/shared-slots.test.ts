/** One contract for every place where slots are kept: this process, Postgres and Redis. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { makeProcessSlots } from '../../src/livevox/process-slots.ts';
import type { SharedSlots } from '../../src/livevox/shared-slots.ts';
import { setupDatabase } from '../support/database.ts';
import { redisUrl } from '../support/redis.ts';
import { openSharedPlace } from '../support/shared-lanes.ts';

async function setupPlace(url: string): Promise<SharedSlots> {
  const place = await openSharedPlace(url);
  onTestFinished(place.close);
  return place.slots;
}

const places: readonly (readonly [string, () => Promise<SharedSlots>])[] = [
  ['this process', async () => makeProcessSlots(systemClock)],
  ['Postgres', async () => setupPlace((await setupDatabase()).url)],
  ...(redisUrl === undefined ? [] : [['Redis', () => setupPlace(String(redisUrl))] as const]),
];

const minute = { starts: 3, perMs: 60_000 };
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function waitIn(slots: SharedSlots, ...args: Parameters<SharedSlots['book']>): Promise<number> {
  const { waitMs, atMs } = await slots.book(...args);
  expect(Math.abs(Date.now() - atMs)).toBeLessThan(1_000);
  return waitMs;
}

/** A wait that was counted from a moment some milliseconds ago. */
const about = (ms: number): readonly [number, number] => [ms - 2_000, ms + 1];

function expectAbout(actual: number, ms: number): void {
  const [least, most] = about(ms);
  expect(actual).toBeGreaterThan(least);
  expect(actual).toBeLessThanOrEqual(most);
}

describe.each(places)('slots in %s', (_, setupSlots) => {
  async function setup() {
    return { slots: await setupSlots(), lane: randomUUID() };
  }

  it('a window lets its starts through at once, and the next when the oldest has left it', async () => {
    const { slots, lane } = await setup();
    for (const wait of [0, 0, 0]) expect(await waitIn(slots, lane, [minute], 200_000)).toBe(wait);
    for (const wait of [60_000, 60_000, 60_000, 120_000]) {
      expectAbout(await waitIn(slots, lane, [minute], 200_000), wait);
    }
  });

  it('of several windows each holds', async () => {
    const { slots, lane } = await setup();
    const windows = [minute, { starts: 1, perMs: 10_000 }];
    expect(await waitIn(slots, lane, windows, 200_000)).toBe(0);
    for (const wait of [10_000, 20_000, 60_000, 70_000, 80_000, 120_000]) {
      expectAbout(await waitIn(slots, lane, windows, 200_000), wait);
    }
  });

  it('beyond the longest wait nothing is booked', async () => {
    const { slots, lane } = await setup();
    const one = { starts: 1, perMs: 60_000 };
    await waitIn(slots, lane, [one], 0);
    for (let i = 0; i < 3; i += 1) expectAbout(await waitIn(slots, lane, [one], 59_000), 60_000);
    expectAbout(await waitIn(slots, lane, [one], 60_000), 60_000);
    expectAbout(await waitIn(slots, lane, [one], 60_000), 120_000);
  });

  it('who may not wait at all is told the time and books nothing', async () => {
    const { slots, lane } = await setup();
    for (let i = 0; i < 5; i += 1) expect(await waitIn(slots, lane, [minute], -1)).toBe(0);
    for (let i = 0; i < 3; i += 1) expect(await waitIn(slots, lane, [minute], 0)).toBe(0);
  });

  it('a method without a limit never waits', async () => {
    const { slots, lane } = await setup();
    for (let i = 0; i < 250; i += 1) expect(await waitIn(slots, lane, [], 0)).toBe(0);
  });

  it('who comes first starts first: no slot lies before an earlier one', async () => {
    const { slots, lane } = await setup();
    expect(await waitIn(slots, lane, [{ starts: 1, perMs: 5_000 }], 60_000)).toBe(0);
    expectAbout(await waitIn(slots, lane, [{ starts: 1, perMs: 5_000 }], 60_000), 5_000);
    expectAbout(await waitIn(slots, lane, [], 60_000), 5_000);
  });

  it('lanes do not wait for one another', async () => {
    const { slots, lane } = await setup();
    await waitIn(slots, lane, [{ starts: 1, perMs: 60_000 }], 0);
    await slots.pause(lane, 60_000);
    expect(await waitIn(slots, `${lane} other`, [{ starts: 1, perMs: 60_000 }], 0)).toBe(0);
    expect(await slots.pausedMs(`${lane} other`)).toBe(0);
  });

  it('a pause holds back what is booked from now on, and a shorter one does not shorten it', async () => {
    const { slots, lane } = await setup();
    await slots.pause(lane, 30_000.5);
    await slots.pause(lane, 1_000);
    expectAbout(await slots.pausedMs(lane), 30_001);
    expectAbout(await waitIn(slots, lane, [], 60_000), 30_001);
    await slots.pause(lane, 50_000);
    expectAbout(await waitIn(slots, lane, [minute], 60_000), 50_000);
  });

  it('a pause is over by itself', async () => {
    const { slots, lane } = await setup();
    await slots.pause(lane, 50);
    await sleep(60);
    expect(await slots.pausedMs(lane)).toBe(0);
    expect(await waitIn(slots, lane, [], 0)).toBe(0);
  });

  it('many callers at once get slots that keep the limit', async () => {
    const { slots, lane } = await setup();
    const window = { starts: 5, perMs: 1_000 };
    const startedAt = Date.now();
    const waits = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const waitMs = await waitIn(slots, lane, [window], 60_000);
        return Date.now() - startedAt + waitMs;
      }),
    );
    const sorted = waits.sort((a, b) => a - b);
    const tookMs = Date.now() - startedAt;
    sorted.forEach((at, i) => {
      const next = sorted[i + window.starts];
      // Answers arrive later than the slots were reckoned, by less than all of this took.
      if (next !== undefined) expect(next - at).toBeGreaterThanOrEqual(window.perMs - tookMs);
    });
    expect(sorted.at(-1)).toBeGreaterThanOrEqual(11_000);
    expect(sorted.at(-1)).toBeLessThanOrEqual(11_001 + tookMs);
  });

  it('knows what has started in the last while, and not what is booked for later', async () => {
    const { slots, lane } = await setup();
    expect(await slots.starts(lane, 60_000)).toEqual({ starts: 0 });
    for (let i = 0; i < 5; i += 1) await waitIn(slots, lane, [minute], 200_000);
    await sleep(5);
    expect(await slots.starts(lane, 60_000)).toEqual({ starts: 3 });
    expect(await slots.starts(lane, 1)).toEqual({ starts: 0 });
  });

  it('a learnt limit holds where none is given, and not where one is', async () => {
    const { slots, lane } = await setup();
    for (let i = 0; i < 6; i += 1) await waitIn(slots, lane, [], 0);
    expect(await slots.learn(lane, { starts: 6, perMs: 60_000 }, 1_000_000, undefined)).toBe(true);
    const { learnt } = await slots.starts(lane, 60_000);
    expect(learnt).toEqual({ starts: 6, perMs: 60_000, ageMs: expect.any(Number) });
    expect(learnt?.ageMs).toBeLessThan(2_000);
    expect(await waitIn(slots, lane, [{ starts: 7, perMs: 1_000 }], 0)).toBe(0);
    expectAbout(await waitIn(slots, lane, [], 1_000), 60_000);
  });

  it('a learnt limit is forgotten', async () => {
    const { slots, lane } = await setup();
    await slots.learn(lane, { starts: 1, perMs: 60_000 }, 20, undefined);
    await sleep(30);
    expect(await waitIn(slots, lane, [], 0)).toBe(0);
    expect(await waitIn(slots, lane, [], 0)).toBe(0);
    expect(await slots.starts(lane, 60_000)).toEqual({ starts: 2 });
  });

  it('who has learnt from what is not in force any more learns nothing', async () => {
    const { slots, lane } = await setup();
    const [one, two] = [
      { starts: 9, perMs: 60_000 },
      { starts: 8, perMs: 60_000 },
    ];
    const learnt = await Promise.all([1, 2, 3, 4].map(() => slots.learn(lane, one, 1_000_000, undefined)));
    expect(learnt.filter((isTaken) => isTaken)).toHaveLength(1);
    expect(await slots.learn(lane, two, 1_000_000, { starts: 9, perMs: 60_001 })).toBe(false);
    expect(await slots.learn(lane, two, 1_000_000, one)).toBe(true);
    expect((await slots.starts(lane, 60_000)).learnt).toMatchObject(two);
    await slots.learn(lane, one, 20, two);
    await sleep(30);
    expect(await slots.learn(lane, two, 1_000_000, one)).toBe(false);
    expect(await slots.learn(lane, two, 1_000_000, undefined)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { ConfigError, RateLimitedError, RetriableError } from '../../src/errors.ts';
import { Lanes } from '../../src/livevox/lanes.ts';
import { makeProcessSlots } from '../../src/livevox/process-slots.ts';
import type { Reply } from '../../src/livevox/reply.ts';
import { makeSlotBook, type SlotBook } from '../../src/livevox/slot-book.ts';
import { makeStillClock, type StillClock } from './odd-server.ts';

function makeLanes(inFlight: Record<string, number> = {}, changes: Partial<SlotBook> = {}) {
  const clock = makeStillClock();
  const slotBook = { ...makeSlotBook({ slots: makeProcessSlots(clock), limits: {}, lanes: 'test' }), ...changes };
  return { clock, lanes: new Lanes({ inFlight, clock, slotBook }) };
}

/** The times of an answer that took so long, and came now. */
const took = (clock: StillClock, ms: number) => {
  const endedAt = clock.now().getTime();
  return { startedAt: endedAt - ms, endedAt, isTimed: true };
};
const atOnce = (clock: StillClock) => took(clock, 0);

function makeGate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Lanes', () => {
  it('calls of one method go one after another, other methods do not wait', async () => {
    const { lanes } = makeLanes();
    const gate = makeGate();
    const begun: string[] = [];
    const first = lanes.run('A', () => {
      begun.push('A1');
      return gate.opened;
    });
    const second = lanes.run('A', async () => begun.push('A2'));
    await lanes.run('B', async () => begun.push('B1'));
    expect(begun).toEqual(['A1', 'B1']);
    gate.open();
    await Promise.all([first, second]);
    expect(begun).toEqual(['A1', 'B1', 'A2']);
  });

  it('a method has as many calls in flight as the operator says', async () => {
    const { lanes } = makeLanes({ A: 2 });
    const gate = makeGate();
    let begun = 0;
    const begin = (): Promise<void> => {
      begun += 1;
      return gate.opened;
    };
    const runs = [1, 2, 3].map(() => lanes.run('A', begin));
    await settled();
    expect(begun).toBe(2);
    gate.open();
    await Promise.all(runs);
  });

  it('half as many calls go out after one that LiveVox limits, and more again after good answers', async () => {
    const { clock, lanes } = makeLanes({ A: 4 });
    const begun: ReturnType<typeof makeGate>[] = [];
    const begin = (): Promise<void> => {
      const gate = makeGate();
      begun.push(gate);
      return gate.opened;
    };
    const runs = Array.from({ length: 9 }, () => lanes.run('A', begin));
    await settled();
    expect(begun).toHaveLength(4);
    await lanes.noteReply('A', { kind: 'unavailable', retryAfterMs: 1, message: '' }, atOnce(clock));
    for (const gate of begun.slice(0, 3)) gate.open();
    await settled();
    expect(begun).toHaveLength(5);
    for (let i = 0; i < 2; i += 1) await lanes.noteReply('A', { kind: 'done', body: {} }, atOnce(clock));
    await settled();
    expect(begun).toHaveLength(6);
    for (let i = 0; i < 100; i += 1) await lanes.noteReply('A', { kind: 'done', body: {} }, atOnce(clock));
    await settled();
    expect(begun).toHaveLength(7);
    for (let open = 0; open < 9; open += 1) {
      begun[open]?.open();
      await settled();
    }
    await Promise.all(runs);
  });

  it.each(['limited', 'unavailable'] as const)(
    'after a reply "%s" that names no time, the lane rests for a second, then for two, and after a good answer for one again',
    async (kind) => {
      const { clock, lanes } = makeLanes({}, { noteRefused: async () => undefined });
      const answer = async (reply: Reply): Promise<void> => {
        await lanes.noteReply('A', reply, atOnce(clock));
        clock.slept.length = 0;
        await lanes.takeSlot('A');
      };
      const refusal = { kind, retryAfterMs: undefined, message: '' } as const;
      await answer(refusal);
      expect(clock.slept).toEqual([900, 100]);
      await answer(refusal);
      expect(clock.slept).toEqual([1_900, 100]);
      await answer({ kind: 'done', body: {} });
      expect(clock.slept).toEqual([]);
      await answer(refusal);
      expect(clock.slept).toEqual([900, 100]);
    },
  );

  it('a lane stays taken until its result is over, though the caller has it already', async () => {
    const { lanes } = makeLanes();
    const gate = makeGate();
    expect(
      await lanes.run(
        'A',
        async () => 'stream',
        undefined,
        () => gate.opened,
      ),
    ).toBe('stream');
    let hasBegun = false;
    const next = lanes.run('A', async () => {
      hasBegun = true;
    });
    await settled();
    expect(hasBegun).toBe(false);
    gate.open();
    await next;
    expect(hasBegun).toBe(true);
  });

  it('a failed call frees its lane', async () => {
    const { lanes } = makeLanes();
    await expect(lanes.run('A', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lanes.run('A', async () => 'next')).toBe('next');
  });

  it('a call still waiting when its signal aborts never begins', async () => {
    const { lanes } = makeLanes();
    const gate = makeGate();
    const controller = new AbortController();
    const first = lanes.run('A', () => gate.opened);
    let hasBegun = false;
    const begin = async (): Promise<void> => {
      hasBegun = true;
    };
    const second = lanes.run('A', begin, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(second).rejects.toThrow('stopped');
    gate.open();
    await first;
    await settled();
    expect(hasBegun).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN])('%d calls in flight are refused', (count) => {
    expect(() => makeLanes({ A: count })).toThrow(ConfigError);
  });

  it('a pause holds every call of the method back, and no other', async () => {
    const { clock, lanes } = makeLanes();
    await lanes.noteReply('A', { kind: 'unavailable', retryAfterMs: 3000, message: '' }, atOnce(clock));
    await lanes.takeSlot('B');
    expect(clock.slept).toEqual([]);
    await lanes.takeSlot('A');
    expect(clock.slept).toEqual([2900, 100]);
    await lanes.takeSlot('A');
    expect(clock.slept).toEqual([2900, 100]);
  });

  it('a slot more than two minutes away is not slept for', async () => {
    const { clock, lanes } = makeLanes({}, { book: async () => ({ waitMs: 121_000, atMs: 0, graceMs: 100 }) });
    const error = await lanes.takeSlot('A').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).retryAfterMs).toBe(121_000);
    expect(clock.slept).toEqual([]);
  });

  it('who has slept for a slot does not start in a pause that was asked for meanwhile', async () => {
    const waits = [1000, 30_000];
    const pauses = [29_000, 0];
    const { clock, lanes } = makeLanes(
      {},
      {
        book: async (_, maxWaitMs) => ({
          waitMs: maxWaitMs < 0 ? 0 : (waits.shift() ?? 0),
          atMs: clock.now().getTime(),
          graceMs: 100,
        }),
        pausedMs: async () => pauses.shift() ?? 0,
      },
    );
    await lanes.takeSlot('A');
    expect(clock.slept).toEqual([900, 29_900, 100]);
  });

  /** Lanes whose slots are a second away, with what delays each request on its way to the slot. */
  function makeDelayed(delaysMs: number[]) {
    let booked = 0;
    const { clock, lanes } = makeLanes(
      {},
      {
        book: async (_, maxWaitMs) => {
          if (maxWaitMs >= 0) booked += 1;
          return { waitMs: 1000, atMs: clock.now().getTime(), graceMs: 100 };
        },
        pausedMs: async () => {
          await clock.sleep(delaysMs.shift() ?? 0);
          return 0;
        },
      },
    );
    return { lanes, countBooked: () => booked };
  }

  it('a slot that was missed is not used: another is booked', async () => {
    const { lanes, countBooked } = makeDelayed([201, 200]);
    await lanes.takeSlot('A');
    expect(countBooked()).toBe(2);
  });

  it('what was prepared goes with the next slot, and is prepared anew when it would be older than two seconds', async () => {
    for (const [tookMs, times] of [
      [1_500, 1],
      [2_001, 2],
    ] as const) {
      const { clock, lanes } = makeLanes(
        {},
        { book: async () => ({ waitMs: 0, atMs: clock.now().getTime(), graceMs: 100 }) },
      );
      let prepared = 0;
      const body = await lanes.takeSlot('A', undefined, async () => {
        prepared += 1;
        if (prepared === 1) await clock.sleep(tookMs);
        return `body ${prepared}`;
      });
      expect(body).toBe(`body ${times}`);
    }
  });

  it('a request is prepared in the last tenth of a second before its slot, not earlier', async () => {
    const { clock, lanes } = makeLanes();
    await lanes.noteReply('A', { kind: 'unavailable', retryAfterMs: 3_000, message: '' }, atOnce(clock));
    await lanes.takeSlot('A', undefined, async () => {
      expect(clock.slept).toEqual([2_900]);
      await clock.sleep(60);
    });
    expect(clock.slept).toEqual([2_900, 60, 40]);
  });

  it('a process that misses every slot gives up and can be tried again', async () => {
    const { lanes } = makeDelayed(Array.from({ length: 60 }, () => 500));
    await expect(lanes.takeSlot('A')).rejects.toThrow(RetriableError);
  });

  it('an answer of the book that was slow on its way delays no start', async () => {
    const delaysMs = [10, 20, 30, 10, 510];
    const { clock, lanes } = makeLanes(
      {},
      {
        book: async () => {
          const atMs = clock.now().getTime() + 7_000;
          await clock.sleep(delaysMs.shift() ?? 0);
          return { waitMs: 1_000, atMs, graceMs: 100 };
        },
      },
    );
    await lanes.takeSlot('A');
    await lanes.takeSlot('A');
    expect(clock.slept).toEqual([10, 20, 30, 10, 900, 100, 510, 400, 100]);
  });
});

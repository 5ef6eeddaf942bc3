import { describe, expect, it } from 'vitest';
import { ConfigError, RateLimitedError } from '../../src/errors.ts';
import { Lanes, makeProcessSlotBook, type SlotBook } from '../../src/livevox/lanes.ts';
import { makeStillClock } from './odd-server.ts';

function makeLanes(inFlight: Record<string, number> = {}, slotBook?: SlotBook) {
  const clock = makeStillClock();
  const lanes = new Lanes({ inFlight, clock, slotBook: slotBook ?? makeProcessSlotBook(clock) });
  return { clock, lanes };
}

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
    await lanes.pause('A', 3000);
    await lanes.takeSlot('B');
    expect(clock.slept).toEqual([]);
    await lanes.takeSlot('A');
    expect(clock.slept).toEqual([3000]);
    await lanes.takeSlot('A');
    expect(clock.slept).toEqual([3000]);
  });

  it('a slot more than a minute away is not slept for', async () => {
    const { lanes } = makeLanes({}, { book: async () => 61_000, pause: async () => {} });
    const error = await lanes.takeSlot('A').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).retryAfterMs).toBe(61_000);
  });
});

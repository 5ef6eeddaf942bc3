import { afterEach, describe, expect, it } from 'vitest';
import { makeProcessSlots } from '../../src/livevox/process-slots.ts';
import { makeSlotBook, toLanesName } from '../../src/livevox/slot-book.ts';
import { afterLogin, credentials, json, makeClient, makeStillClock, startOddServer } from './odd-server.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function setup(limits: Parameters<typeof makeSlotBook>[0]['limits'] = {}) {
  const clock = makeStillClock();
  return { clock, book: makeSlotBook({ slots: makeProcessSlots(clock), limits, lanes: 'test' }) };
}

describe('makeSlotBook', () => {
  it.each([
    [3_000, 3_054],
    [60_000, 60_250],
    [3_600_000, 3_600_250],
  ])('a window of %i ms is %i ms long here, so that differences on the way do not count', async (perMs, expected) => {
    const { book } = setup({ A: [{ starts: 1, perMs }] });
    expect(await book.book('A', 0)).toMatchObject({ waitMs: 0, graceMs: (expected - perMs) / 2 });
    expect((await book.book('A', 0)).waitMs).toBe(expected);
  });

  it('a 429 teaches a limit where none is configured', async () => {
    const { clock, book } = setup({ Known: [{ starts: 100, perMs: 1_000 }] });
    for (let i = 0; i < 9; i += 1) await book.book('A', 0);
    await clock.sleep(1);
    expect(await book.noteRefused('A', { toAgeMs: () => 5, retryAfterMs: undefined })).toEqual({
      starts: 8,
      perMs: 60_000,
    });
    expect(await book.book('A', 0)).toMatchObject({ waitMs: 60_249, graceMs: 125 });
    for (let i = 0; i < 9; i += 1) await book.book('Known', 0);
    expect(await book.noteRefused('Known', { toAgeMs: () => 5, retryAfterMs: undefined })).toBeUndefined();
    expect((await book.book('Known', 0)).waitMs).toBe(0);
  });

  it('processes that learn at the same time learn from one another: each refused request takes off one', async () => {
    const clock = makeStillClock();
    const slots = makeProcessSlots(clock);
    const books = [1, 2, 3, 4].map(() => makeSlotBook({ slots, limits: {}, lanes: 'test' }));
    for (let i = 0; i < 30; i += 1) await books[0]?.book('A', 0);
    const refusal = { toAgeMs: () => 5, retryAfterMs: undefined };
    const learnt = await Promise.all(books.map((book) => book.noteRefused('A', refusal)));
    expect(learnt.map((limit) => limit?.starts).sort()).toEqual([26, 27, 28, 29]);
    expect((await slots.starts('test A', 60_000)).learnt?.starts).toBe(26);
  });

  it('a refusal that takes its time to be noted is as old as it is by then, and no younger than a lesson it came before', async () => {
    const clock = makeStillClock();
    const slots = makeProcessSlots(clock);
    const slow: typeof slots = {
      ...slots,
      starts: async (lane, spanMs) => {
        await clock.sleep(50);
        return slots.starts(lane, spanMs);
      },
    };
    const book = makeSlotBook({ slots: slow, limits: {}, lanes: 'test' });
    for (let i = 0; i < 30; i += 1) await book.book('A', 0);
    const startedAt = clock.now().getTime();
    const refusal = { toAgeMs: () => clock.now().getTime() - startedAt, retryAfterMs: undefined };
    expect(await book.noteRefused('A', refusal)).toMatchObject({ starts: 29 });
    expect(await book.noteRefused('A', refusal)).toMatchObject({ starts: 28 });
  });

  it('nobody waits without a limit, so no start is too late', async () => {
    const { book } = setup();
    expect((await book.book('A', 0)).graceMs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('toLanesName', () => {
  it('is the same for every process that calls as the same user, and says no secret', () => {
    expect(toLanesName('http://h/', credentials)).toBe('http://h ACME/robot');
    expect(toLanesName('http://h', { ...credentials, userName: 'other' })).toBe('http://h ACME/other');
  });
});

describe('a client with limits', () => {
  it('waits for its slots', async () => {
    const server = await startOddServer(afterLogin((response) => json(response, 200, { customFields: [] })));
    const clock = makeStillClock();
    const client = makeClient(server.baseUrl, {
      clock,
      limits: { 'List Custom Field': [{ starts: 2, perMs: 3_000 }] },
    });
    open.push(client, server);
    for (let i = 0; i < 3; i += 1) await client.customFields.listCustomFields();
    expect(clock.slept).toEqual([2_954, 100]);
  });

  it('a 429 pauses everybody who shares the slots, and its reply stands when they cannot be told', async () => {
    const server = await startOddServer(afterLogin((response) => json(response, 429, '', { 'retry-after': '3600' })));
    const clock = makeStillClock();
    const slots = makeProcessSlots(clock);
    const one = makeClient(server.baseUrl, { clock, sharedSlots: slots });
    const two = makeClient(server.baseUrl, { clock, sharedSlots: slots });
    const broken = { ...slots, pause: () => Promise.reject(new Error('the store is gone')) };
    const three = makeClient(server.baseUrl, { clock, sharedSlots: broken });
    open.push(one, two, three, server);
    await expect(three.customFields.listCustomFields()).rejects.toThrow('429');
    await expect(one.customFields.listCustomFields()).rejects.toThrow('429');
    await expect(two.customFields.listCustomFields()).rejects.toThrow('held back');
    expect(two.requestCounts).toEqual({ Login: 1 });
  });
});

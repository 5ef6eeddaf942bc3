/** Whoever is most urgent leaves next, each gets the answer of its own call, and none is lost. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeTurns } from '../../src/push/turns.ts';

type Item = { readonly name: string; readonly isUrgent: boolean };

/** Calls that a test lets have their turn, answer or fail. */
function makeCalls() {
  const turns = makeTurns<Item, string>();
  const calls: { readonly goOn: () => string; readonly answer: () => void; readonly fail: () => void }[] = [];
  const take = (name: string, isUrgent = false, giveUp?: AbortSignal): Promise<string> => {
    const call = (next: () => Item, signal: AbortSignal): Promise<string> => {
      let carried = '';
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        calls.push({
          goOn: () => {
            carried = next().name;
            return carried;
          },
          answer: () => resolve(`took ${carried}`),
          fail: () => reject(new Error(`failed ${carried}`)),
        });
      });
    };
    return turns.take('dnd', { name, isUrgent }, call, giveUp);
  };
  return { take, calls };
}

it('an urgent item leaves with the next call, and the one it passed with a later one', async () => {
  const { take, calls } = makeCalls();
  const first = take('first');
  const urgent = take('urgent', true);
  expect(calls[0]!.goOn()).toBe('urgent');
  // A second attempt of the same request carries the same.
  expect(calls[0]!.goOn()).toBe('urgent');
  expect(calls[1]!.goOn()).toBe('first');
  for (const call of calls) call.answer();
  expect(await Promise.all([first, urgent])).toEqual(['took first', 'took urgent']);
});

it('a call that fails before its turn fails for an item that still waits', async () => {
  const { take, calls } = makeCalls();
  const first = take('first');
  const urgent = take('urgent', true);
  expect(calls[0]!.goOn()).toBe('urgent');
  calls[1]!.fail();
  await expect(first).rejects.toThrow('failed');
  calls[0]!.answer();
  expect(await urgent).toBe('took urgent');
});

it('an item that gives up takes no call along that carries another, and leaves the others a call each', async () => {
  const { take, calls } = makeCalls();
  const late = new AbortController();
  const first = take('first', false, late.signal);
  const second = take('second');
  const urgent = take('urgent', true);
  expect(calls[0]!.goOn()).toBe('urgent');
  late.abort(new Error('too late'));
  await expect(first).rejects.toThrow('too late');
  expect(calls[0]!.goOn()).toBe('urgent');
  expect(calls[1]!.goOn()).toBe('second');
  expect(() => calls[2]!.goOn()).toThrow('too late');
  for (const call of calls) call.answer();
  expect(await Promise.all([second, urgent])).toEqual(['took second', 'took urgent']);
});

it('every item is carried once, or fails once, whatever the order of turns, answers and failures', async () => {
  const event = fc.record({ what: fc.constantFrom('take', 'urgent', 'turn', 'answer', 'fail'), which: fc.nat() });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const { take, calls } = makeCalls();
      const items: Promise<string>[] = [];
      const carried = new Map<number, string>();
      const ended = new Set<number>();
      const end = (index: number, how: 'answer' | 'fail'): void => {
        ended.add(index);
        calls[index]![how]();
      };
      for (const { what, which } of events) {
        const open = calls.map((_, index) => index).filter((index) => !ended.has(index));
        const index = open[which % Math.max(1, open.length)];
        if (what === 'take' || what === 'urgent')
          items.push(take(`${items.length}`, what === 'urgent').catch((error: Error) => error.message));
        else if (index === undefined) continue;
        else if (what === 'turn') carried.set(index, calls[index]!.goOn());
        else if (what === 'fail' || carried.has(index)) end(index, what === 'fail' ? 'fail' : 'answer');
        await Promise.resolve();
      }
      for (const index of calls.keys()) {
        if (ended.has(index)) continue;
        carried.set(index, calls[index]!.goOn());
        end(index, 'answer');
      }
      const answers = await Promise.all(items);
      expect(new Set(carried.values()).size).toBe(carried.size);
      for (const [name, answer] of answers.entries()) {
        if (answer.startsWith('took')) expect(answer).toBe(`took ${name}`);
      }
    }),
  );
});

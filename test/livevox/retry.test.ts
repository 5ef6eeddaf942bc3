import { describe, expect, it } from 'vitest';
import type { Reply, ReplyKind } from '../../src/livevox/reply.ts';
import { chooseDelayMs, type MethodKind, maxAttempts, sendWithRetries } from '../../src/livevox/retry.ts';
import { makeStillClock, type StillClock } from './odd-server.ts';

function reply(kind: ReplyKind, retryAfterMs?: number): Reply {
  return { kind, message: kind, retryAfterMs, body: undefined } as unknown as Reply;
}

function replay(kind: MethodKind, replies: readonly (Reply | Error)[], signal?: AbortSignal, clock = makeStillClock()) {
  let sent = 0;
  const deps = { clock, random: () => 0.5, onRepeat: () => {} };
  const send = async (): Promise<Reply> => {
    const next = replies[Math.min(sent, replies.length - 1)]!;
    sent += 1;
    if (next instanceof Error) throw next;
    return next;
  };
  return { clock, sent: () => sent, end: sendWithRetries(deps, kind, send, signal) };
}

describe('chooseDelayMs', () => {
  const kinds: readonly ReplyKind[] = [
    'unreachable',
    'limited',
    'unavailable',
    'failed',
    'lost',
    'refused',
    'not_found',
    'session_refused',
    'forbidden',
    'redirected',
    'unreadable',
    'done',
  ];
  it.each<[MethodKind, readonly ReplyKind[]]>([
    ['read', ['unreachable', 'limited', 'unavailable', 'failed', 'lost']],
    ['update', ['unreachable', 'limited', 'unavailable']],
    ['create', ['unreachable', 'limited']],
  ])('a %s is repeated after %j and nothing else', (kind, expected) => {
    expect(kinds.filter((each) => chooseDelayMs(kind, reply(each), 1, 0.5) !== undefined)).toEqual(expected);
  });

  it('backs off twice as long each time, with jitter around it', () => {
    const delays = [1, 2, 3].map((attempt) => chooseDelayMs('read', reply('failed'), attempt, 0.5));
    expect(delays).toEqual([500, 1000, 2000]);
    expect(chooseDelayMs('read', reply('failed'), 1, 0)).toBe(250);
    expect(chooseDelayMs('read', reply('failed'), 1, 0.999)).toBe(750);
  });

  it('Retry-After beats our own back-off and is never undercut', () => {
    expect(chooseDelayMs('create', reply('limited', 20_000), 1, 0)).toBe(20_000);
    expect(chooseDelayMs('create', reply('limited', 20_000), 3, 0.9)).toBeGreaterThanOrEqual(20_000);
  });

  it('a wait of more than a minute is left to the caller', () => {
    expect(chooseDelayMs('read', reply('limited', 61_000), 1, 0.5)).toBeUndefined();
  });

  it('there is no attempt after the last', () => {
    expect(chooseDelayMs('read', reply('failed'), maxAttempts, 0.5)).toBeUndefined();
  });
});

describe('sendWithRetries', () => {
  it('gives the first final reply', async () => {
    const run = replay('read', [reply('failed'), reply('lost'), reply('done')]);
    expect((await run.end).kind).toBe('done');
    expect(run.clock.slept).toEqual([500, 1000]);
  });

  it('gives the last reply when the attempts are used up', async () => {
    const run = replay('read', [reply('failed')]);
    expect((await run.end).kind).toBe('failed');
    expect(run.sent()).toBe(4);
  });

  it.each<[ReplyKind | 'error']>([['unreachable'], ['limited'], ['forbidden'], ['session_refused'], ['error']])(
    'an update that may have been processed stays uncertain after %s',
    async (then) => {
      const next = then === 'error' ? new Error('login refused') : reply(then, 90_000);
      const run = replay('update', [reply('unavailable'), next]);
      expect((await run.end).kind).toBe('unavailable');
    },
  );

  it('an update that was unavailable and then went through is done', async () => {
    expect((await replay('update', [reply('unavailable'), reply('done')]).end).kind).toBe('done');
  });

  it('an error of an attempt with no doubt before it is thrown', async () => {
    await expect(replay('update', [reply('limited'), new Error('login refused')]).end).rejects.toThrow('login refused');
  });

  it('an aborted write under way stays uncertain, an aborted read throws the reason', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    expect((await replay('create', [reply('lost')], signal).end).kind).toBe('lost');
    await expect(replay('read', [reply('lost')], signal).end).rejects.toThrow('stopped');
    await expect(replay('create', [reply('unreachable')], signal).end).rejects.toThrow('stopped');
  });

  it('a wait ends when the signal aborts', async () => {
    const controller = new AbortController();
    const clock: StillClock = {
      ...makeStillClock(),
      sleep: async () => {
        controller.abort(new Error('stopped'));
        controller.signal.throwIfAborted();
      },
    };
    const run = replay('read', [reply('failed')], controller.signal, clock);
    await expect(run.end).rejects.toThrow('stopped');
    expect(run.sent()).toBe(1);
  });
});

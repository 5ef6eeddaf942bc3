import { DelayedError, UnrecoverableError, WaitingError } from 'bullmq';
import { describe, expect, test, vi } from 'vitest';
import { type Attempt, chooseVerdict, describeFailure, obeyVerdict, toQueueText } from '../../jobs/failure.ts';
import { ConfigError, FatalError, HeldError, RateLimitedError, RetriableError } from '../../src/errors.ts';

const first: Attempt = { attemptsMade: 0, attempts: 3, starts: 1, stopping: false };
const last: Attempt = { ...first, attemptsMade: 2, starts: 3 };

describe('chooseVerdict', () => {
  test.each([new FatalError('No.'), new ConfigError('No.'), new HeldError('No.')])(
    '%s is given up at once',
    (error) => {
      expect(chooseVerdict(error, first)).toEqual({ kind: 'give_up', reason: 'No.' });
    },
  );

  test('what may pass is tried again until the attempts are used up', () => {
    expect(chooseVerdict(new RetriableError('Later.'), first)).toEqual({ kind: 'retry', reason: 'Later.' });
    expect(chooseVerdict(new RetriableError('Later.'), last)).toEqual({ kind: 'give_up', reason: 'Later.' });
  });

  test('an error that is not ours is tried again', () => {
    expect(chooseVerdict(new TypeError('x'), first).kind).toBe('retry');
  });

  test('a rate limit is waited for, even when no attempt is left', () => {
    const limited = new RateLimitedError('Slow down.', 1_500);
    expect(chooseVerdict(limited, last)).toEqual({ kind: 'delay', reason: 'Slow down.', delayMs: 1_500 });
  });

  test('a rate limit without a time is waited for half a minute', () => {
    expect(chooseVerdict(new RateLimitedError('Slow down.', undefined), first)).toMatchObject({ delayMs: 30_000 });
  });

  test('a rate limit that never ends is given up', () => {
    expect(chooseVerdict(new RateLimitedError('Slow down.', 1), { ...last, starts: 500 }).kind).toBe('give_up');
  });

  test('whatever a stopping worker breaks off is resumed', () => {
    expect(chooseVerdict(new FatalError('No.'), { ...last, stopping: true }).kind).toBe('resume');
  });
});

describe('describeFailure', () => {
  test('the message of an error that is not ours does not reach the queue', () => {
    const error = Object.assign(new Error('invalid input syntax: "Jane Doe"'), { code: '22P02' });
    expect(describeFailure(error)).toBe("Unexpected Error 22P02; the run's record says more (lvsync status).");
  });

  test('something thrown that is no error is told apart from one', () => {
    expect(describeFailure('Jane Doe')).toBe("Unexpected string; the run's record says more (lvsync status).");
  });
});

describe('toQueueText', () => {
  test('NUL and half surrogate pairs, which Postgres refuses, are taken out', () => {
    expect(toQueueText('a\0b\ud83dc')).toBe('ab\ufffdc');
  });

  test('a cut in the middle of a surrogate pair leaves no half of it', () => {
    const text = toQueueText(`${'x'.repeat(499)}😀`);
    expect(text.isWellFormed()).toBe(true);
    expect(text).toHaveLength(500);
  });
});

describe('obeyVerdict', () => {
  const now = new Date(1_000);
  const makeJob = () => ({ moveToDelayed: vi.fn(async () => {}), moveToWait: vi.fn(async () => {}) });

  test('done returns, retry throws, give up is unrecoverable', async () => {
    const job = makeJob();
    await obeyVerdict({ kind: 'done' }, job, 'token', now);
    await expect(obeyVerdict({ kind: 'retry', reason: 'r' }, job, 'token', now)).rejects.toThrow(new Error('r'));
    const givenUp = obeyVerdict({ kind: 'give_up', reason: 'r' }, job, 'token', now);
    await expect(givenUp).rejects.toBeInstanceOf(UnrecoverableError);
    expect(job.moveToDelayed).not.toHaveBeenCalled();
    expect(job.moveToWait).not.toHaveBeenCalled();
  });

  test('a delay moves the job to its time, resuming moves it back into the queue', async () => {
    const job = makeJob();
    const delayed = obeyVerdict({ kind: 'delay', reason: 'r', delayMs: 500 }, job, 'token', now);
    await expect(delayed).rejects.toBeInstanceOf(DelayedError);
    expect(job.moveToDelayed).toHaveBeenCalledWith(1_500, 'token');
    const resumed = obeyVerdict({ kind: 'resume', reason: 'r' }, job, 'token', now);
    await expect(resumed).rejects.toBeInstanceOf(WaitingError);
    expect(job.moveToWait).toHaveBeenCalledWith('token');
  });
});

/** The queue itself, the same on both stores: what becomes of a job by its verdict, and who sees whose jobs. */
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBackend } from '../../jobs/backend.ts';
import type { Verdict } from '../../jobs/failure.ts';
import type { ActiveJob, NewJob, QueuePort } from '../../jobs/queue-port.ts';
import { RetriableError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { setupInstallation, setupQueue, storeKinds } from './installation.ts';

const job: NewJob = { queue: 'diff', name: 'diff', id: 'one', payload: { tenant: 'acme' } };

/** Works the queue; each job gets the next verdict, and `done` when there is none left. Returns the jobs as they came. */
function setupScript(queue: QueuePort, verdicts: readonly Verdict[]): ActiveJob[] {
  const seen: ActiveJob[] = [];
  const worker = queue.startWorker('diff', async (active) => {
    seen.push(active);
    return verdicts[seen.length - 1] ?? { kind: 'done' };
  });
  onTestFinished(() => worker.close());
  return seen;
}

async function waitForCounts(queue: QueuePort, counts: Readonly<Record<string, number>>): Promise<void> {
  await expect.poll(() => queue.selectCounts('diff'), { timeout: 10_000 }).toMatchObject(counts);
}

describe.each(storeKinds)('the queue on %s', (kind) => {
  test('waiting for a rate limit and being resumed do not count as attempts, a retry does', async () => {
    const queue = await setupQueue(await setupInstallation(kind));
    const seen = setupScript(queue, [
      { kind: 'delay', reason: 'slow down', delayMs: 20 },
      { kind: 'resume', reason: 'stopping' },
      { kind: 'retry', reason: 'later' },
    ]);
    await queue.add(job);
    await waitForCounts(queue, { completed: 1, failed: 0, delayed: 0 });
    expect(seen.map(({ attemptsMade, starts }) => [attemptsMade, starts])).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 4],
    ]);
    expect(seen[0]).toEqual({ id: 'one', payload: { tenant: 'acme' }, attemptsMade: 0, attempts: 10, starts: 1 });
  });

  test('what is given up is not begun again', async () => {
    const queue = await setupQueue(await setupInstallation(kind));
    const seen = setupScript(queue, [{ kind: 'give_up', reason: 'never' }]);
    await queue.add(job);
    await waitForCounts(queue, { completed: 0, failed: 1, delayed: 0, waiting: 0 });
    expect(seen).toHaveLength(1);
  });

  test('a job that comes after a failed one fails unbegun, or begins where it is meant to', async () => {
    const queue = await setupQueue(await setupInstallation(kind));
    const first: NewJob = { ...job, id: 'first' };
    await queue.add({ ...job, id: 'last', after: { ...job, id: 'second', after: first, onFailure: 'begin' } });
    const seen = setupScript(queue, [{ kind: 'give_up', reason: 'never' }]);
    await waitForCounts(queue, { completed: 1, failed: 2 });
    expect(seen.map(({ id }) => id)).toEqual(['first', 'last']);
  });

  test('a job added twice is one, before and after it is done', async () => {
    const queue = await setupQueue(await setupInstallation(kind));
    await queue.add(job);
    await queue.add(job);
    const seen = setupScript(queue, []);
    await waitForCounts(queue, { completed: 1 });
    await queue.add(job);
    await queue.add({ ...job, id: 'two' });
    await waitForCounts(queue, { completed: 2, waiting: 0 });
    expect(seen.map(({ id }) => id)).toEqual(['one', 'two']);
  });

  test('two installations do not take each other’s jobs', async () => {
    const mine = await setupQueue(await setupInstallation(kind));
    const theirs = await setupQueue(await setupInstallation(kind));
    const taken = setupScript(theirs, []);
    await mine.add(job);
    await theirs.add({ ...job, id: 'theirs' });
    await waitForCounts(theirs, { completed: 1, waiting: 0 });
    expect(taken.map(({ id }) => id)).toEqual(['theirs']);
    await waitForCounts(mine, { completed: 0, waiting: 1 });
  });

  test('twenty may open it at once', async () => {
    const place = await setupInstallation(kind);
    const config = await place.load();
    const opened = await Promise.all(
      Array.from({ length: 20 }, () => openBackend(config, place.database.url, silentLog)),
    );
    await Promise.all(opened.map((queue) => queue.close()));
  });
});

describe('openBackend', () => {
  test('a Redis that does not answer is named in one sentence, without its password', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const place = await setupInstallation('postgres', { env: { REDIS_URL: `redis://me:secret@127.0.0.1:${port}` } });
    const opening = openBackend(await place.load(), place.database.url, silentLog);
    await expect(opening).rejects.toThrow(RetriableError);
    await expect(opening).rejects.toThrow(
      new RegExp(`^The Redis at 127.0.0.1:${port} cannot be used: .*ECONNREFUSED.*Check REDIS_URL`),
    );
    await expect(opening).rejects.toThrow(/^(?!.*secret)/);
  });
});

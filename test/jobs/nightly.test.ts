/** Nightlies through workers: what ends as what, on both stores. */
import { describe, expect, test } from 'vitest';
import { enqueueNightly, makeFlow, makeOpenJob } from '../../jobs/nightly.ts';
import type { NewJob } from '../../jobs/queue-port.ts';
import { parsePayload } from '../../jobs/queues.ts';
import { wayOf } from '../../src/pipeline.ts';
import { openRun } from '../../src/store/index.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { fetchCreates } from '../support/sandbox-admin.ts';
import { setupQueue, storeKinds } from './installation.ts';
import { setupNightly, setupWorker, startWorkerProcess, waitForEndedRuns } from './nightly-setup.ts';
import { selectStoredJobs } from './stored-jobs.ts';

const runId = '6b1f3c52-5a0d-4f5e-9f0e-0d6b9a3c1e77';

function toChain(job: NewJob): readonly NewJob[] {
  return job.after === undefined ? [job] : [...toChain(job.after), job];
}

describe('makeFlow', () => {
  test('the steps of a sync come one after the other, and close comes last', () => {
    const chain = toChain(makeFlow('acme', runId));
    expect(chain.map((job) => job.name)).toEqual([...wayOf.sync.map(({ step }) => step), 'close']);
    expect(chain.slice(0, -1).map((job) => job.queue)).toEqual(wayOf.sync.map(({ step }) => step));
  });

  test('every id comes from the run, so the same flow added twice is one', () => {
    const ids = toChain(makeFlow('acme', runId)).map((job) => job.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(new RegExp(`^${runId}-(\\d+|close)$`));
  });

  test('a failed step fails those after it, but close begins all the same', () => {
    const steps = toChain(makeFlow('acme', runId)).slice(0, -1);
    expect(steps.map((job) => job.onFailure)).toEqual([...steps.slice(1).map(() => 'fail'), 'begin']);
  });

  test('payloads are what their queues take: ids', () => {
    for (const job of toChain(makeFlow('acme', runId)))
      expect(parsePayload(job.queue, job.payload)).toEqual(job.payload);
  });
});

describe.each(storeKinds)('a nightly on %s', (kind) => {
  test('two tenants side by side in one worker process are proven, and the queue holds nothing but ids', async () => {
    const place = await setupNightly(kind, [{ name: 'acme' }, { name: 'beta' }]);
    const queue = await setupQueue(place);
    const worker = startWorkerProcess(place);
    await Promise.all(place.tenants.map(({ name }) => enqueueNightly(queue, name)));
    const runs = await waitForEndedRuns(place, 2);
    expect(runs.map((run) => [run.tenant, run.state]).sort()).toEqual([
      ['acme', 'proven'],
      ['beta', 'proven'],
    ]);
    for (const { record, sandbox } of place.tenants) {
      expect((await compareWithRecord(sandbox, record)).differences).toEqual([]);
      expect(await fetchCreates(sandbox, 2)).toEqual({});
    }
    const jobs = await selectStoredJobs(place, kind);
    expect(jobs).toHaveLength(2 * (wayOf.sync.length + 2));
    for (const { payload } of jobs)
      expect(['tenant', 'runId', 'ordinal']).toEqual(expect.arrayContaining(Object.keys(payload)));
    for (const { text } of jobs) expect(text).not.toMatch(/Oakfield|NEW-0|@example|demo-password/);
    worker.child.kill('SIGTERM');
    expect(await worker.finished).toMatchObject({ code: 0 });
  });

  test('enqueued twice it runs twice, once at a time', async () => {
    const place = await setupNightly(kind, [{ name: 'acme' }]);
    const queue = await setupQueue(place);
    await enqueueNightly(queue, 'acme');
    await enqueueNightly(queue, 'acme');
    await setupWorker(place);
    const [first, second] = await waitForEndedRuns(place, 2);
    expect([first?.state, second?.state]).toEqual(['proven', 'proven']);
    expect(second?.started_at.getTime()).toBeGreaterThanOrEqual(first?.ended_at?.getTime() ?? Number.NaN);
  });

  test('refused credentials end the run as failed, a guard ends it as held, and no job is left over', async () => {
    const place = await setupNightly(kind, [
      { name: 'acme', password: 'wrong' },
      { name: 'beta', guards: { maxCreates: 1 } },
    ]);
    const queue = await setupQueue(place);
    await Promise.all(place.tenants.map(({ name }) => enqueueNightly(queue, name)));
    await setupWorker(place);
    const runs = await waitForEndedRuns(place, 2);
    expect(runs.map((run) => [run.tenant, run.state]).sort()).toEqual([
      ['acme', 'failed'],
      ['beta', 'held'],
    ]);
    await expect
      .poll(async () => {
        const { active, waiting, delayed, 'waiting-children': after } = await queue.selectCounts('nightly');
        return [active, waiting, delayed, after];
      })
      .toEqual([0, 0, 0, 0]);
  });

  test('a schedule that is due starts one', async () => {
    const place = await setupNightly(kind, [{ name: 'acme' }]);
    const queue = await setupQueue(place);
    const at = new Date(Date.now() + 2_000);
    const cron = `${at.getUTCSeconds()} ${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
    await queue.putSchedule({ id: 'nightly-acme', queue: 'nightly', cron, timeZone: 'UTC' }, makeOpenJob('acme'));
    await setupWorker(place);
    expect(await waitForEndedRuns(place, 1)).toMatchObject([{ tenant: 'acme', state: 'proven' }]);
    const [next] = await queue.selectSchedules();
    expect((next?.nextAt?.getTime() ?? 0) - at.getTime()).toBeGreaterThan(23 * 3_600_000);
  });

  test('when the queue was lost in the middle of a run, the next one takes its place once it has been silent', async () => {
    const place = await setupNightly(kind, [{ name: 'acme' }]);
    const { store } = place.database;
    await openRun(store, { tenant: 'acme', kind: 'sync', startedFrom: 'job', dedupKey: 'lost' });
    await store.pool.query(`update sync.runs set heartbeat_at = now() - interval '3 minutes'`);
    await enqueueNightly(await setupQueue(place), 'acme');
    await setupWorker(place);
    expect((await waitForEndedRuns(place, 2)).map((run) => run.state)).toEqual(['interrupted', 'proven']);
  });
});

/** Workers that die or are stopped in the middle of a step: the next one goes on, on both stores. */
import { describe, expect, test } from 'vitest';
import { enqueueNightly } from '../../jobs/nightly.ts';
import { wayOf } from '../../src/pipeline.ts';
import type { Running } from '../support/lvsync.ts';
import { compareWithRecord } from '../support/record-differences.ts';
import { addFaults, clearFaults, fetchCreates, waitForRequest } from '../support/sandbox-admin.ts';
import { type StoreKind, setupQueue, storeKinds } from './installation.ts';
import {
  type NightlyPlace,
  selectRuns,
  setupNightly,
  startImpatientWorker,
  startWorkerProcess,
  waitForEndedRuns,
} from './nightly-setup.ts';
import { pretendStalls } from './stored-jobs.ts';

type Fault = Parameters<typeof addFaults>[1];
type StartWorker = (place: NightlyPlace) => Running;

const slowCreate: Fault = { route: 'bulk-create', kind: 'latency', ms: 1_500, nth: 1 };
const endlessDownload: Fault = { route: 'bulk-download', kind: 'hang', nth: 1 };

/** A nightly whose worker is in the middle of the step that the fault holds up. */
async function setupHeldUp(
  kind: StoreKind,
  fault: Fault,
  start: StartWorker = startImpatientWorker,
): Promise<{ readonly place: NightlyPlace; readonly worker: Running }> {
  const place = await setupNightly(kind, [{ name: 'acme' }]);
  const { sandbox } = place.tenant;
  await addFaults(sandbox, fault);
  await enqueueNightly(await setupQueue(place), 'acme');
  const worker = start(place);
  await waitForRequest(sandbox, fault.route, (entry) => entry.status === null);
  return { place, worker };
}

async function kill({ place, worker }: { readonly place: NightlyPlace; readonly worker: Running }): Promise<void> {
  worker.child.kill('SIGKILL');
  expect((await worker.finished).signal).toBe('SIGKILL');
  await clearFaults(place.tenant.sandbox);
}

async function expectProven(place: NightlyPlace): Promise<void> {
  const { sandbox, record } = place.tenant;
  expect(await waitForEndedRuns(place, 1)).toMatchObject([{ state: 'proven' }]);
  expect((await compareWithRecord(sandbox, record)).differences).toEqual([]);
  expect(await fetchCreates(sandbox, 2)).toEqual({});
}

describe.each(storeKinds)('a worker on %s', (kind) => {
  test('killed in the middle of the push: the next one finishes the run, and no account is created twice', async () => {
    const heldUp = await setupHeldUp(kind, slowCreate);
    await kill(heldUp);
    startImpatientWorker(heldUp.place);
    await expectProven(heldUp.place);
  });

  test('stopped in a step that goes on too long: the step is put back, and the next one goes on at once', async () => {
    const { place, worker } = await setupHeldUp(kind, endlessDownload);
    worker.child.kill('SIGTERM');
    expect(await worker.finished).toMatchObject({ code: 0, stderr: expect.stringContaining('job.put_back') });
    expect(await selectRuns(place)).toMatchObject([{ state: 'running' }]);
    startImpatientWorker(place);
    await expectProven(place);
  });

  test('killed too often in the same step: the run ends as failed, and the next nightly is free to run', async () => {
    const heldUp = await setupHeldUp(kind, slowCreate);
    const { place } = heldUp;
    const [run] = await selectRuns(place);
    const ordinal = wayOf.sync.findIndex(({ step }) => step === 'push') + 1;
    await pretendStalls(place, kind, 'push', `${run?.id}-${ordinal}`, 5);
    await kill(heldUp);
    startImpatientWorker(place);
    const message = `Step ${ordinal} (push) was given up: the workers that began it died`;
    expect(await waitForEndedRuns(place, 1)).toMatchObject([{ state: 'failed', message }]);
    await enqueueNightly(await setupQueue(place), 'acme');
    expect(await waitForEndedRuns(place, 2)).toMatchObject([{ state: 'failed' }, { state: 'proven' }]);
  });
});

describe('a worker whose database connections are cut', () => {
  test.each(storeKinds)('goes on by itself, with the queue on %s', async (kind) => {
    const { place, worker } = await setupHeldUp(kind, slowCreate);
    await place.database.store.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await expectProven(place);
    expect(worker.child.exitCode).toBeNull();
    worker.child.kill('SIGTERM');
    expect(await worker.finished).toMatchObject({ code: 0 });
  });
});

describe('a worker whose step heeds no signal', () => {
  test('ends all the same, and leaves the run to the next one', async () => {
    const { place, worker } = await setupHeldUp('postgres', endlessDownload);
    const holder = await place.database.store.pool.connect();
    try {
      // The step's own bookkeeping waits in the database, where no signal reaches it.
      await holder.query('begin');
      await holder.query('lock table sync.run_steps in access exclusive mode');
      worker.child.kill('SIGTERM');
      expect(await worker.finished).toMatchObject({ code: 1, stderr: expect.stringContaining('"ended":"abandoned"') });
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    expect(await selectRuns(place)).toMatchObject([{ state: 'running' }]);
  });
});

describe('lvsync worker', () => {
  test('killed in the middle of the push: another one has finished the run within a minute', async () => {
    const heldUp = await setupHeldUp('postgres', slowCreate, startWorkerProcess);
    await kill(heldUp);
    startWorkerProcess(heldUp.place);
    await expectProven(heldUp.place);
  }, 90_000);
});

/** Reconciles and sweeps as jobs, beside a nightly and after a killed worker, on both stores. */
import { describe, expect, test } from 'vitest';
import { enqueueNightly } from '../../jobs/nightly.ts';
import { enqueueReconcile } from '../../jobs/reconcile.ts';
import { makeSweepJob } from '../../jobs/sweep.ts';
import { addFaults, clearFaults, fetchAllContacts, waitForRequest } from '../support/sandbox-admin.ts';
import { setupQueue, storeKinds } from './installation.ts';
import { selectRuns, setupNightly, setupWorker, startImpatientWorker, waitForEndedRuns } from './nightly-setup.ts';
import { selectStoredJobs } from './stored-jobs.ts';

describe.each(storeKinds)('jobs on %s', (kind) => {
  test('a killed worker loses neither the nightly nor the reconcile that waits beside it', async () => {
    const place = await setupNightly(kind, [{ name: 'acme' }]);
    const { sandbox } = place.tenant;
    const queue = await setupQueue(place);
    const accounts = [...(await fetchAllContacts(sandbox)).keys()].slice(0, 3);
    await addFaults(sandbox, { route: 'bulk-create', kind: 'latency', ms: 1_500, nth: 1 });
    await enqueueNightly(queue, 'acme');
    const worker = startImpatientWorker(place);
    await waitForRequest(sandbox, 'bulk-create', (entry) => entry.status === null);
    const request = { tenant: 'acme', accounts, apply: false, systemOfRecord: null };
    await enqueueReconcile(queue, place.database.store, request);
    worker.child.kill('SIGKILL');
    await worker.finished;
    await clearFaults(sandbox);
    startImpatientWorker(place);
    const runs = await waitForEndedRuns(place, 2);
    const [nightly, look] = ['sync', 'reconcile'].map((of) => runs.find((run) => run.kind === of));
    expect([nightly?.state, look?.message]).toEqual(['proven', expect.stringContaining('3 contacts looked at')]);
    // The look did not wait for the nightly's end.
    expect(look?.ended_at?.getTime()).toBeLessThan(nightly?.ended_at?.getTime() ?? 0);
    for (const { text } of await selectStoredJobs(place, kind)) {
      for (const account of accounts) expect(text).not.toContain(account);
    }
  });

  test('one of all contacts waits for the nightly, and a sweep for both; none overlaps another', async () => {
    const place = await setupNightly(kind, [{ name: 'acme' }]);
    const queue = await setupQueue(place);
    await enqueueNightly(queue, 'acme');
    const request = { tenant: 'acme', accounts: null, apply: true, systemOfRecord: null };
    await enqueueReconcile(queue, place.database.store, request);
    await queue.add({ ...makeSweepJob('acme', 'rolling'), id: 'a-sweep' });
    await setupWorker(place);
    await waitForEndedRuns(place, 3);
    const runs = await selectRuns(place);
    expect(runs.map(({ kind: of, state }) => [of, state]).sort()).toEqual([
      ['reconcile', 'proven'],
      ['sweep', 'proven'],
      ['sync', 'proven'],
    ]);
    for (const [index, run] of runs.slice(1).entries()) {
      expect(run.started_at.getTime()).toBeGreaterThanOrEqual(runs[index]?.ended_at?.getTime() ?? Number.NaN);
    }
  });
});

/** What a worker does with jobs that nobody can do: their runs end, and say why; and with nights that were missed. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { missedAfterMs } from '../../jobs/nightly.ts';
import { processJob } from '../../jobs/process-job.ts';
import type { ActiveJob, NewJob } from '../../jobs/queue-port.ts';
import type { Log, LogFacts } from '../../src/log.ts';
import { silentLog } from '../../src/log.ts';
import { silentProgress } from '../../src/progress.ts';
import { openRun, selectRun } from '../../src/store/index.ts';
import { openWorkplace } from '../../src/wiring.ts';
import { type Installation, setupInstallation } from './installation.ts';

const first = { attemptsMade: 0, attempts: 10, starts: 1, dueAt: undefined };
const never = new AbortController().signal;

type Told = { readonly event: string; readonly facts: LogFacts | undefined };

/** Does jobs as a worker would; what it has put into the queue and told. */
async function processIn(place: Installation, name: Parameters<typeof processJob>[1], job: ActiveJob) {
  const added: NewJob[] = [];
  const told: Told[] = [];
  const tell = (event: string, facts?: LogFacts): void => void told.push({ event, facts });
  const log: Log = { ...silentLog, info: tell, warn: tell, error: tell, with: () => log };
  const workplace = await openWorkplace(await place.load(), { log, progress: silentProgress });
  const queue = { add: async (one: NewJob) => void added.push(one) };
  const verdict = await processJob({ place: workplace, queue, log, breakOff: never }, name, job, never);
  await workplace.close();
  return { verdict, added, told };
}

describe('a tenant that the config does not know any more', () => {
  test('ends its run as failed, with what to do', async () => {
    const place = await setupInstallation('postgres', { content: { tenants: { beta: {} } } });
    const { store } = place.database;
    const runId = await openRun(store, { tenant: 'acme', kind: 'sync', startedFrom: 'job', dedupKey: 'gone' });
    const payload = { tenant: 'acme', runId, ordinal: 2 };
    const { verdict } = await processIn(place, 'verify', { ...first, id: `${runId}-2`, payload });
    expect(verdict.kind).toBe('give_up');
    expect(await selectRun(store.pool, runId)).toMatchObject({
      state: 'failed',
      message:
        "Tenant acme is not in this worker's config any more; put it back, or run lvsync schedule to remove what is planned for it.",
    });
  });

  test('the same for a run that its one job has opened', async () => {
    const place = await setupInstallation('postgres', { content: { tenants: { beta: {} } } });
    const { store } = place.database;
    const runId = await openRun(store, { tenant: 'acme', kind: 'sweep', startedFrom: 'job', dedupKey: 'a-sweep' });
    const payload = { tenant: 'acme', sweep: 'whole' };
    await processIn(place, 'sweep', { ...first, id: 'a-sweep', payload });
    expect((await selectRun(store.pool, runId))?.state).toBe('failed');
  });
});

describe('a reconcile that nobody knows any more', () => {
  test('is given up', async () => {
    const place = await setupInstallation('postgres');
    const payload = { tenant: 'acme', reconcileId: randomUUID() };
    const { verdict } = await processIn(place, 'reconcile', { ...first, id: 'r', payload });
    expect(verdict).toMatchObject({ kind: 'give_up', reason: expect.stringContaining('ask again') });
  });
});

describe('a nightly that is late', () => {
  const late = (byMs: number): Date => new Date(Date.now() - byMs);

  async function open(missed: string, job: Partial<ActiveJob>) {
    const schedule = { nightly: { cron: '30 2 * * *', missed } };
    const place = await setupInstallation('postgres', { content: { tenants: { acme: { schedule } } } });
    const done = await processIn(place, 'nightly', { ...first, id: 'n', payload: { tenant: 'acme' }, ...job });
    return { ...done, missed: done.told.filter(({ event }) => event === 'schedule.missed') };
  }

  test('was missed: it is caught up, and said', async () => {
    const { added, missed } = await open('catch_up', { dueAt: late(2 * missedAfterMs) });
    expect([added.length, missed[0]?.facts]).toEqual([1, expect.objectContaining({ tenant: 'acme', caughtUp: true })]);
  });

  test('was missed, and is only to be reported: no run is opened', async () => {
    const { verdict, added, missed } = await open('report', { dueAt: late(2 * missedAfterMs) });
    expect([verdict.kind, added.length, missed[0]?.facts?.['caughtUp']]).toEqual(['done', 0, false]);
  });

  test.each([
    ['a little late', { dueAt: late(missedAfterMs / 2) }],
    ['begun before by a worker that died', { dueAt: late(2 * missedAfterMs), starts: 2 }],
    ['put there by a person', { dueAt: undefined }],
  ])('%s is not missed', async (_, job) => {
    const { added, missed } = await open('report', job);
    expect([added.length, missed]).toEqual([1, []]);
  });
});

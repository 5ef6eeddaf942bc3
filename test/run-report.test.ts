/** What a run says that was stopped at its time: how much is left, which of it are blocks, and what went wrong besides. */

import { expect, test } from 'vitest';
import { systemClock } from '../src/clock.ts';
import type { TenantDeps } from '../src/pipeline.ts';
import { toReport } from '../src/run-report.ts';
import { markStepEnded, markStepStarted, openRun, type StepCounts } from '../src/store/index.ts';
import { setupDatabase } from './support/database.ts';
import { storePlan } from './support/stored-plan.ts';

/** A plan of 3 blocks and 2 updates, the first block sent and given `verdict`, and a run whose push ended with `counts`. */
async function setup(counts: StepCounts, verdict: string, isAllSent = false) {
  const { store } = await setupDatabase();
  const patch = { lvAccountId: '17', changes: {}, sends: {} };
  const { changeSetId } = await storePlan(store, {
    tenant: 'main',
    patches: [
      ...['A1', 'A2', 'A3'].map(
        (account) => ({ ...patch, account, operation: 'block', endpoint: 'multi_dnd' }) as const,
      ),
      ...['B1', 'B2'].map((account) => ({ ...patch, account, operation: 'update', endpoint: 'bulk_update' }) as const),
    ],
  });
  await store.pool.query(
    `insert into sync.chunks (change_set_id, seq, operation, endpoint, size_rows, state) values ($1, 1, 'block', 'multi_dnd', 1, 'accepted')`,
    [changeSetId],
  );
  await store.pool.query(`update sync.patches set chunk_seq = 1, verdict = $1 where seq = 1 or $2`, [
    verdict,
    isAllSent,
  ]);
  await store.pool.query(`update sync.change_sets set state = 'pushing'`);
  const runId = await openRun(store, { tenant: 'main', kind: 'apply', startedFrom: 'command' });
  await markStepStarted(store.pool, runId, 1, 'push');
  await markStepEnded(store.pool, runId, 1, { state: 'done', counts });
  const tenant = {
    name: 'main',
    timeZone: 'UTC',
    suppressions: { targetMs: 900_000, legalBusinessDays: 10, holidays: [] },
  };
  const livevox = () => ({ requestCounts: {} });
  const deps = { store, tenant, clock: systemClock, livevox } as unknown as TenantDeps;
  return { changeSetId, report: await toReport(deps, runId, changeSetId) };
}

const stopped = { stoppedAt: '06:00', notSent: 4, blocksNotSent: 2 };

test('what is left, and the blocks among it', async () => {
  const { changeSetId, report } = await setup(stopped, 'confirmed');
  expect([report.state, report.message]).toEqual([
    'not_proven',
    `stopped at 06:00 as asked: 4 of 5 patches not sent, 2 of them blocks; lvsync apply ${changeSetId} goes on`,
  ]);
});

test('what broke besides is not hidden behind it', async () => {
  const { report } = await setup({ ...stopped, blocksNotSent: 0 }, 'not_taken');
  expect(report.message).toMatch(
    /^stopped at 06:00 as asked: 4 of 5 patches not sent; .* goes on \(1 sent but not taken\)$/,
  );
});

test('a push that had sent everything by then is judged like any other', async () => {
  const { report } = await setup(stopped, 'confirmed', true);
  expect([report.state, report.message]).toEqual(['proven', 'proven: 0 differences left']);
});

test('a push that was not stopped does not say it was', async () => {
  const { report } = await setup({ chunks: 1 }, 'confirmed');
  expect(report.message).toBe('not proven: 4 differences left (4 not sent)');
});

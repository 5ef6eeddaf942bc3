/** Puts a nightly into the queue and lets workers at it, which are struck while the faults are on; and a last nightly that must reach the end. */
import { setTimeout } from 'node:timers/promises';
import { openBackend } from '../../jobs/backend.ts';
import { enqueueNightly } from '../../jobs/nightly.ts';
import type { QueuePort } from '../../jobs/queue-port.ts';
import { loadConfig } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { findDifferences } from './findings.ts';
import type { Place } from './place.ts';
import { changeTheRecord, findRefused, lastPatienceMs, letLoose, type Run, strike, untilMoment } from './run.ts';
import { continueZombie } from './run-commands.ts';
import type { Attempt } from './scenario.ts';

/** Until all attempts of the scenario are over. */
export async function runNightlies(run: Run): Promise<void> {
  const { scenario } = run;
  await withQueue(run.place, (queue) => enqueueNightly(queue, 'main'));
  await letLoose(run);
  for (const [index, attempt] of scenario.attempts.entries()) {
    await runWorker(run, attempt);
    if (index === scenario.recordChangesAfter) await changeTheRecord(run);
  }
}

/** A worker until its nightly has ended, or for some seconds, or until it is killed. */
async function runWorker(run: Run, { blow, moment }: Attempt): Promise<void> {
  const worker = run.place.worker();
  const continued = continueZombie(run);
  const ended = untilNightlyEnded(run.place, Date.now() + 12_000);
  await Promise.race([untilMoment(run, worker, moment), ended]);
  if (blow !== 'none') await strike(run, worker, blow);
  if (blow === 'cut' || blow === 'none') await ended;
  await continued;
  if (run.zombie === worker) return;
  const state = (await selectNightly(run.place))?.state;
  if (state === 'proven' && run.versions.length === 1)
    run.violations.push(...(await findDifferences(run.place, run.excepted)));
  worker.child.kill('SIGKILL');
  const { code, signal } = await worker.finished;
  run.ends.push(`worker ${state ?? 'unopened'} ${code ?? signal}`);
}

/** One nightly that must be proven. */
export async function endWithWorker(run: Run): Promise<void> {
  const { place } = run;
  const startedAt = new Date();
  await withQueue(place, (queue) => enqueueNightly(queue, 'main'));
  const worker = place.worker();
  const giveUpAt = Date.now() + lastPatienceMs;
  let last: { state: string; message: string | null } | undefined;
  while (Date.now() < giveUpAt && (last === undefined || last.state === 'running')) {
    await setTimeout(150);
    const sql = 'select state, message from sync.runs where started_at > $1 order by started_at desc limit 1';
    [last] = await place.select<{ state: string; message: string | null }>(sql, [startedAt]);
  }
  worker.child.kill('SIGTERM');
  await worker.finished;
  run.ends.push(`nightly ${last?.state ?? 'unopened'}`);
  const isRefused = last?.state === 'not_proven' && (await findRefused(run)).size > 0;
  if (last?.state !== 'proven' && !isRefused)
    run.violations.push(`the last nightly ended as ${last?.state ?? 'nothing'}: ${last?.message}`);
}

/** As two minutes of silence would: a nightly whose worker is gone may be passed by. */
export async function forgetNightly(place: Place): Promise<void> {
  await place.select(`update sync.runs set heartbeat_at = now() - interval '3 minutes' where state = 'running'`);
}

async function withQueue<Answer>(place: Place, work: (queue: QueuePort) => Promise<Answer>): Promise<Answer> {
  const config = await loadConfig({ cwd: place.folder, env: { ...place.env } });
  const queue = await openBackend(config, place.databaseUrl, silentLog);
  return work(queue).finally(() => queue.close());
}

async function selectNightly(place: Place): Promise<{ readonly state: string } | undefined> {
  const rows = await place.select<{ state: string }>('select state from sync.runs order by started_at desc limit 1');
  return rows[0];
}

async function untilNightlyEnded(place: Place, giveUpAt: number): Promise<void> {
  while (Date.now() < giveUpAt) {
    const run = await selectNightly(place);
    if (run !== undefined && run.state !== 'running') return;
    await setTimeout(100);
  }
}

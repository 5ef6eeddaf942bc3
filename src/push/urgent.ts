/**
 * Takes in urgent plans - blocks that somebody asked for while a push is under way - and sends them beside it: in a lane that is busy their
 * call is the next, in an idle one it starts at once. What the plan under way would send against them is left out of it. A lift that has
 * left already, or a request with a number that is to be blocked, is waited for: the block must not overtake it.
 */
import { phoneOrdinals, type Sends } from '../contact/index.ts';
import { LvsyncError, toLogReason } from '../errors.ts';
import {
  FencedError,
  leaveOutStopped,
  markChangeSetPushed,
  selectStoppedNumbers,
  selectUrgentChangeSets,
} from '../store/index.ts';
import { type OpenPlan, openPlan } from './open-plan.ts';
import type { Leaving, PushRun } from './push-run.ts';

/** How often a push that is busy looks for urgent plans, milliseconds; it looks before each of its requests as well. */
const lookEveryMs = 1_000;

/** Sends all of a plan that can be sent now. */
type SendPlan = (plan: OpenPlan, beforeClaim: () => Promise<void>) => Promise<void>;

/**
 * Does `work`, which calls `look` whenever it can take something in between, and sends what comes in meanwhile. Ends when both have.
 * @throws what made the work fail, or the sending
 */
export async function withUrgentPlans(
  run: PushRun,
  sendPlan: SendPlan,
  work: (look: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const known = new Set([run.input.changeSetId]);
  const sending: Promise<void>[] = [];
  const takeIn = async (): Promise<void> => {
    for (const id of await selectUrgentChangeSets(run.deps.store.pool, run.input.tenant)) {
      if (known.has(id)) continue;
      known.add(id);
      const plan = await openUrgent(run, id);
      if (plan !== undefined) sending.push(sendUrgent(run, plan, sendPlan));
    }
  };
  const look = oneAtATime(takeIn);
  const ended = new AbortController();
  const looking = lookRegularly(run, look, ended.signal);
  const working = work(look).catch((error: unknown) => run.failed.abort(error));
  await working;
  ended.abort();
  await looking;
  if (!run.failed.signal.aborted) await look().catch((error: unknown) => run.failed.abort(error));
  await Promise.all(sending);
  run.failed.signal.throwIfAborted();
}

/** A plan that cannot be pushed is passed over: it must not keep the one under way from going on. */
async function openUrgent(run: PushRun, urgentId: string): Promise<OpenPlan | undefined> {
  const { deps, fence, input, counts } = run;
  try {
    const plan = await openPlan(run, urgentId, true);
    const { tenant, changeSetId } = input;
    if (changeSetId !== undefined && run.isOpen)
      counts.leftOut += await leaveOutStopped(deps.store, fence, { tenant, changeSetId });
    deps.log.info('push.urgent', { changeSet: urgentId });
    return plan;
  } catch (error) {
    if (!(error instanceof LvsyncError) || error instanceof FencedError) throw error;
    deps.log.warn('push.urgent.passed_over', { changeSet: urgentId, reason: toLogReason(error) });
    return undefined;
  }
}

async function sendUrgent(run: PushRun, plan: OpenPlan, sendPlan: SendPlan): Promise<void> {
  try {
    await awaitContradicting(run, plan.changeSetId);
    await sendPlan(plan, async () => {});
    await markChangeSetPushed(run.deps.store.pool, plan.changeSetId);
  } catch (error) {
    run.failed.abort(error);
  }
}

/** Lifts that have left, and what brings a number that the plan blocks: their blocks must come after them. */
async function awaitContradicting({ deps, underWay }: PushRun, urgentId: string): Promise<void> {
  const numbers = new Set(await selectStoppedNumbers(deps.store.pool, [urgentId]));
  const isContradicting = ({ chunk, rows }: Leaving): boolean =>
    chunk.operation === 'lift' || (chunk.operation !== 'block' && rows.some(({ sends }) => bringsOpen(sends, numbers)));
  await Promise.all([...underWay].filter(isContradicting).map(({ over }) => over));
}

/** As the store decides it (stopped-numbers.ts). */
function bringsOpen(sends: Sends, numbers: ReadonlySet<string>): boolean {
  return phoneOrdinals.some((ordinal) => {
    const number = sends[`phone${ordinal}`]?.replace(/\D/g, '').slice(-10);
    const verb = sends[`phone${ordinal}Block`] ?? '';
    return number !== undefined && numbers.has(number) && verb !== 'PERMANENT' && verb !== 'BOTH';
  });
}

async function lookRegularly(run: PushRun, look: () => Promise<void>, ended: AbortSignal): Promise<void> {
  const stop = AbortSignal.any([ended, run.failed.signal]);
  while (!stop.aborted) {
    try {
      await look();
    } catch (error) {
      run.failed.abort(error);
      return;
    }
    await run.deps.clock.sleep(lookEveryMs, stop).catch(() => {
      // It was told to stop.
    });
  }
}

/** Whoever calls while a call is under way waits for that one. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  return () => {
    current ??= work().finally(() => {
      current = undefined;
    });
    return current;
  };
}

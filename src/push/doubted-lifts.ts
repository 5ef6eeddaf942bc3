/**
 * Lifts whose answer was lost in this push: they may still be at work in LiveVox. A stop of the same contact waits until they have had their
 * time (`push.settleSeconds`), or it might be overtaken, and taken back. Those of earlier pushes have had it before this one began.
 */
import type { WriteAnswer } from '../livevox/index.ts';
import type { Leaving, PushRun } from './push-run.ts';

/** Called when the answer is there, before whoever waits for the lift goes on. */
export function noteDoubtedLift({ deps, doubtedLifts }: PushRun, { chunk }: Leaving, { kind }: WriteAnswer): void {
  if (chunk.operation !== 'lift' || kind !== 'unknown') return;
  for (const { account } of chunk.patches) doubtedLifts.set(account, deps.clock.now());
}

/** Returns when the stops of an urgent chunk may leave. @throws the reason of the signal that ends the push */
export async function awaitDoubtedLifts(run: PushRun, { chunk, isUrgent }: Leaving): Promise<void> {
  const { deps, doubtedLifts, failed, input } = run;
  if (!isUrgent) return;
  const lostAt = chunk.patches.map(({ account }) => doubtedLifts.get(account)?.getTime() ?? 0);
  const waitMs = Math.max(...lostAt) + input.push.settleMs - deps.clock.now().getTime();
  if (waitMs <= 0) return;
  await deps.clock.sleep(waitMs, AbortSignal.any([failed.signal, ...(input.signal ? [input.signal] : [])]));
}

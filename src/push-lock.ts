/**
 * Who may send for a tenant, apart from who runs: a push holds its lock, and so does who takes the requests of a dead process for lost. A block that
 * somebody asks for takes it while a run pulls, compares or sweeps.
 */
import type { Clock } from './clock.ts';
import type { TenantConfig } from './config.ts';
import type { Log } from './log.ts';
import { holdTenant, markLostChunks, type Store } from './store/index.ts';

type PushLockDeps = {
  readonly tenant: Pick<TenantConfig, 'name' | 'push'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
};

/** The one other holder is a block that sends, which is a matter of seconds. */
const pushWaitMs = 600_000;

/** `work` is told when the lock is lost. */
export async function withPushLock<T>(
  { store, tenant, clock }: PushLockDeps,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lock = await holdTenant(store, tenant.name, { what: 'push', clock, waitMs: pushWaitMs, signal });
  try {
    return await work(AbortSignal.any([lock.signal, signal]));
  } finally {
    await lock.release();
  }
}

/** Requests of dead processes are in doubt from here on. The push lock is held: nobody else can be sending. Gives when the youngest one left. */
export async function takeLost({ store, tenant, log }: PushLockDeps): Promise<Date | null> {
  const lost = await markLostChunks(store.pool, tenant.name);
  if (lost.chunks > 0) log.warn('push.chunks.lost', { chunks: lost.chunks });
  return lost.youngestAt;
}

/**
 * Requests whose answer is unknown - their process died, or the connection broke - may still be working at LiveVox. They are given a
 * moment before anything is read or sent, so that the read-back sees what they did. A kill in the wait starts it anew.
 */
export async function waitForLost(
  { tenant, clock }: PushLockDeps,
  sentAt: Date | null,
  signal: AbortSignal,
): Promise<void> {
  if (sentAt === null) return;
  const waitMs = sentAt.getTime() + tenant.push.settleMs - clock.now().getTime();
  if (waitMs > 0) await clock.sleep(Math.min(waitMs, tenant.push.settleMs), signal);
}

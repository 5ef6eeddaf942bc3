/**
 * Two runs of one tenant never overlap: whoever works for a tenant holds its advisory lock on a connection of its own.
 * The lock dies with the process, so a killed run blocks nobody. If the connection is lost while the process lives, the
 * lock is lost too: `signal` is aborted, and the work must stop.
 */
import pg from 'pg';
import type { Clock } from '../clock.ts';
import { RetriableError } from '../errors.ts';
import type { Store } from './connection.ts';

export type TenantLock = {
  /** Aborted when the lock is lost. */
  readonly signal: AbortSignal;
  readonly release: () => Promise<void>;
};

export type TenantLockOptions = {
  readonly clock: Clock;
  /** How long to wait for another run to end, milliseconds: a killed one needs a moment to be noticed. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
};

const retryMs = 100;

/** Takes the tenant's lock, or throws RetriableError after `waitMs`. */
export async function holdTenant(store: Store, tenant: string, options: TenantLockOptions): Promise<TenantLock> {
  const lock = await tryHoldTenant(store, tenant, options);
  if (lock !== undefined) return lock;
  throw new RetriableError(
    `Another run of tenant ${tenant} is going on; wait for it to end (lvsync status) and try again.`,
  );
}

/** The same, but undefined when it is not free within `waitMs`. */
export async function tryHoldTenant(
  store: Store,
  tenant: string,
  options: TenantLockOptions,
): Promise<TenantLock | undefined> {
  const client = new pg.Client({ ...store.pool.options, application_name: 'lvsync-lock' });
  const lost = new AbortController();
  const onLost = (): void =>
    lost.abort(new RetriableError(`The lock of tenant ${tenant} was lost with its database connection; run again.`));
  client.on('error', onLost);
  await client.connect();
  try {
    if (!(await waitForLock(client, tenant, options))) {
      client.off('error', onLost);
      await client.end();
      return undefined;
    }
  } catch (error) {
    await client.end();
    throw error;
  }
  client.on('end', onLost);
  return {
    signal: lost.signal,
    release: async () => {
      client.off('end', onLost);
      await client.end();
    },
  };
}

async function waitForLock(client: pg.Client, tenant: string, options: TenantLockOptions): Promise<boolean> {
  const giveUpAt = options.clock.now().getTime() + options.waitMs;
  for (;;) {
    const result = await client.query<{ held: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('lvsync tenant ' || $1, 0)) as held`,
      [tenant],
    );
    if (result.rows[0]?.held === true) return true;
    if (options.clock.now().getTime() >= giveUpAt) return false;
    await options.clock.sleep(retryMs, options.signal);
  }
}

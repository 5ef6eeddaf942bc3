/**
 * Two runs of one tenant never overlap: whoever works for a tenant holds its advisory lock on a connection of its own. Whoever sends, or takes
 * the chunks of a dead process for lost, holds a second one meanwhile: blocks that somebody asks for do not wait for the run, only for
 * its push, which sends them itself. Who needs both takes the tenant's first.
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
  /** @default 'tenant' */
  readonly what?: 'tenant' | 'push';
  readonly clock: Clock;
  /** How long to wait for another run to end, milliseconds: a killed one needs a moment to be noticed. */
  readonly waitMs: number;
  /**
   * Whether to stand in line: who asks again and again may never find the lock free between two steps of a run whose next step comes
   * at once. @default false
   */
  readonly isQueued?: boolean;
  readonly signal?: AbortSignal;
};

const retryMs = 100;
/** How long one stands in line before looking whether to go on, milliseconds. */
const queuedMs = 1_000;
const lockTimedOut = '55P03';

/** Takes the tenant's lock, or throws RetriableError after `waitMs`. */
export async function holdTenant(store: Store, tenant: string, options: TenantLockOptions): Promise<TenantLock> {
  const lock = await tryHoldTenant(store, tenant, options);
  if (lock !== undefined) return lock;
  const busy = options.what === 'push' ? 'push' : 'run';
  throw new RetriableError(
    `Another ${busy} of tenant ${tenant} is going on; wait for it to end (lvsync status) and try again.`,
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
  if (options.isQueued === true) await client.query(`set lock_timeout = ${queuedMs}`);
  for (;;) {
    const held =
      options.isQueued === true ? await standInLine(client, tenant, options) : await tryLock(client, tenant, options);
    if (held) return true;
    options.signal?.throwIfAborted();
    if (options.clock.now().getTime() >= giveUpAt) return false;
    if (options.isQueued !== true) await options.clock.sleep(retryMs, options.signal);
  }
}

async function tryLock(client: pg.Client, tenant: string, { what }: TenantLockOptions): Promise<boolean> {
  const result = await client.query<{ held: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('lvsync ' || $2 || ' ' || $1, 0)) as held`,
    [tenant, what ?? 'tenant'],
  );
  return result.rows[0]?.held === true;
}

/** Postgres hands the lock to who has waited longest, before anybody else can try it. */
async function standInLine(client: pg.Client, tenant: string, { what }: TenantLockOptions): Promise<boolean> {
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('lvsync ' || $2 || ' ' || $1, 0))`, [
      tenant,
      what ?? 'tenant',
    ]);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === lockTimedOut) return false;
    throw error;
  }
}

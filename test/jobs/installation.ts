/**
 * An installation of its own for the running test: database, queue, folder, config file and environment, as an operator
 * would have them. With it the test opens the queue itself or starts real processes.
 */
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { openBackend } from '../../jobs/backend.ts';
import type { QueuePort } from '../../jobs/queue-port.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { selectDatabaseIdentity } from '../../src/store/index.ts';
import { setupDatabase, setupNewDatabase, type TestDatabase } from '../support/database.ts';
import { setupFolder } from '../support/folder.ts';
import { redisUrl } from '../support/redis.ts';

export type StoreKind = 'postgres' | 'redis';

/** The stores the queue can be in here; the global set-up says so when Redis is not among them. */
export const storeKinds: readonly StoreKind[] = redisUrl === undefined ? ['postgres'] : ['postgres', 'redis'];

export type Installation = {
  readonly database: TestDatabase;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The config as it stands in the folder now. */
  readonly load: () => Promise<Config>;
};

export type InstallationOptions = {
  /** What stands in lvsync.config.json. @default one tenant `acme` with nothing configured */
  readonly content?: object;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** @default a migrated one */
  readonly database?: TestDatabase;
};

/** Keys in Redis are named after the database: a database that another test had would bring that test's jobs with it. */
export async function setupInstallation(kind: StoreKind, options: InstallationOptions = {}): Promise<Installation> {
  const database = options.database ?? (await (kind === 'redis' ? setupNewDatabase() : setupDatabase()));
  const content = JSON.stringify(options.content ?? { tenants: { acme: {} } });
  const folder = await setupFolder({ 'lvsync.config.json': content, ...options.files });
  const queue: Record<string, string> = kind === 'redis' ? { REDIS_URL: redisUrl ?? '' } : {};
  const env = { DATABASE_URL: database.url, LVSYNC_HOME: `${folder}/home`, ...queue, ...options.env };
  return { database, folder, env, load: () => loadConfig({ cwd: folder, env }) };
}

/** Opens the installation's queue, as workers and commands do; closed when the test is over. */
export async function setupQueue({ database, load }: Installation): Promise<QueuePort> {
  const queue = await openBackend(await load(), database.url, silentLog);
  onTestFinished(() => queue.close());
  return queue;
}

/** The beginning of the installation's keys in Redis. */
export async function selectPrefix({ database }: Installation): Promise<string> {
  const identity = await selectDatabaseIdentity(database.store.pool);
  return `lvsync-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`;
}

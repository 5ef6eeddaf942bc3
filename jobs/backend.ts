/**
 * The one place that chooses where the queue lives: Redis when one is configured, else the workplace's own Postgres, in the
 * schema `bullmq`. Both do the same for us; the rest of the program sees only queue-port.ts. In Redis the
 * keys bear the identity of the database, so that several installations may share one without taking each other's jobs.
 */
import { createHash } from 'node:crypto';
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  createRedisBackend,
  runMigrations,
  SchemaMigrationRequiredError,
  withBackend,
} from 'bullmq';
import pg from 'pg';
import type { Config } from '../src/config.ts';
import { FatalError, RetriableError, toMessage } from '../src/errors.ts';
import type { Log } from '../src/log.ts';
import { isRedisCluster, makeRedisClient, toRedisPlace } from '../src/redis/index.ts';
import { closeStore, openStore, selectDatabaseIdentity } from '../src/store/index.ts';
import { type BackendParts, makeBackend } from './make-backend.ts';
import type { QueuePort } from './queue-port.ts';
import { queueNames } from './queues.ts';

/** Opens the queue, making its tables in Postgres when they are not there yet. Throws one sentence that names the place. */
export async function openBackend(config: Config, databaseUrl: string, log: Log): Promise<QueuePort> {
  const telemetry = config.traces && (await import('./telemetry.ts')).makeTelemetry();
  if (config.redisUrl !== undefined) return openRedis(config.redisUrl.reveal(), databaseUrl, { log, telemetry });
  return openPostgres(databaseUrl, { log, telemetry }, makeTables);
}

/** The same for one who only looks: makes nothing, and returns undefined when there is no queue yet. */
export async function openBackendIfMade(config: Config, databaseUrl: string, log: Log): Promise<QueuePort | undefined> {
  if (config.redisUrl !== undefined) return openRedis(config.redisUrl.reveal(), databaseUrl, { log });
  try {
    return await openPostgres(databaseUrl, { log }, async (client) => void (await assertSchemaCompatibility(client)));
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return undefined;
    throw error;
  }
}

/** One listening connection for each worker, and some for everything else. */
const maxConnections = queueNames.length + 5;

type Told = Pick<BackendParts<unknown>, 'log' | 'telemetry'>;

async function openPostgres(
  url: string,
  told: Told,
  prepare: (client: pg.PoolClient) => Promise<void>,
): Promise<QueuePort> {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: 'lvsync-queue',
    connectionTimeoutMillis: 10_000,
    // BullMQ's statements name its tables without their schema.
    options: '-c search_path=bullmq,public',
  });
  // Every queue and worker listens for errors of the pool they share.
  pool.setMaxListeners(50);
  pool.on('error', () => {});
  try {
    const client = await pool.connect();
    await prepare(client).finally(() => client.release());
  } catch (error) {
    await pool.end();
    throw error;
  }
  return makeBackend('postgres', withBackend(createPostgresBackend), {
    connection: pool,
    ...told,
    end: () => pool.end(),
  });
}

/** Safe from several processes at once. */
async function makeTables(client: pg.PoolClient): Promise<void> {
  try {
    await runMigrations(client);
  } catch (error) {
    throw new FatalError(
      `The queue's tables cannot be made: ${toMessage(error)}. Let the user of DATABASE_URL create schemas, or set REDIS_URL.`,
      { cause: error },
    );
  }
}

async function openRedis(url: string, databaseUrl: string, told: Told): Promise<QueuePort> {
  await assertRedisAnswers(url);
  const installation = `lvsync-${await selectInstallation(databaseUrl)}`;
  // The braces keep all of them on one node of a cluster, which BullMQ's scripts need.
  const prefix = isRedisCluster(url) ? `{${installation}}` : installation;
  // Commands wait while the connection is lost, which is what BullMQ asks for.
  const redis = makeRedisClient(url, { maxRetriesPerRequest: null });
  redis.on('error', () => {});
  const end = async (): Promise<void> => void (await redis.quit());
  return makeBackend('redis', withBackend(createRedisBackend), { connection: redis, prefix, ...told, end });
}

async function assertRedisAnswers(url: string): Promise<void> {
  const redis = makeRedisClient(url, {
    lazyConnect: true,
    connectTimeout: 10_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: unknown;
  redis.on('error', (error) => {
    cause = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new RetriableError(
      `The Redis at ${toRedisPlace(url)} cannot be used: ${toMessage(cause ?? error)}. Check REDIS_URL and that the server runs.`,
      { cause: error },
    );
  } finally {
    redis.disconnect();
  }
}

/** A short name of the installation, the same in all its processes. */
async function selectInstallation(databaseUrl: string): Promise<string> {
  const store = await openStore(databaseUrl, { maxConnections: 1 });
  try {
    return createHash('sha256')
      .update(await selectDatabaseIdentity(store.pool))
      .digest('hex')
      .slice(0, 12);
  } finally {
    await closeStore(store);
  }
}

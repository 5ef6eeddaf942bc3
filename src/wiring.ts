/**
 * Builds what commands and workers work with, from the config: the store, the clients, the embedded Postgres where no other is
 * given. The only file that constructs them; whoever asks gets them as arguments.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from './clock.ts';
import { type Config, chooseTenant, type LimitConfig, type TenantConfig } from './config.ts';
import { openEmbedded } from './embedded/index.ts';
import { ConfigError, FatalError, toMessage } from './errors.ts';
import { type LaneUse, selectLaneUse } from './lane-use.ts';
import {
  LiveVoxClient,
  type LiveVoxOptions,
  type RequestWatch,
  toLaneName,
  toLanesName,
  vendorMethods,
} from './livevox/index.ts';
import type { Log } from './log.ts';
import type { Progress } from './progress.ts';
import { makeRedisSessions, makeRedisSlots, openRedis } from './redis/index.ts';
import type { TenantDeps } from './step-context.ts';
import {
  closeStore,
  makeStoredSessions,
  makeStoredSlots,
  migrate,
  openStore,
  type Store,
  selectMissingMigrations,
} from './store/index.ts';

export type { LaneUse } from './lane-use.ts';
export type { RequestWatch } from './livevox/index.ts';

/** The API methods that a configuration may name. */
export const vendorMethodNames: readonly string[] = vendorMethods.map(({ name }) => name);

export type Workplace = {
  readonly store: Store;
  /** Connection string of the database in use: the queue lives there when no Redis is configured. */
  readonly databaseUrl: string;
  /** Migrations that were applied when it was opened, by file name. */
  readonly applied: readonly string[];
  /** The parts for one tenant; without a name, for the only one. Throws ConfigError when there is none of that name. */
  readonly tenant: (name?: string) => TenantDeps;
  /** How much of each limit is used now, over all processes: of configured limits, and of learnt ones where this process calls. */
  readonly laneUse: () => Promise<readonly LaneUse[]>;
  /** Closes connections; the embedded Postgres stops when nobody else uses it. */
  readonly close: () => Promise<void>;
};

export type WorkplaceOptions = {
  readonly log: Log;
  readonly progress: Progress;
  /** `apply`: bring the schema up to date first. `check`: refuse an out-of-date schema. @default 'apply' when embedded, else 'check' */
  readonly migrations?: 'apply' | 'check';
  /** Who counts the requests for a tenant. @default nobody */
  readonly watch?: (tenant: string) => RequestWatch;
};

/** Opens the database and makes ready to work. Throws one-sentence errors that name what cannot be reached. */
export async function openWorkplace(config: Config, options: WorkplaceOptions): Promise<Workplace> {
  await prepareHome(config.home);
  const stopTraces = config.traces && (await (await import('./traces.ts')).startTraces(config.traces));
  const database = await openDatabase(config, options.log);
  const clients = new Map<string, LiveVoxClient>();
  let store: Store | undefined;
  let shared: SharedLanes | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([...clients.values()].map((client) => client.close()));
    await shared?.close();
    if (store !== undefined) await closeStore(store);
    await database.close();
    await stopTraces?.();
  };
  try {
    store = await openStore(database.url);
    const applied = await prepareSchema(
      store,
      options.migrations ?? (config.databaseUrl === undefined ? 'apply' : 'check'),
    );
    const opened = { store, lanes: openSharedLanes(config, store), clients };
    shared = opened.lanes;
    const tenant = (name?: string): TenantDeps => makeTenantDeps(config, chooseTenant(config, name), opened, options);
    const laneUse = (): Promise<readonly LaneUse[]> => selectAllLaneUse(config.tenants, opened);
    return { store, databaseUrl: database.url, applied, tenant, laneUse, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The home holds contacts' files: nobody else may read it, and no repository takes it in. */
async function prepareHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(path.join(home, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new FatalError(`${home} cannot be used: ${toMessage(error)}. Set LVSYNC_HOME to a folder of your own.`, {
      cause: error,
    });
  }
}

type Database = { readonly url: string; readonly close: () => Promise<void> };

async function openDatabase(config: Config, log: Log): Promise<Database> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl.reveal(), close: async () => {} };
  return openEmbedded({ home: config.home, log });
}

async function prepareSchema(store: Store, mode: 'apply' | 'check'): Promise<readonly string[]> {
  if (mode === 'apply') return (await migrate(store)).applied;
  const missing = await selectMissingMigrations(store);
  if (missing.length > 0)
    throw new FatalError(`The database lacks ${missing.length} migrations; run lvsync migrate first.`);
  return [];
}

export type SharedLanes = Required<Pick<LiveVoxOptions, 'sharedSlots' | 'sharedSessions'>> & {
  readonly close: () => Promise<void>;
};

/** The one place that chooses where processes share their slots and sessions: in Redis when one is configured, else in Postgres. */
export function openSharedLanes(config: Pick<Config, 'redisUrl'>, store: Store): SharedLanes {
  if (config.redisUrl === undefined) {
    return { sharedSlots: makeStoredSlots(store), sharedSessions: makeStoredSessions(store), close: async () => {} };
  }
  const redis = openRedis(config.redisUrl.reveal());
  return {
    sharedSlots: makeRedisSlots(redis),
    sharedSessions: makeRedisSessions(redis, systemClock),
    close: redis.close,
  };
}

/** Of the tenants whose credentials are known here. */
async function selectAllLaneUse(
  tenants: readonly TenantConfig[],
  { lanes, clients }: Opened,
): Promise<readonly LaneUse[]> {
  const used = tenants.map((tenant) =>
    selectLaneUse(lanes.sharedSlots, tenant, Object.keys(clients.get(tenant.name)?.requestCounts ?? {})),
  );
  return (await Promise.all(used)).flat();
}

/** What LiveVox has taught of a method. Lanes are named by who calls: without credentials nobody knows which is meant. */
export async function selectLearntLimit(
  { sharedSlots }: SharedLanes,
  tenant: TenantConfig,
  method: string,
): Promise<LimitConfig | undefined> {
  try {
    const lane = toLaneName(toLanesName(tenant.baseUrl, tenant.credentials), method);
    return (await sharedSlots.starts(lane, 0)).learnt;
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

type Opened = {
  readonly store: Store;
  readonly lanes: SharedLanes;
  readonly clients: Map<string, LiveVoxClient>;
};

function makeTenantDeps(
  config: Config,
  tenant: TenantConfig,
  { store, lanes, clients }: Opened,
  { log, progress, watch }: WorkplaceOptions,
): TenantDeps {
  const livevox = (): LiveVoxClient => {
    const known = clients.get(tenant.name);
    if (known !== undefined) return known;
    const { baseUrl, credentials, timeZone, inFlight, limits, requestTimeoutMs } = tenant;
    const { sharedSlots, sharedSessions } = lanes;
    const made = new LiveVoxClient({
      baseUrl,
      credentials,
      timeZone,
      inFlight,
      limits,
      requestTimeoutMs,
      sharedSlots,
      sharedSessions,
      clock: systemClock,
      log,
      watch: watch?.(tenant.name),
    });
    clients.set(tenant.name, made);
    return made;
  };
  return {
    tenant,
    spoolFolder: path.join(config.home, 'spool', tenant.name),
    store,
    livevox,
    clock: systemClock,
    log,
    progress,
    learntLimit: (method) => selectLearntLimit(lanes, tenant, method),
  };
}

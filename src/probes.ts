/**
 * The counterparts one by one, for `lvsync doctor`: each is opened alone, so that one which is broken keeps nobody from looking at the others.
 * Changes nothing: no schema is brought up to date, no embedded Postgres is made, nothing is sent but a login and reads of lists.
 */
import { systemClock } from './clock.ts';
import type { LimitConfig, Places, TenantConfig } from './config.ts';
import { hasEmbedded, openEmbedded } from './embedded/index.ts';
import { LvsyncError, toMessage } from './errors.ts';
import { LiveVoxClient } from './livevox/index.ts';
import type { Log } from './log.ts';
import { openRedis, type RedisFacts, readRedisFacts } from './redis/index.ts';
import { closeStore, openStore, type Store } from './store/index.ts';
import { openSharedLanes, selectLearntLimit, vendorMethodNames } from './wiring.ts';

export type { RedisFacts } from './redis/index.ts';

export type ProbedDatabase = { readonly store: Store; readonly url: string; readonly close: () => Promise<void> };

/** The database as it is. Undefined: it is the embedded one, and no command has made it yet. @throws one sentence when it cannot be reached */
export async function probeDatabase({ databaseUrl, home }: Places, log: Log): Promise<ProbedDatabase | undefined> {
  if (databaseUrl === undefined && !hasEmbedded(home)) return undefined;
  const server =
    databaseUrl === undefined
      ? await openEmbedded({ home, log })
      : { url: databaseUrl.reveal(), close: async (): Promise<void> => {} };
  try {
    const store = await openStore(server.url, { maxConnections: 2, applicationName: 'lvsync-doctor' });
    const close = async (): Promise<void> => {
      await closeStore(store);
      await server.close();
    };
    return { store, url: server.url, close };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** @throws one sentence when it cannot be reached */
export async function probeRedis(url: string): Promise<RedisFacts> {
  const redis = openRedis(url);
  return readRedisFacts(redis).finally(() => redis.close());
}

type ProbedMethod = {
  /** The vendor's name of the method. */
  readonly method: string;
  readonly outcome: 'allowed' | 'forbidden' | 'failed';
  /** One sentence where it was not allowed. */
  readonly message?: string;
};

export type ProbedLiveVox = {
  /** LiveVox's clock minus ours, milliseconds; the Date header has whole seconds, so it is known to about one. */
  readonly skewMs: number;
  /** What the user's role lets it read. What it may write shows only when something is written. */
  readonly methods: readonly ProbedMethod[];
};

/** Logs in, asks for the time, and reads the beginning of each list that a pull reads. @throws one sentence when the login is refused */
export async function probeLiveVox(tenant: TenantConfig, signal: AbortSignal): Promise<ProbedLiveVox> {
  const { baseUrl, credentials, timeZone, requestTimeoutMs } = tenant;
  const client = new LiveVoxClient({ baseUrl, credentials, timeZone, requestTimeoutMs, clock: systemClock });
  try {
    await client.login(signal);
    const askedAt = systemClock.now().getTime();
    const serverNow = await client.fetchServerNow(signal);
    const ours = (askedAt + systemClock.now().getTime()) / 2;
    const skewMs = Math.round(serverNow.getTime() + halfASecond - ours);
    const methods: ProbedMethod[] = [];
    for (const [method, read] of toReads(client, tenant, signal)) methods.push(await probeMethod(method, read));
    return { skewMs, methods };
  } finally {
    await client.close();
  }
}

/** The header has cut its time to the second. */
const halfASecond = 500;

type Reads = readonly (readonly [method: string, read: () => Promise<unknown>])[];

/** Only what the configuration has a use for. */
function toReads(client: LiveVoxClient, { references }: TenantConfig, signal: AbortSignal): Reads {
  const reads: Reads = [
    ['List Custom Field', () => client.customFields.listCustomFields(signal)],
    ['List Contact Group', () => readFirst(client.contactGroups.listContactGroup(signal))],
    ['List Agents', () => readFirst(client.agents.listAgents({}, signal))],
    ['List Agent Skills', () => readFirst(client.agentSkills.listAgentSkills({}, signal))],
  ];
  const wanted = [true, references.contactGroups, references.agents, references.agentSkills];
  return reads.filter((_, index) => wanted[index]);
}

async function readFirst(list: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of list) return;
}

/** Vendor method → the limit that LiveVox has taught. Empty where nothing is learnt, or the credentials are missing. */
export async function probeLearntLimits(
  tenant: TenantConfig,
  places: Places,
  store: Store,
): Promise<Readonly<Record<string, LimitConfig>>> {
  const lanes = openSharedLanes(places, store);
  try {
    const learnt: Record<string, LimitConfig> = {};
    for (const method of vendorMethodNames) {
      const limit = await selectLearntLimit(lanes, tenant, method);
      if (limit !== undefined) learnt[method] = limit;
    }
    return learnt;
  } finally {
    await lanes.close();
  }
}

async function probeMethod(method: string, read: () => Promise<unknown>): Promise<ProbedMethod> {
  try {
    await read();
    return { method, outcome: 'allowed' };
  } catch (error) {
    const isForbidden = error instanceof LvsyncError && error.facts['httpStatus'] === 403;
    return { method, outcome: isForbidden ? 'forbidden' : 'failed', message: toMessage(error) };
  }
}

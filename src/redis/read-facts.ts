/** What `lvsync doctor` wants to know of the Redis: whether jobs may be thrown away, and whether they outlive a restart. Reads INFO alone. */
import type { SharedRedis } from './connection.ts';

export type RedisFacts = {
  /** As the server says it; empty when it does not. */
  readonly version: string;
  /** `noeviction` keeps every key; any other policy may throw jobs away. */
  readonly maxmemoryPolicy: string;
  /** Bytes; 0: no limit. */
  readonly maxmemory: number;
  readonly usedMemory: number;
  readonly isAofOn: boolean;
  /** Whether snapshots are configured; undefined where the server does not let us ask. */
  readonly isRdbOn: boolean | undefined;
};

/** @throws RetriableError that names the place when it cannot be reached */
export async function readRedisFacts(shared: SharedRedis): Promise<RedisFacts> {
  const info = parseInfo(await shared.run((redis) => redis.info()));
  // Managed servers refuse CONFIG.
  const save = await shared.run((redis) => redis.config('GET', 'save').catch(() => undefined));
  return {
    version: info.get('redis_version') ?? '',
    maxmemoryPolicy: info.get('maxmemory_policy') ?? '',
    maxmemory: Number(info.get('maxmemory') ?? 0),
    usedMemory: Number(info.get('used_memory') ?? 0),
    isAofOn: info.get('aof_enabled') === '1',
    isRdbOn: Array.isArray(save) ? String(save[1] ?? '') !== '' : undefined,
  };
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const at = line.indexOf(':');
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
  });
  return new Map(pairs);
}

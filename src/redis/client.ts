/**
 * The one place that reads a Redis address and makes a client of it: a single server (`redis://`), the master that sentinels know
 * (`redis-sentinel://H1:P,H2:P/NAME`), or a cluster (`redis-cluster://H1:P,H2:P`), each with TLS as `rediss…`. User and password stand
 * before an `@`, and are those of the Redis itself. A client of a cluster takes the same commands; its keys need a tag in braces
 * where they belong together.
 */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { ConfigError } from '../errors.ts';

/** Either takes the commands that are used here. */
export type RedisClient = Redis | Cluster;

type Address = {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** `host:port` of each, without user and password. */
  readonly place: string;
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** The master's name, for sentinels. */
  readonly name: string;
  readonly options: RedisOptions;
};

const defaultPorts = { single: 6_379, sentinel: 26_379, cluster: 6_379 } as const;
const pattern = /^redis(s?)(?:-(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/]+)\/?([^/?]*)$/;

/** A client; it connects at once, unless `lazyConnect` is among the options. @throws ConfigError for an address that cannot be read; the message does not repeat it */
export function makeRedisClient(url: string, options: RedisOptions): RedisClient {
  // What ioredis itself can read, it reads: options in the address are its own.
  if (/^rediss?:\/\//.test(url)) return new Redis(url, options);
  const { kind, nodes, name, options: own } = parseAddress(url);
  const all = { ...options, ...own };
  if (kind === 'cluster') {
    const { retryStrategy, lazyConnect = false, ...redisOptions } = all;
    const strategy = retryStrategy === undefined ? {} : { clusterRetryStrategy: () => null };
    return new Cluster([...nodes], { lazyConnect, ...strategy, redisOptions });
  }
  const sentinelRetryStrategy = options.retryStrategy === undefined ? {} : { sentinelRetryStrategy: () => null };
  const enableTLSForSentinelMode = own.tls !== undefined;
  return new Redis({ ...all, ...sentinelRetryStrategy, enableTLSForSentinelMode, sentinels: [...nodes], name });
}

/** `host:port` of an address, or of all its nodes, without user and password. */
export function toRedisPlace(url: string): string {
  if (URL.canParse(url) && /^rediss?:\/\//.test(url)) return new URL(url).host;
  return pattern.exec(url)?.[4] ?? 'REDIS_URL';
}

/** Whether keys that belong together need a tag. */
export function isRedisCluster(url: string): boolean {
  return /^rediss?-cluster:\/\//.test(url);
}

function parseAddress(url: string): Address {
  const [, tls = '', way, access, place = '', name = ''] = pattern.exec(url) ?? [];
  const kind = way === 'sentinel' || way === 'cluster' ? way : 'single';
  if (place === '' || (kind === 'sentinel' && name === '')) {
    throw new ConfigError(
      'REDIS_URL cannot be read; write redis-sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/NAME or redis-cluster://HOST:PORT,HOST:PORT.',
    );
  }
  const nodes = place.split(',').map((node) => toNode(node, defaultPorts[kind]));
  return { kind, place, nodes, name, options: { ...toAccess(access), ...(tls === '' ? {} : { tls: {} }) } };
}

function toNode(node: string, defaultPort: number): { readonly host: string; readonly port: number } {
  const [, host = node, port] = /^(.*?)(?::(\d+))?$/.exec(node) ?? [];
  return { host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? defaultPort : Number(port) };
}

function toAccess(access: string | undefined): RedisOptions {
  if (access === undefined) return {};
  const [username = '', password] = access.split(':', 2).map(decodeURIComponent);
  return { ...(username === '' ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

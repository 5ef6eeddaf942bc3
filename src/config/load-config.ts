/**
 * Config file + environment → one frozen, validated object, or every problem at once. The environment wins over the file.
 * A tenant's address and credentials may be missing, because half of the commands never call LiveVox: reading them then
 * throws, and `demandCredentials` reports them with all the other problems.
 */
import { resolve } from 'node:path';
import { ConfigError } from '../errors.ts';
import type { Config, MetricsConfig, TracesConfig } from './config.ts';
import { readConfigFile, readDotenv } from './config-file.ts';
import { type Environment, listSecretVariables, readEnvironment } from './environment.ts';
import { type FileConfig, listUnknownMethods, parseFile } from './file-schema.ts';
import { listMissing, makeTenants } from './make-tenants.ts';
import { makeSecret, type Secret } from './secret.ts';
import { readSecretFiles } from './secret-files.ts';

export type LoadConfigOptions = {
  /** Path given with --config; must exist. @default the `lvsync.config.*` in `cwd`, if there is one */
  readonly configFile?: string;
  /** @default the environment of this process */
  readonly env?: Environment;
  /** Where `.env` and the config file are looked for. @default the working folder */
  readonly cwd?: string;
  /** Whether missing LiveVox credentials are a problem. @default false */
  readonly demandCredentials?: boolean;
  /** The tenant whose credentials are demanded. @default every tenant */
  readonly tenant?: string;
  /** The API methods that `inFlight` and `limits` may name. @default not checked here; the client refuses names it does not know */
  readonly vendorMethods?: readonly string[];
};

const onlyTenant = 'default';
const withoutFile: FileConfig = parseFile({ tenants: { [onlyTenant]: {} } }).config as FileConfig;

/** Loads, merges and validates. @throws ConfigError with every problem found, a sentence each */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const cwd = options.cwd ?? process.cwd();
  const written = await readDotenv(cwd, options.env ?? process.env);
  const file = await readConfigFile(cwd, options.configFile);
  const parsed = file.path === undefined ? { config: withoutFile, problems: [] } : parseFile(file.content);
  const names = listTenantNames(parsed.config ?? file.content);
  const named = listNamedVariables(parsed.config);
  const { env, problems: unread } = await readSecretFiles(written, listSecretVariables(names, named), cwd);
  const environment = readEnvironment(env, names, named);
  const tenants = makeTenants(parsed.config, environment.tenants, file, env);
  const fileName = file.path === undefined ? '' : `${options.configFile ?? file.path.slice(file.folder.length + 1)}: `;
  const unknown = options.vendorMethods === undefined ? [] : listUnknownMethods(parsed.config, options.vendorMethods);
  const problems = [
    ...[...parsed.problems, ...unknown].map((problem) => `${fileName}${problem}`),
    ...unread,
    ...environment.problems,
    ...tenants.problems,
    ...(options.demandCredentials === true ? listMissing(environment.tenants, parsed.config, options.tenant) : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const variables = environment.process;
  return Object.freeze({
    home: resolve(cwd, variables.LVSYNC_HOME ?? '.lvsync'),
    databaseUrl: toSecret(variables.DATABASE_URL),
    redisUrl: toSecret(variables.REDIS_URL),
    logLevel: variables.LVSYNC_LOG_LEVEL,
    metrics: makeMetrics(variables.LVSYNC_METRICS_PORT, variables.LVSYNC_METRICS_HOST),
    traces: makeTraces(variables.OTEL_EXPORTER_OTLP_ENDPOINT, variables.OTEL_SERVICE_NAME),
    tenants: Object.freeze(tenants.tenants),
  });
}

/** Tenant names of a file, as far as it can be understood; a file full of problems still says whose variables are meant. */
function listTenantNames(content: unknown): readonly string[] {
  const tenants = (content as { tenants?: unknown } | undefined)?.tenants;
  const names = typeof tenants === 'object' && tenants !== null ? Object.keys(tenants) : [];
  return names.length === 0 ? [onlyTenant] : names;
}

/** Variables whose names a person has chosen. */
function listNamedVariables(config: FileConfig | undefined): readonly string[] {
  const tenants = Object.values(config?.tenants ?? {});
  const sources = tenants.flatMap((tenant) => Object.values(tenant.systemsOfRecord));
  const ofSources = sources.flatMap((source) => ('urlVariable' in source ? [source.urlVariable] : []));
  const ofNotify = tenants.flatMap(({ notify }) => [notify?.urlVariable, notify?.secretVariable]);
  return [...ofSources, ...ofNotify.filter((name) => name !== undefined)];
}

function makeMetrics(port: number | undefined, host = '127.0.0.1'): MetricsConfig | undefined {
  return port === undefined ? undefined : Object.freeze({ port, host });
}

function makeTraces(endpoint: string | undefined, serviceName = 'livevox-sync'): TracesConfig | undefined {
  return endpoint === undefined ? undefined : Object.freeze({ endpoint, serviceName });
}

function toSecret(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : makeSecret(value);
}

/** Where the work is done: what stays known of a configuration that is full of problems. */
export type Places = Pick<Config, 'home' | 'databaseUrl' | 'redisUrl'>;

/** What the environment says of the places, as far as it can be used; its problems are `loadConfig`'s to tell. */
export async function loadPlaces(options: Pick<LoadConfigOptions, 'cwd' | 'env'> = {}): Promise<Places> {
  const cwd = options.cwd ?? process.cwd();
  const written = await readDotenv(cwd, options.env ?? process.env);
  const { env } = await readSecretFiles(written, listSecretVariables([], []), cwd);
  const { process: variables } = readEnvironment(env, [], []);
  return {
    home: resolve(cwd, variables.LVSYNC_HOME ?? '.lvsync'),
    databaseUrl: toSecret(variables.DATABASE_URL),
    redisUrl: toSecret(variables.REDIS_URL),
  };
}

/** LVSYNC_HOME, absolute, without reading anything else: for what has a configuration of its own. */
export function findHome(options: Pick<LoadConfigOptions, 'cwd' | 'env'> = {}): string {
  const env = options.env ?? process.env;
  return resolve(options.cwd ?? process.cwd(), env['LVSYNC_HOME'] ?? '.lvsync');
}

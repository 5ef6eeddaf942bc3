/**
 * One tenant of the config file and its variables → a frozen `TenantConfig`. The environment wins over the file.
 * Address and credentials are getters that throw while something is missing: half of the commands never need them.
 */
import { ConfigError } from '../errors.ts';
import type {
  FanOutConfig,
  GuardsConfig,
  LimitConfig,
  LiveVoxCredentials,
  PlansConfig,
  PullConfig,
  PushConfig,
  ReferencesConfig,
  ScheduleConfig,
  SuppressionsConfig,
  SweepConfig,
  TenantConfig,
} from './config.ts';
import type { ConfigFile } from './config-file.ts';
import { type Environment, type TenantVariables, toTenantVariable } from './environment.ts';
import { type FileConfig, type FileTenant, liveVoxEnvironments } from './file-schema.ts';
import { makeNotify } from './make-notify.ts';
import { makeSources } from './make-sources.ts';
import { makeSecret } from './secret.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export type MadeTenants = { readonly tenants: TenantConfig[]; readonly problems: readonly string[] };

/** All tenants of a file that validated, and the problems of their systems of record. */
export function makeTenants(
  config: FileConfig | undefined,
  variables: ReadonlyMap<string, TenantVariables>,
  file: ConfigFile,
  env: Environment,
): MadeTenants {
  const problems: string[] = [];
  const tenants = Object.entries(config?.tenants ?? {}).map(([name, tenant]) => {
    const systemsOfRecord = makeSources(name, tenant.systemsOfRecord, file, env, problems);
    const notify = makeNotify(name, tenant.notify, env, problems);
    const alone = variables.size === 1;
    return makeTenant(name, tenant, variables.get(name) ?? {}, { systemsOfRecord, notify }, alone);
  });
  return { tenants, problems };
}

function makeTenant(
  name: string,
  file: FileTenant,
  values: TenantVariables,
  made: Pick<TenantConfig, 'systemsOfRecord' | 'notify'>,
  alone: boolean,
): TenantConfig {
  const assertComplete = (): void => {
    const missing = listMissingOf(name, values, file, alone);
    if (missing.length > 0) throw new ConfigError(missing);
  };
  const credentials = makeCredentials(values);
  return Object.freeze({
    name,
    get baseUrl(): string {
      assertComplete();
      return toBaseUrl(values, file) as string;
    },
    get credentials(): LiveVoxCredentials {
      assertComplete();
      return credentials;
    },
    timeZone: file.timeZone,
    inFlight: Object.freeze(file.inFlight),
    limits: makeLimits(file),
    requestTimeoutMs: file.requestTimeoutSeconds * 1000,
    pull: makePull(file),
    history: Object.freeze(file.history),
    retention: Object.freeze(file.retention),
    sweep: makeSweep(file),
    references: makeReferences(file),
    push: makePush(file),
    guards: makeGuards(file),
    plans: makePlans(file),
    fanOut: makeFanOut(file),
    suppressions: makeSuppressions(file),
    ...made,
    schedule: makeSchedule(file),
  });
}

function makeCredentials(values: TenantVariables): LiveVoxCredentials {
  return Object.freeze({
    clientName: values.LIVEVOX_CLIENT_NAME ?? '',
    userName: values.LIVEVOX_USERNAME ?? '',
    password: makeSecret(values.LIVEVOX_PASSWORD ?? ''),
    accessToken: makeSecret(values.LIVEVOX_ACCESS_TOKEN ?? ''),
  });
}

function makeLimits(file: FileTenant): TenantConfig['limits'] {
  const entries = Object.entries(file.limits).map(([method, limits]): [string, readonly LimitConfig[]] => {
    const windows = [limits].flat().map(({ starts, perSeconds }) => ({ starts, perMs: Math.ceil(perSeconds * 1000) }));
    return [method, Object.freeze(windows)];
  });
  return Object.freeze(Object.fromEntries(entries));
}

function makePull(file: FileTenant): PullConfig {
  const { maxWindowMegabytes, maxWindowMinutes, keepDownloadsDays, ...pull } = file.pull;
  return Object.freeze({
    ...pull,
    maxWindowBytes: Math.ceil(maxWindowMegabytes * 1024 * 1024),
    maxWindowMs: Math.ceil(maxWindowMinutes * minuteMs),
    keepDownloadsMs: keepDownloadsDays * dayMs,
  });
}

function makeSweep(file: FileTenant): SweepConfig {
  const { independentAfterMinutes, ...sweep } = file.sweep;
  return Object.freeze({ ...sweep, independentAfterMs: independentAfterMinutes * minuteMs });
}

function makeReferences(file: FileTenant): ReferencesConfig {
  const { refreshHours, ...references } = file.references;
  return Object.freeze({ ...references, refreshMs: refreshHours * 60 * minuteMs });
}

function makePush(file: FileTenant): PushConfig {
  const { settleSeconds, ...push } = file.push;
  return Object.freeze({ ...push, settleMs: settleSeconds * 1000 });
}

function makeSuppressions(file: FileTenant): SuppressionsConfig {
  const { targetMinutes, holidays, ...rest } = file.suppressions;
  return Object.freeze({ ...rest, holidays: Object.freeze([...holidays]), targetMs: targetMinutes * minuteMs });
}

function makeFanOut(file: FileTenant): FanOutConfig | undefined {
  const { from, ...policy } = file.fanOut;
  const isOn = policy.blocks || policy.cellConsents || policy.smsConsents;
  return isOn && from !== undefined ? Object.freeze({ ...policy, from }) : undefined;
}

function makeGuards(file: FileTenant): GuardsConfig {
  return Object.freeze({ ...file.guards, hazards: Object.freeze(file.guards.hazards) });
}

function makePlans(file: FileTenant): PlansConfig {
  const { expiresHours, ...plans } = file.plans;
  return Object.freeze({ ...plans, expiresMs: Math.ceil(expiresHours * 60 * minuteMs) });
}

/** Where an entry says no zone of its own, the tenant's counts. */
function makeSchedule({ schedule, timeZone }: FileTenant): ScheduleConfig {
  const { nightly, sweep, rollingSweep, retention } = schedule;
  return Object.freeze({
    ...(nightly && { nightly: Object.freeze({ ...nightly, timeZone: nightly.timeZone ?? timeZone }) }),
    ...(sweep && { sweep: Object.freeze({ ...sweep, timeZone: sweep.timeZone ?? timeZone }) }),
    ...(rollingSweep && {
      rollingSweep: Object.freeze({ ...rollingSweep, timeZone: rollingSweep.timeZone ?? timeZone }),
    }),
    ...(retention && { retention: Object.freeze({ ...retention, timeZone: retention.timeZone ?? timeZone }) }),
  });
}

/** What the tenants (or one of them) still need before LiveVox can be called, a sentence each. */
export function listMissing(
  variables: ReadonlyMap<string, TenantVariables>,
  config: FileConfig | undefined,
  only: string | undefined,
): readonly string[] {
  return [...variables].flatMap(([name, values]) => {
    if (only !== undefined && only !== name) return [];
    return listMissingOf(name, values, config?.tenants[name], variables.size === 1);
  });
}

/** What a tenant still needs before LiveVox can be called, a sentence each. */
function listMissingOf(
  name: string,
  values: TenantVariables,
  file: FileTenant | undefined,
  alone: boolean,
): readonly string[] {
  const toName = (variable: string): string => (alone ? variable : toTenantVariable(variable, name));
  const needed = ['LIVEVOX_CLIENT_NAME', 'LIVEVOX_USERNAME', 'LIVEVOX_PASSWORD', 'LIVEVOX_ACCESS_TOKEN'] as const;
  const unset = needed.filter((variable) => values[variable] === undefined).map(toName);
  const missing = unset.map((variable) => `${variable} is missing; set it in the environment or in .env.`);
  if (toBaseUrl(values, file) !== undefined) return missing;
  const [environment, baseUrl] = [toName('LIVEVOX_ENVIRONMENT'), toName('LIVEVOX_BASE_URL')];
  return [`Tenant ${name} has no address; set ${environment} (NA3 to NA6) or ${baseUrl}.`, ...missing];
}

/** Where a tenant's LiveVox answers, without a trailing slash; the environment wins over the file. */
function toBaseUrl(values: TenantVariables, file: FileTenant | undefined): string | undefined {
  const own =
    values.LIVEVOX_BASE_URL ?? toAddress(values.LIVEVOX_ENVIRONMENT) ?? file?.baseUrl ?? toAddress(file?.environment);
  return own?.replace(/\/+$/, '');
}

function toAddress(environment: keyof typeof liveVoxEnvironments | undefined): string | undefined {
  return environment === undefined ? undefined : liveVoxEnvironments[environment];
}

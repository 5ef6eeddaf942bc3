/**
 * The environment variables: each with one sentence, which `.env.example` and docs/configuration.md repeat word for word.
 * Variables of a tenant carry its name when there are several (`LIVEVOX_ACME_PASSWORD`), so that no tenant can be reached
 * with another one's credentials by accident. Unknown `LIVEVOX_*` and `LVSYNC_*` names are problems, not silence.
 */
import { z } from 'zod';
import { logLevels } from '../log.ts';
import { problemOfBaseUrl } from './base-url.ts';
import { environmentNames } from './file-schema.ts';
import { formatNearest } from './nearest.ts';

/** Variables as read: name → value; unset and empty are the same. */
export type Environment = Readonly<Record<string, string | undefined>>;

const baseUrl = z.string().superRefine((value, context) => {
  const problem = problemOfBaseUrl(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const tenantSchema = z.object({
  LIVEVOX_ENVIRONMENT: z
    .enum(environmentNames, { error: 'must be NA3, NA4, NA5 or NA6.' })
    .optional()
    .describe('The LiveVox environment of the client: NA3, NA4, NA5 or NA6.'),
  LIVEVOX_BASE_URL: baseUrl
    .optional()
    .describe('Address of the API, instead of LIVEVOX_ENVIRONMENT; plain http only to this machine.'),
  LIVEVOX_CLIENT_NAME: z.string().optional().describe('The client code that LiveVox gave you.'),
  LIVEVOX_USERNAME: z.string().optional().describe('The API user.'),
  LIVEVOX_PASSWORD: z.string().optional().describe("The API user's password."),
  LIVEVOX_ACCESS_TOKEN: z.string().optional().describe('The access token that LiveVox gave you (header LV-Access).'),
});

const processSchema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://.')
    .optional()
    .describe('PostgreSQL 15 or newer for the mirror; unset, an embedded PostgreSQL is started.'),
  REDIS_URL: z
    .string()
    .regex(
      /^rediss?(-sentinel|-cluster)?:\/\//,
      'must begin with redis:// or rediss:// (or redis-sentinel://, redis-cluster://).',
    )
    .optional()
    .describe('Redis for the queue, the LiveVox sessions and the limits; unset, they live in PostgreSQL.'),
  LVSYNC_HOME: z
    .string()
    .optional()
    .describe('Folder of the embedded PostgreSQL and of downloads; .lvsync in the working folder when unset.'),
  LVSYNC_LOG_LEVEL: z
    .enum(logLevels, { error: `must be one of ${logLevels.join(', ')}.` })
    .optional()
    .describe(
      'How much is logged on stderr: debug, info, warn, error or silent; when unset, error for commands and info for workers.',
    ),
  LVSYNC_METRICS_PORT: z
    .string()
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535, 'must be a port, 0 to 65535.')
    .transform(Number)
    .optional()
    .describe(
      'Port on which a worker serves /metrics, /healthz and /readyz, 0 for any free one; unset, it serves none.',
    ),
  LVSYNC_METRICS_HOST: z
    .string()
    .optional()
    .describe('Address it serves them on; 127.0.0.1 when unset, so that no other machine sees them.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .regex(/^https?:\/\//, 'must begin with http:// or https://.')
    .optional()
    .describe('OpenTelemetry collector (OTLP over HTTP) that traces are sent to; unset, there are none.'),
  OTEL_SERVICE_NAME: z.string().optional().describe('What it knows this installation as; livevox-sync when unset.'),
});

/** Ending of the variable that names a file with the secret. */
export const secretFileEnding = '_FILE';

/** Those that hold a secret, and may therefore name a file with it instead; a query's `urlVariable` is another. */
const secretTenantVariables = ['LIVEVOX_PASSWORD', 'LIVEVOX_ACCESS_TOKEN'] as const;
const secretProcessVariables = ['DATABASE_URL', 'REDIS_URL'] as const;

type ProcessVariables = z.output<typeof processSchema>;
export type TenantVariables = z.output<typeof tenantSchema>;
/** Suffix of a tenant's variable, as in `LIVEVOX_ACME_PASSWORD`. */
type TenantVariable = keyof TenantVariables;

export type EnvironmentVariable = {
  readonly name: string;
  /** What it is for, in one sentence. */
  readonly sentence: string;
  /** True for what may also be written per tenant, with its name after `LIVEVOX_`. */
  readonly perTenant: boolean;
};

/** Every variable there is, in the order of the documentation. */
export const environmentVariables: readonly EnvironmentVariable[] = [
  ...toVariables(tenantSchema, true),
  ...toVariables(processSchema, false),
];

function toVariables(schema: z.ZodObject, perTenant: boolean): EnvironmentVariable[] {
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    sentence: z.globalRegistry.get(field)?.description ?? '',
    perTenant,
  }));
}

/** `LIVEVOX_PASSWORD` of tenant `acme-eu` → `LIVEVOX_ACME_EU_PASSWORD`. */
export function toTenantVariable(variable: string, tenant: string): string {
  return variable.replace(/^LIVEVOX_/, `LIVEVOX_${tenant.toUpperCase().replaceAll('-', '_')}_`);
}

/** Every variable that may hold a secret. @param urlVariables those that the config file names */
export function listSecretVariables(
  tenantNames: readonly string[],
  urlVariables: readonly string[],
): readonly string[] {
  const named = tenantNames.flatMap((tenant) => secretTenantVariables.map((name) => toTenantVariable(name, tenant)));
  const plain = tenantNames.length > 1 ? [] : secretTenantVariables;
  return [...plain, ...named, ...secretProcessVariables, ...urlVariables];
}

export type ReadEnvironment = {
  readonly process: ProcessVariables;
  /** Tenant → its variables under their plain names. */
  readonly tenants: ReadonlyMap<string, TenantVariables>;
  /** A sentence each. */
  readonly problems: readonly string[];
};

/**
 * Reads the variables of the process and of each tenant. Other variables are left alone, except misspelt ones.
 * @param alsoKnown names the config file refers to (`urlVariable`).
 */
export function readEnvironment(
  env: Environment,
  tenantNames: readonly string[],
  alsoKnown: readonly string[],
): ReadEnvironment {
  const problems: string[] = [];
  const known = listKnown(tenantNames, alsoKnown);
  const ownProcess = pick<ProcessVariables>(processSchema, (name) => name, env, problems);
  const tenants = new Map(
    tenantNames.map((tenant) => [tenant, readTenant(env, tenant, tenantNames.length === 1, problems)]),
  );
  problems.push(...findUnknown(env, known, tenantNames));
  return { process: ownProcess, tenants, problems };
}

function readTenant(env: Environment, tenant: string, alone: boolean, problems: string[]): TenantVariables {
  const toName = (name: string): string => {
    const own = toTenantVariable(name, tenant);
    return alone && isUnset(env[own]) ? name : own;
  };
  const values = pick<TenantVariables>(tenantSchema, toName, env, problems);
  if (values.LIVEVOX_ENVIRONMENT !== undefined && values.LIVEVOX_BASE_URL !== undefined) {
    problems.push(`${toName('LIVEVOX_ENVIRONMENT')} and ${toName('LIVEVOX_BASE_URL')} exclude one another; set one.`);
  }
  return values;
}

/** Validates the variables of one schema, each on its own, so that one bad value does not hide the next. */
function pick<Values>(
  schema: z.ZodObject,
  toName: (name: string) => string,
  env: Environment,
  problems: string[],
): Values {
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = env[toName(name)];
    if (isUnset(value)) continue;
    const result = z.safeParse(field, value);
    if (result.success) read[name] = result.data;
    else problems.push(`${toName(name)} ${result.error.issues[0]?.message}`);
  }
  return read as Values;
}

function listKnown(tenantNames: readonly string[], alsoKnown: readonly string[]): readonly string[] {
  const perTenant = Object.keys(tenantSchema.shape) as TenantVariable[];
  const named = tenantNames.flatMap((tenant) => perTenant.map((variable) => toTenantVariable(variable, tenant)));
  const plain = tenantNames.length > 1 ? [] : perTenant;
  const files = listSecretVariables(tenantNames, alsoKnown).map((name) => `${name}${secretFileEnding}`);
  return [...plain, ...named, ...Object.keys(processSchema.shape), ...alsoKnown, ...files];
}

/** Names that would be ours; `LVSYNC_TEST_…` belongs to this project's own test suite. */
const ours = /^(LIVEVOX|LVSYNC(?!_TEST))_/;

function findUnknown(env: Environment, known: readonly string[], tenantNames: readonly string[]): readonly string[] {
  return Object.keys(env)
    .filter((name) => ours.test(name) && !isUnset(env[name]) && !known.includes(name))
    .map((name) => describeUnknown(name, known, tenantNames));
}

function describeUnknown(name: string, known: readonly string[], tenantNames: readonly string[]): string {
  if (secretTenantVariables.some((secret) => name === `${secret}${secretFileEnding}`) || name in tenantSchema.shape) {
    const meant = tenantNames.map((tenant) => toTenantVariable(name, tenant)).join(' or ');
    return `${name} does not say which tenant it is for; set ${meant}.`;
  }
  return `${name} is not a known variable${formatNearest(name, known)}`;
}

function isUnset(value: string | undefined): value is undefined {
  return value === undefined || value === '';
}

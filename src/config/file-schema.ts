/**
 * The shape of `lvsync.config.ts`: every key with its default, unit and one sentence, which docs/configuration.md repeats
 * word for word. Unknown keys are refused with the nearest known one; keys that would hold a secret, with its variable.
 * Durations are in the unit that the key's name ends in.
 */
import { z } from 'zod';
import { contactFields, findField, isTimeZone } from '../contact/index.ts';
import { problemOfBaseUrl } from './base-url.ts';
import { formatNearest } from './nearest.ts';

/** The environments LiveVox names, and where each answers. */
export const liveVoxEnvironments = {
  NA3: 'https://api.livevox.com',
  NA4: 'https://api.na4.livevox.com',
  NA5: 'https://api.na5.livevox.com',
  NA6: 'https://api.na6.livevox.com',
} as const;

export const environmentNames = ['NA3', 'NA4', 'NA5', 'NA6'] as const;

/** Keys a person may try to write into the file, and the variable that is meant. */
const secretKeys: Readonly<Record<string, string>> = {
  password: 'LIVEVOX_PASSWORD',
  accessToken: 'LIVEVOX_ACCESS_TOKEN',
  token: 'LIVEVOX_ACCESS_TOKEN',
  username: 'LIVEVOX_USERNAME',
  userName: 'LIVEVOX_USERNAME',
  clientName: 'LIVEVOX_CLIENT_NAME',
  clientCode: 'LIVEVOX_CLIENT_NAME',
  credentials: 'LIVEVOX_CLIENT_NAME, LIVEVOX_USERNAME, LIVEVOX_PASSWORD and LIVEVOX_ACCESS_TOKEN',
  databaseUrl: 'DATABASE_URL',
  redisUrl: 'REDIS_URL',
  url: 'the variable that urlVariable names',
  connectionString: 'the variable that urlVariable names',
};

function describeUnknownKey(key: string, known: readonly string[]): string {
  const variable = secretKeys[key];
  if (variable !== undefined) return `${key} does not belong in a file; set ${variable} in the environment or in .env.`;
  return `${key} is not a known key${formatNearest(key, known)}`;
}

/** A strict object whose unknown keys are answered with the nearest known one. */
function strict<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => describeUnknownKey(key, Object.keys(shape))).join('\n')
        : undefined,
  });
}

const positive = z.int().positive();

const mapping = z
  .record(z.string(), z.string().min(1))
  .superRefine((value, context) => {
    const writable = contactFields.filter((field) => field.writable).map((field) => field.name);
    for (const name of Object.keys(value)) {
      const field = findField(name);
      if (field === undefined) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `LiveVox has no such field${formatNearest(name, writable)}`,
        });
      } else if (!field.writable) {
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'LiveVox fills this field itself; it cannot be written.',
        });
      }
    }
    if (value['account'] === undefined) {
      context.addIssue({ code: 'custom', message: 'account must be mapped: it is the key of a contact.' });
    }
  })
  .describe('LiveVox field to column of the system of record; account is mandatory, read-only fields are refused.');

const csvSource = strict({
  kind: z.literal('csv').describe('A CSV file with a header row.'),
  path: z.string().min(1).describe("Path of the CSV file, relative to the config file's folder."),
  delimiter: z.string().length(1).default(',').describe('The character between two values.'),
  mapping,
});

const postgresSource = strict({
  kind: z.literal('postgres').describe('The rows of a query against any PostgreSQL.'),
  urlVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the connection string itself.')
    .describe('Name of the environment variable that holds the connection string.'),
  query: z
    .string()
    .min(1)
    .describe('A select whose columns the mapping names; it is read with a cursor, never written to.'),
  mapping,
});

const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone such as America/New_York.');

const cron = z
  .string()
  .regex(/^\S+(\s+\S+){4,5}$/, 'must have five or six fields, e.g. "30 2 * * *" for half past two every night.');

const baseUrl = z.string().superRefine((value, context) => {
  const problem = problemOfBaseUrl(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const pull = strict({
  overlapMinutes: z
    .number()
    .nonnegative()
    .default(15)
    .describe('How far a window reaches back behind the watermark, minutes; LiveVox commits some changes late.'),
  attempts: positive.default(3).describe('Times a download is tried before the pull fails.'),
}).describe('How contacts are pulled.');

const push = strict({
  chunkRows: positive.max(10_000).default(500).describe('Contacts in one bulk request, rows.'),
  identifyBy: z
    .enum(['both', 'account'])
    .default('both')
    .describe("Whether a bulk update names the contact by its account alone, or by LiveVox's id as well."),
  createActive: z
    .boolean()
    .default(true)
    .describe('Whether a contact we create is active, where the mapping does not say.'),
  settleSeconds: z
    .number()
    .nonnegative()
    .default(5)
    .describe('After a crash: how long requests in flight may settle before the read-back, seconds.'),
}).describe('How changes are pushed.');

const guards = strict({
  maxMoreDiallable: z
    .int()
    .nonnegative()
    .default(100)
    .describe('Most contacts one plan may make more diallable: a block lifted, a consent granted, an activation.'),
  maxCreates: z.int().nonnegative().default(100_000).describe('Most contacts one plan may create.'),
  maxUpdates: z.int().nonnegative().default(100_000).describe('Most contacts one plan may update.'),
}).describe('Limits that hold a plan back until a person has looked.');

const nightly = strict({
  cron: cron.describe('When the nightly sync starts, as a cron expression.'),
  source: z.string().optional().describe('The system of record it plans from; needed when the tenant has several.'),
  timeZone: timeZone.optional().describe("IANA time zone of the cron expression; the tenant's own when left out."),
}).describe('The nightly sync: pull, verify, plan, apply, pull, verify.');

const inFlight = z
  .record(z.string(), positive)
  .default({})
  .describe('Calls in flight per API method; the vendor advises one, which is what a method not named here gets.');

const limit = strict({
  // The last so many starts are kept in one row; a limit of more is written as one of a shorter time.
  starts: positive.max(1000),
  perSeconds: z.number().positive().max(86_400),
});

const limits = z
  .record(z.string(), z.union([limit, z.array(limit).min(1)]))
  .default({})
  .describe(
    'Most request starts per API method in any so many seconds, by all processes; a list where there are several limits.',
  );

const tenant = strict({
  environment: z
    .enum(environmentNames)
    .optional()
    .describe('The LiveVox environment of the client: NA3, NA4, NA5 or NA6.'),
  baseUrl: baseUrl.optional().describe('Address of the API, instead of environment; plain http only to this machine.'),
  timeZone: timeZone
    .default('America/New_York')
    .describe('IANA time zone of the client; dates and times without a zone are in it.'),
  inFlight,
  limits,
  requestTimeoutSeconds: z.number().positive().default(60).describe('Longest wait for one answer, seconds.'),
  pull: pull.prefault({}),
  push: push.prefault({}),
  guards: guards.prefault({}),
  systemsOfRecord: z
    .record(z.string().min(1), z.discriminatedUnion('kind', [csvSource, postgresSource]))
    .default({})
    .describe('Systems of record by name; plan --source NAME chooses one, and with only one no name is needed.'),
  schedule: strict({ nightly: nightly.optional() }).default({}).describe('What lvsync schedule writes into the queue.'),
})
  .refine((value) => value.environment === undefined || value.baseUrl === undefined, {
    error: 'environment and baseUrl exclude one another; keep one.',
  })
  .describe('One LiveVox client.');

const tenantName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens, beginning with a letter.')
  .max(40);

/** The whole file. */
export const fileSchema = strict({
  tenants: z
    .record(tenantName, tenant)
    .refine((value) => Object.keys(value).length > 0, 'must name at least one tenant.')
    .describe('LiveVox clients by name, as --tenant takes it.'),
});

/** What a person writes into `lvsync.config.ts`. */
export type UserConfig = z.input<typeof fileSchema>;
/** The same with every default filled in. */
export type FileConfig = z.output<typeof fileSchema>;
export type FileTenant = FileConfig['tenants'][string];

/** The problems of a file's content, a sentence each, with the path of the key; empty when there is none. */
export function parseFile(content: unknown): { readonly config?: FileConfig; readonly problems: readonly string[] } {
  const result = fileSchema.safeParse(content);
  if (result.success) return { config: result.data, problems: [] };
  return { problems: result.error.issues.flatMap(toProblems) };
}

/** The method names of a file that the client does not have, a sentence each. */
export function listUnknownMethods(config: FileConfig | undefined, known: readonly string[]): readonly string[] {
  return Object.entries(config?.tenants ?? {}).flatMap(([tenantName, tenant]) =>
    (['inFlight', 'limits'] as const).flatMap((key) =>
      Object.keys(tenant[key])
        .filter((name) => !known.includes(name))
        .map((name) => {
          const path = `tenants.${tenantName}.${key}.${name}`;
          return `${path}: LiveVox has no such API method${formatNearest(name, known)}`;
        }),
    ),
  );
}

function toProblems(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.map(String).join('.');
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return message.split('\n').map((line) => (path === '' ? line : `${path}: ${line}`));
}

/**
 * The shape of `lvsync.config.ts`: every key with its default, unit and one sentence, which docs/configuration.md repeats
 * word for word. Unknown keys are refused with the nearest known one; keys that would hold a secret, with its variable.
 * Durations are in the unit that the key's name ends in.
 */
import { z } from 'zod';
import { isTimeZone } from '../contact/index.ts';
import { problemOfBaseUrl } from './base-url.ts';
import { fanOutSchema } from './fan-out-schema.ts';
import { guards, plans } from './guards-schema.ts';
import { formatNearest } from './nearest.ts';
import { notifySchema } from './notify-schema.ts';
import { retentionSchema } from './retention-schema.ts';
import { sayIssue } from './say-issue.ts';
import { sourceSchema } from './source-schema.ts';
import { strict } from './strict-object.ts';
import { suppressionsSchema } from './suppressions-schema.ts';

/** The environments LiveVox names, and where each answers. */
export const liveVoxEnvironments = {
  NA3: 'https://api.livevox.com',
  NA4: 'https://api.na4.livevox.com',
  NA5: 'https://api.na5.livevox.com',
  NA6: 'https://api.na6.livevox.com',
} as const;

export const environmentNames = ['NA3', 'NA4', 'NA5', 'NA6'] as const;

const positive = z.int().positive();

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
  windows: z
    .enum(['instants', 'days'])
    .default('instants')
    .describe("What bounds of modifyDate LiveVox is sent: instants, or whole days in the tenant's time zone."),
  maxWindowMegabytes: z
    .number()
    .positive()
    .default(2048)
    .describe('A download larger than this, as received, is stopped and asked for again in two halves.'),
  maxWindowMinutes: z
    .number()
    .positive()
    .default(60)
    .describe('A download that takes longer than this is stopped and asked for again in two halves.'),
  keepDownloadsDays: z
    .number()
    .nonnegative()
    .default(0)
    .describe('How long downloads are kept after the merge, days, for lvsync replay; 0 removes them at once.'),
}).describe('How contacts are pulled.');

const history = strict({
  keepMonths: z
    .int()
    .nonnegative()
    .default(24)
    .describe('How long former versions of contacts are kept, whole months; 0 keeps them for ever.'),
}).describe('What the mirror remembers.');

const sweep = strict({
  maxVanishedPercent: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe('A sweep that misses more of the mirror than this marks nothing and is held, per cent.'),
  independentAfterMinutes: z
    .number()
    .nonnegative()
    .default(60)
    .describe('How long after the end of one sweep the next must begin to count as a second witness, minutes.'),
  chunkRows: positive
    .default(500_000)
    .describe('Contacts that one request of a sweep is meant to bring, by what the mirror knows.'),
  slices: positive.default(28).describe('Parts into which a rolling sweep divides the contacts; one is swept a night.'),
}).describe('How deletions and silent differences are found.');

const references = strict({
  refreshHours: z
    .number()
    .nonnegative()
    .default(24)
    .describe('How old groups, agents and agent skills in the mirror may become before a pull reads them anew, hours.'),
  contactGroups: z.boolean().default(true).describe('Whether contact groups are mirrored.'),
  agents: z.boolean().default(true).describe('Whether agents are mirrored.'),
  agentSkills: z.boolean().default(true).describe('Whether agent skills are mirrored.'),
  notes: z
    .boolean()
    .default(false)
    .describe('Whether the notes of changed contacts are mirrored; one request or more each.'),
  associatedAccounts: z
    .boolean()
    .default(false)
    .describe('Whether the associated accounts of changed contacts are mirrored; one request each.'),
  maxContacts: positive
    .default(500)
    .describe('Changed contacts whose notes and associated accounts one pull reads; the rest wait for the next.'),
}).describe('What is mirrored besides contacts and custom fields.');

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
  singleContact: z
    .enum(['fallback', 'always', 'never'])
    .default('fallback')
    .describe(
      'Whether a contact goes through the methods for a single contact: when a bulk method refuses it, always, or never.',
    ),
  keyedReads: z
    .int()
    .nonnegative()
    .default(10)
    .describe('Up to so many sent contacts are read back one by one; more by a pull.'),
  repeats: z
    .int()
    .nonnegative()
    .max(10)
    .default(2)
    .describe(
      'How often a change whose answer was lost is sent again, where the read-back shows that it has not arrived.',
    ),
  settleSeconds: z
    .number()
    .nonnegative()
    .default(30)
    .describe(
      'How long a request may still be at work in LiveVox after its answer was given up, or its process died, seconds; nothing is read back or sent before.',
    ),
}).describe('How changes are pushed.');

const nightly = strict({
  cron: cron.describe('When the nightly sync starts, as a cron expression.'),
  source: z.string().optional().describe('The system of record it plans from; needed when the tenant has several.'),
  timeZone: timeZone.optional().describe("IANA time zone of the cron expression; the tenant's own when left out."),
  missed: z
    .enum(['catch_up', 'report'])
    .default('catch_up')
    .describe(
      'What becomes of a nightly that came due while no worker ran: catch_up does it once when one starts, report only says so.',
    ),
}).describe('The nightly sync: pull, verify, plan, apply, pull, verify.');

const recurring = (what: string) =>
  strict({
    cron: cron.describe(`When ${what} starts, as a cron expression.`),
    timeZone: timeZone.optional().describe("IANA time zone of the cron expression; the tenant's own when left out."),
  });

const schedule = strict({
  nightly: nightly.optional(),
  sweep: recurring('a whole sweep').optional().describe('A sweep over all contacts: lvsync sweep.'),
  rollingSweep: recurring('a rolling sweep')
    .optional()
    .describe('A sweep over the part of the contacts whose turn it is: lvsync sweep --rolling.'),
  retention: recurring('the retention')
    .optional()
    .describe('The clearing away of what has been kept for as long as configured.'),
})
  .default({})
  .describe('What lvsync schedule writes into the queue.');

const inFlight = z
  .record(z.string(), positive)
  .default({})
  .describe(
    'Most calls in flight per API method, fewer while LiveVox has trouble; the vendor advises one, which is what a method not named here gets.',
  );

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
  history: history.prefault({}),
  retention: retentionSchema.prefault({}),
  sweep: sweep.prefault({}),
  references: references.prefault({}),
  push: push.prefault({}),
  guards: guards.prefault({}),
  fanOut: fanOutSchema.prefault({}),
  plans: plans.prefault({}),
  suppressions: suppressionsSchema.prefault({}),
  systemsOfRecord: z
    .record(z.string().min(1), sourceSchema)
    .default({})
    .describe('Systems of record by name; plan --source NAME chooses one, and with only one no name is needed.'),
  notify: notifySchema.optional(),
  schedule,
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
  return { problems: result.error.issues.flatMap((issue) => toProblems(issue, content)) };
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

/** @param parent where `issue` stands, when it is one of several forms */
function toProblems(issue: z.core.$ZodIssue, content: unknown, parent: readonly PropertyKey[] = []): readonly string[] {
  const at = [...parent, ...issue.path];
  const chosen = issue.code === 'invalid_union' ? chooseBranch(issue.errors) : undefined;
  if (chosen !== undefined) return chosen.flatMap((inner) => toProblems(inner, content, at));
  const path = at.map(String).join('.');
  const message =
    issue.code === 'invalid_key'
      ? (issue.issues[0]?.message ?? issue.message)
      : sayIssue(issue, findValue(content, at));
  return message.split('\n').map((line) => (path === '' ? line : `${path}: ${line}`));
}

/** What stands at a path; undefined when nothing does. */
function findValue(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    content,
  );
}

/** Of the forms a value may have, the one that was meant: whose kind it is of. undefined when it is of none. */
function chooseBranch(errors: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  return errors.find((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0));
}

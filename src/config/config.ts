/**
 * What a validated configuration looks like to the rest of the program: every default filled in, paths absolute,
 * seconds turned into milliseconds, secrets wrapped. Nothing here reads a file or the environment.
 */

import type { Owner } from '../contact/index.ts';
import type { LogLevel } from '../log.ts';
import type { NotifyEvent } from './notify-schema.ts';
import type { Secret } from './secret.ts';

export type LiveVoxCredentials = {
  readonly clientName: string;
  readonly userName: string;
  readonly password: Secret;
  readonly accessToken: Secret;
};

/**
 * A value from the cells of the named columns: null for "no value", undefined for "says nothing, leave the field as it is". A cell is text;
 * null where the source has no value, undefined where a row lacks the key. What it throws costs the row, without what it said.
 */
export type CellFunction = (
  cells: Readonly<Record<string, string | null | undefined>>,
) => string | number | bigint | boolean | Date | null | undefined;

/** How a field is made of a row: of one `column`, of `columns` by `value`, or the same `constant` for all. */
export type FieldRule = {
  readonly column?: string;
  readonly columns?: readonly string[];
  readonly value?: CellFunction;
  readonly constant?: string | number | boolean | null;
  /** Trimmed text of the source → what it stands for. */
  readonly values?: Readonly<Record<string, string | number | boolean | null>>;
  /** What becomes of a text that `values` does not name. @default 'quarantine' */
  readonly otherwise?: 'keep' | 'quarantine';
  /** The value is a name, and becomes the id that LiveVox has for it. */
  readonly lookup?: 'contact-group' | 'agent';
  /** @default most-restrictive for blocks and consents, record for all others */
  readonly owner?: Owner;
};

/** LiveVox field (vendor name, or `custom:` and the client's label) → column of the system of record, or a rule. `account` is mandatory. */
export type FieldMapping = Readonly<Record<string, string | FieldRule>>;

export type TextEncoding = 'utf-8' | 'windows-1252' | 'iso-8859-1' | 'utf-16le' | 'utf-16be';

/** What every kind of system of record says. */
type SourceBasics = {
  /** undefined: not written yet; only `lvsync map` has a use for such a source. */
  readonly mapping?: FieldMapping | undefined;
  /** The column that says when a row was last changed. */
  readonly changedAt?: string | undefined;
  /** Whether it holds every contact, so that one missing there is gone. @default false */
  readonly complete: boolean;
  /** What becomes of a contact of LiveVox that a complete source does not hold. @default 'nothing' */
  readonly onAbsence: 'nothing' | 'deactivate' | 'delete';
};

/** A system of record that is a file, gzipped or not. */
export type RecordFileConfig = SourceBasics & {
  /** A file, a folder, or a pattern with `*` and `?`; resolved against the config file's folder. */
  readonly path: string;
  /** Which file of a folder or pattern is the newest. @default 'name' */
  readonly newestBy: 'name' | 'modified';
  /** How long a file of a folder or pattern must have stood unchanged, milliseconds. @default 60_000 */
  readonly settleMs: number;
  /** Ending of the marker that says a file is complete; instead of `settleMs`. */
  readonly completeWhen?: string | undefined;
  /** A byte order mark has the last word. @default 'utf-8' */
  readonly encoding: TextEncoding;
};

export type CsvSourceConfig = RecordFileConfig & {
  readonly kind: 'csv';
  /** @default ',' */
  readonly delimiter: string;
  /** false: values are never quoted. @default '"' */
  readonly quote: string | false;
  /** Whether the first line names the columns; false: they are called `1`, `2`, …; a list: their names. @default true */
  readonly header: boolean | readonly string[];
};

export type NdjsonSourceConfig = RecordFileConfig & { readonly kind: 'ndjson' };

/** A system of record that is a query against a server. */
type QuerySourceConfig = SourceBasics & {
  /** Name of the environment variable with the connection string; the string itself never stands in a file. */
  readonly urlVariable: string;
  readonly url: Secret;
  readonly query: string;
};

export type PostgresSourceConfig = QuerySourceConfig & { readonly kind: 'postgres' };

/** MySQL or MariaDB. */
export type MysqlSourceConfig = QuerySourceConfig & { readonly kind: 'mysql' };

/**
 * A system of record of one's own: gives one object per contact, whose keys the mapping names. Values are strings, numbers,
 * bigints, booleans, `Date`s (instants) and null for "no value"; a key that is missing or undefined says nothing, and the field
 * stays as it is. It is called anew for each plan, and should stop when `signal` aborts. `timeZone` is the client's.
 */
export type RecordRows = (options: {
  readonly signal: AbortSignal;
  readonly timeZone: string;
}) => AsyncIterable<Readonly<Record<string, unknown>>>;

export type ModuleSourceConfig = SourceBasics & {
  readonly kind: 'module';
  /** Base name of the module, or the name of the system of record where the config holds the function. */
  readonly label: string;
  /** @throws ConfigError when the module cannot be loaded or has no such function. */
  readonly load: () => Promise<RecordRows>;
};

export type SourceConfig =
  | CsvSourceConfig
  | NdjsonSourceConfig
  | PostgresSourceConfig
  | MysqlSourceConfig
  | ModuleSourceConfig;

/** One that can be planned from. */
export type MappedSourceConfig = SourceConfig & { readonly mapping: FieldMapping };

export type GuardsConfig = {
  /** Most contacts one plan may make more diallable (a block lifted, a consent granted, an activation). @default 100 */
  readonly maxMoreDiallable: number;
  /** Most contacts one plan may create. @default 100_000 */
  readonly maxCreates: number;
  /** The same, per cent of the mirror; judged from 1,000 contacts in the mirror on. @default 50 */
  readonly maxCreatesPercent: number;
  /** Most contacts one plan may update. @default 100_000 */
  readonly maxUpdates: number;
  /** Per cent of the mirror. @default 50 */
  readonly maxUpdatesPercent: number;
  /** Most contacts one plan may deactivate because a complete system of record lacks them. @default 100 */
  readonly maxDeactivations: number;
  /** Per cent of the mirror. @default 5 */
  readonly maxDeactivationsPercent: number;
  /** Most contacts one plan may delete because a complete system of record lacks them. @default 0 */
  readonly maxDeletions: number;
  /** Per cent of the mirror. @default 1 */
  readonly maxDeletionsPercent: number;
  /** Fewest usable rows, per cent of the last reading of 100 or more; 0: no matter. @default 50 */
  readonly minSourcePercent: number;
  /** Most unusable rows, per cent of the rows read; judged from 100 rows on. @default 10 */
  readonly maxQuarantinedPercent: number;
  /** Most patches with each side effect. @default 0, clears_field 10_000 */
  readonly hazards: {
    readonly deactivates: number;
    readonly drops_phone: number;
    readonly shifts_ordinals: number;
    readonly downgrades_permanent: number;
    readonly clears_field: number;
  };
  /** Whether two people approve what makes contacts more diallable, or deletes them. @default true */
  readonly secondPerson: boolean;
};

export type PlansConfig = {
  /** From its making until it may no longer be approved or begun, milliseconds. @default 86_400_000 */
  readonly expiresMs: number;
  /** Whether every plan that would send something waits for approval. @default false */
  readonly approveAll: boolean;
};

export type FanOutConfig = {
  /** A number that is blocked for good on one contact is blocked on all that carry it. @default false */
  readonly blocks: boolean;
  /** A block that only LiveVox shows counts for that too. @default true */
  readonly livevox: boolean;
  /** A cell consent that the system of record withdraws on one contact is withdrawn on all. @default false */
  readonly cellConsents: boolean;
  /** The same for SMS consents. @default false */
  readonly smsConsents: boolean;
  /** First day on which it is in force, YYYY-MM-DD in the client's zone. */
  readonly from: string;
};

export type PullConfig = {
  /** How far a window reaches back behind the watermark, minutes. @default 15 */
  readonly overlapMinutes: number;
  /** Times a download is tried before the pull fails. @default 3 */
  readonly attempts: number;
  /** Bounds of modifyDate that LiveVox is sent: instants, or whole days in the tenant's zone. @default 'instants' */
  readonly windows: 'instants' | 'days';
  /** A larger download is split, bytes as received. @default 2 GiB */
  readonly maxWindowBytes: number;
  /** A download that takes longer is split, milliseconds. @default 3_600_000 */
  readonly maxWindowMs: number;
  /** How long downloads are kept after the merge, milliseconds; 0: not at all. @default 0 */
  readonly keepDownloadsMs: number;
};

type HistoryConfig = {
  /** How long former versions of contacts are kept, whole months; 0: for ever. @default 24 */
  readonly keepMonths: number;
};

/** How long what is past its use is kept, whole days; 0: for ever. */
export type RetentionConfig = {
  /** Runs, their steps, the ledger of downloads. @default 400 */
  readonly runsDays: number;
  /** Settled plans with patches, chunks and approvals. @default 400 */
  readonly plansDays: number;
  /** Rows that could not be used, with their raw text. @default 90 */
  readonly quarantineDays: number;
  /** Sweeps and the drift they found. @default 400 */
  readonly sweepsDays: number;
  /** Resolved dead letters. @default 400 */
  readonly deadLettersDays: number;
  /** Clocks of stops that have arrived or ended. @default 0 */
  readonly suppressionsDays: number;
  /** The last reading of a system of record that is no longer configured. @default 14 */
  readonly removedSourcesDays: number;
};

export type SweepConfig = {
  /** A sweep that misses more of the mirror marks nothing and is held, per cent. @default 1 */
  readonly maxVanishedPercent: number;
  /** From the end of one sweep to the beginning of the next that may confirm it, milliseconds. @default 3_600_000 */
  readonly independentAfterMs: number;
  /** Contacts that one request is meant to bring, rows. @default 500_000 */
  readonly chunkRows: number;
  /** Parts of a rolling sweep. @default 28 */
  readonly slices: number;
};

export type ReferencesConfig = {
  /** Age at which groups, agents and skills are read anew, milliseconds. @default 86_400_000 */
  readonly refreshMs: number;
  readonly contactGroups: boolean;
  readonly agents: boolean;
  readonly agentSkills: boolean;
  readonly notes: boolean;
  readonly associatedAccounts: boolean;
  /** Changed contacts whose notes and associated accounts one pull reads. @default 500 */
  readonly maxContacts: number;
};

export type PushConfig = {
  /** Contacts in one bulk request, rows. @default 500 */
  readonly chunkRows: number;
  /** Whether a bulk update names the contact by account alone, or by account and LiveVox id. @default 'both' */
  readonly identifyBy: 'both' | 'account';
  /** `active` of a contact we create, where the mapping does not say. @default true */
  readonly createActive: boolean;
  /** Whether a contact goes through the methods for a single contact: when a bulk method refuses it, always, never. @default 'fallback' */
  readonly singleContact: 'fallback' | 'always' | 'never';
  /** Up to so many sent contacts are read back one by one, more by a pull. @default 10 */
  readonly keyedReads: number;
  /** How often a change whose answer was lost is sent again, once the read-back shows that it has not arrived. @default 2 */
  readonly repeats: number;
  /** How long a request may still be at work after its answer was given up, or its process died, milliseconds. @default 30_000 */
  readonly settleMs: number;
};

export type SuppressionsConfig = {
  /** How soon a stop is to be seen in LiveVox, by the client's own rule, milliseconds. @default 900_000 */
  readonly targetMs: number;
  /** How soon the law wants it, business days. @default 10 */
  readonly legalBusinessDays: number;
  /** Calendar days, `YYYY-MM-DD`, that are no business days although they are no weekend. */
  readonly holidays: readonly string[];
};

export type NotifyConfig = {
  /** A signed JSON document, or a message for Slack. */
  readonly kind: 'generic' | 'slack';
  /** https, or http to this machine. */
  readonly url: Secret;
  /** Key of the signature; undefined for Slack. */
  readonly secret: Secret | undefined;
  /** Of what is told. @default all */
  readonly on: readonly NotifyEvent[];
};

/** At most `starts` request starts in any `perMs` milliseconds. */
export type LimitConfig = { readonly starts: number; readonly perMs: number };

/** A cron expression, in an IANA zone. */
type Recurring = { readonly cron: string; readonly timeZone: string };

/** What repeats; what is missing does not. */
export type ScheduleConfig = {
  readonly nightly?: Recurring & {
    readonly source?: string;
    /** What becomes of one that came due while no worker ran. @default 'catch_up' */
    readonly missed: 'catch_up' | 'report';
  };
  readonly sweep?: Recurring;
  readonly rollingSweep?: Recurring;
  readonly retention?: Recurring;
};

export type TenantConfig = {
  readonly name: string;
  /**
   * Where its LiveVox answers.
   * @throws ConfigError when read while the configuration names none: commands that never call LiveVox do without.
   */
  readonly baseUrl: string;
  /** @throws ConfigError naming the missing variables, when read while some are missing. */
  readonly credentials: LiveVoxCredentials;
  /** IANA zone of the client; zone-less values of the CSV and the end of a DAILY block are in it. @default 'America/New_York' */
  readonly timeZone: string;
  /** Most calls in flight per vendor method; the vendor's advice is one. @default 1 */
  readonly inFlight: Readonly<Record<string, number>>;
  /** Most request starts per vendor method and window, over all processes; a method not named here has no limit but a learnt one. */
  readonly limits: Readonly<Record<string, readonly LimitConfig[]>>;
  /** Longest wait for one answer, milliseconds. @default 60_000 */
  readonly requestTimeoutMs: number;
  readonly pull: PullConfig;
  readonly history: HistoryConfig;
  readonly retention: RetentionConfig;
  readonly sweep: SweepConfig;
  readonly references: ReferencesConfig;
  readonly push: PushConfig;
  readonly guards: GuardsConfig;
  /** undefined: a revocation counts for its own contact alone. */
  readonly fanOut: FanOutConfig | undefined;
  readonly plans: PlansConfig;
  readonly suppressions: SuppressionsConfig;
  /** Systems of record by name; `lvsync plan --source NAME` chooses one. */
  readonly systemsOfRecord: Readonly<Record<string, SourceConfig>>;
  /** Who is told when somebody has to look; undefined: nobody. */
  readonly notify: NotifyConfig | undefined;
  readonly schedule: ScheduleConfig;
};

export type MetricsConfig = {
  /** 0: any free port. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host: string;
};

export type TracesConfig = {
  /** Address of an OpenTelemetry collector, without the path. */
  readonly endpoint: string;
  /** @default 'livevox-sync' */
  readonly serviceName: string;
};

export type Config = {
  /** LVSYNC_HOME, absolute: embedded Postgres and spool. */
  readonly home: string;
  /** undefined: the embedded Postgres. */
  readonly databaseUrl: Secret | undefined;
  /** undefined: the queue lives in Postgres. */
  readonly redisUrl: Secret | undefined;
  /** undefined: `error` for commands, `info` for workers. */
  readonly logLevel: LogLevel | undefined;
  /** Where a worker serves its metrics and its health; undefined: nowhere. */
  readonly metrics: MetricsConfig | undefined;
  /** Where traces are sent; undefined: there are none. */
  readonly traces: TracesConfig | undefined;
  readonly tenants: readonly TenantConfig[];
};

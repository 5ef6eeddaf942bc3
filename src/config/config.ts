/**
 * What a validated configuration looks like to the rest of the program: every default filled in, paths absolute,
 * seconds turned into milliseconds, secrets wrapped. Nothing here reads a file or the environment.
 */

import type { LogLevel } from '../log.ts';
import type { Secret } from './secret.ts';

export type LiveVoxCredentials = {
  readonly clientName: string;
  readonly userName: string;
  readonly password: Secret;
  readonly accessToken: Secret;
};

/** LiveVox field (vendor name) → column of the system of record. `account` is mandatory. */
export type FieldMapping = Readonly<Record<string, string>>;

export type TextEncoding = 'utf-8' | 'windows-1252' | 'iso-8859-1' | 'utf-16le' | 'utf-16be';

/** What every kind of system of record says. */
type SourceBasics = {
  readonly mapping: FieldMapping;
  /** Whether it holds every contact, so that one missing there is gone. @default false */
  readonly complete: boolean;
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

export type PostgresSourceConfig = SourceBasics & {
  readonly kind: 'postgres';
  /** Name of the environment variable with the connection string; the string itself never stands in a file. */
  readonly urlVariable: string;
  readonly url: Secret;
  readonly query: string;
};

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

export type SourceConfig = CsvSourceConfig | NdjsonSourceConfig | PostgresSourceConfig | ModuleSourceConfig;

export type GuardsConfig = {
  /** Most contacts one plan may make more diallable (a block lifted, a consent granted, an activation). @default 100 */
  readonly maxMoreDiallable: number;
  /** Most contacts one plan may create. @default 100_000 */
  readonly maxCreates: number;
  /** Most contacts one plan may update. @default 100_000 */
  readonly maxUpdates: number;
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
  /** After a crash: how long to let requests in flight settle before reading back, milliseconds. @default 5_000 */
  readonly settleMs: number;
};

/** At most `starts` request starts in any `perMs` milliseconds. */
export type LimitConfig = { readonly starts: number; readonly perMs: number };

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
  /** Calls in flight per vendor method; the vendor's advice is one. @default 1 */
  readonly inFlight: Readonly<Record<string, number>>;
  /** Most request starts per vendor method and window, over all processes; a method not named here has no limit but a learnt one. */
  readonly limits: Readonly<Record<string, readonly LimitConfig[]>>;
  /** Longest wait for one answer, milliseconds. @default 60_000 */
  readonly requestTimeoutMs: number;
  readonly pull: PullConfig;
  readonly history: HistoryConfig;
  readonly sweep: SweepConfig;
  readonly references: ReferencesConfig;
  readonly push: PushConfig;
  readonly guards: GuardsConfig;
  /** Systems of record by name; `lvsync plan --source NAME` chooses one. */
  readonly systemsOfRecord: Readonly<Record<string, SourceConfig>>;
  /** What repeats; undefined: nothing does. */
  readonly schedule: {
    readonly nightly?: { readonly cron: string; readonly timeZone: string; readonly source?: string };
  };
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
  readonly tenants: readonly TenantConfig[];
};

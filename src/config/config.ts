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

export type CsvSourceConfig = {
  readonly kind: 'csv';
  /** Path of the file, resolved against the config file's folder. */
  readonly path: string;
  /** @default ',' */
  readonly delimiter: string;
  readonly mapping: FieldMapping;
};

export type PostgresSourceConfig = {
  readonly kind: 'postgres';
  /** Name of the environment variable with the connection string; the string itself never stands in a file. */
  readonly urlVariable: string;
  readonly url: Secret;
  readonly query: string;
  readonly mapping: FieldMapping;
};

export type SourceConfig = CsvSourceConfig | PostgresSourceConfig;

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

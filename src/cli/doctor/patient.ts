/**
 * What every check of `lvsync doctor` looks at, opened when the first of them asks. What is broken throws to those alone who need it.
 */
import { type Config, chooseTenant, type Places, type TenantConfig } from '../../config.ts';
import { ConfigError, toMessage } from '../../errors.ts';
import { type Log, silentLog } from '../../log.ts';
import { type ProbedDatabase, probeDatabase } from '../../probes.ts';
import { type Store, selectMissingMigrations } from '../../store/index.ts';
import { type Finding, fail, skipped } from './finding.ts';

export type Patient = {
  readonly places: Places;
  /** undefined: it has problems. */
  readonly config: Config | undefined;
  /** Of the configuration; a sentence each. */
  readonly problems: readonly string[];
  /** The one asked for, or all. */
  readonly tenants: readonly TenantConfig[];
  /** The working folder of the command. */
  readonly cwd: string;
  readonly log: Log;
  /** undefined: no command has made it yet. @throws one sentence when it cannot be reached */
  readonly database: () => Promise<ProbedDatabase | undefined>;
  /** Aborted when the command is stopped, or a check takes too long. */
  readonly signal: AbortSignal;
  readonly close: () => Promise<void>;
};

type Known = Pick<Patient, 'places' | 'config' | 'problems' | 'cwd' | 'signal'>;

/** @throws ConfigError when the configuration has no tenant of that name */
export function makePatient(known: Known, tenant: string | undefined): Patient {
  const { config, places } = known;
  const all = config?.tenants ?? [];
  const tenants = config !== undefined && tenant !== undefined ? [chooseTenant(config, tenant)] : all;
  let opened: Promise<ProbedDatabase | undefined> | undefined;
  const database = (): Promise<ProbedDatabase | undefined> => {
    opened ??= probeDatabase(places, silentLog);
    return opened;
  };
  const close = async (): Promise<void> => {
    const found = await opened?.catch(() => undefined);
    await found?.close();
  };
  return { ...known, tenants, log: silentLog, database, close };
}

/** One check for each tenant, side by side; what one of them throws is its own finding. */
export async function examineTenants(
  { tenants, config, problems }: Patient,
  examine: (tenant: TenantConfig) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  if (config === undefined) return [skipped('not looked at: the configuration has problems')];
  const found = await Promise.all(
    tenants.map(async (tenant) => {
      const findings = await examine(tenant).catch((error: unknown) => toFindings(error, problems));
      return findings.map((finding): Finding => ({ ...finding, tenant: tenant.name }));
    }),
  );
  return found.flat();
}

/** What is missing in the configuration has been told once, by its own check. */
function toFindings(error: unknown, known: readonly string[]): readonly Finding[] {
  if (!(error instanceof ConfigError)) return [fail(toMessage(error))];
  const isKnown = error.problems.every((problem) => known.includes(problem));
  return isKnown
    ? [skipped('not looked at: the configuration has problems')]
    : error.problems.map((problem) => fail(problem));
}

/** Looks into a database that can be reached and whose schema is current; what else there is to say of it, another check says. */
export async function withStore(
  patient: Patient,
  examine: (store: Store, database: ProbedDatabase) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let found: ProbedDatabase | undefined;
  try {
    found = await patient.database();
  } catch {
    return [skipped('not looked at: the database cannot be used')];
  }
  if (found === undefined) return [skipped('not looked at: there is no database yet')];
  if ((await selectMissingMigrations(found.store)).length > 0)
    return [skipped('not looked at: the schema of the database is not current')];
  return examine(found.store, found);
}

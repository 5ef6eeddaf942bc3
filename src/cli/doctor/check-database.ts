/** The database: reachable, new enough, its schema current, and set up so that it stays well. */
import { type DatabaseFacts, selectDatabaseFacts, selectMissingMigrations } from '../../store/index.ts';
import { formatBytes } from './check-home.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { Patient } from './patient.ts';

/** Of a command or a worker, with its queue. */
const connectionsOfAProcess = 15;

export async function checkDatabase(patient: Patient): Promise<readonly Finding[]> {
  const found = await patient.database();
  if (found === undefined) return [ok('the embedded PostgreSQL is not made yet; the first command makes it')];
  const missing = await selectMissingMigrations(found.store);
  const facts = await selectDatabaseFacts(found.store.pool);
  return [...judgeDatabase(facts), judgeSchema(missing, patient.places.databaseUrl === undefined)];
}

function judgeSchema(missing: readonly string[], isEmbedded: boolean): Finding {
  if (missing.length === 0) return ok('schema current; no extensions are needed');
  const says = `The schema lacks ${missing.length} migrations, from ${missing[0]} on.`;
  return isEmbedded ? warn(says, 'Nothing: the next command brings it up to date.') : fail(says, 'Run lvsync migrate.');
}

/** What it is, then what is wrong with it. */
export function judgeDatabase(facts: DatabaseFacts): readonly Finding[] {
  const { version, encoding, timeZone, maxConnections, connections, isAutovacuumOn, bytes, idleTransactions } = facts;
  const says = `PostgreSQL ${version}, ${formatBytes(bytes)}, ${encoding}, zone ${timeZone}, ${connections} of ${maxConnections} connections in use`;
  const findings: Finding[] = [ok(says)];
  if (encoding !== 'UTF8')
    findings.push(
      fail(
        `The database is encoded in ${encoding}: not every name can be kept.`,
        'Make a new one: create database … encoding UTF8 template template0.',
      ),
    );
  if (maxConnections - connections < connectionsOfAProcess)
    findings.push(
      warn(
        `Only ${maxConnections - connections} connections are left; a worker wants up to ${connectionsOfAProcess}.`,
        'Raise max_connections, or run fewer workers.',
      ),
    );
  if (!isAutovacuumOn)
    findings.push(warn('Autovacuum is off: the mirror grows and plans get slow.', 'Set autovacuum = on.'));
  if (idleTransactions > 0)
    findings.push(
      warn(
        `${idleTransactions} transactions of lvsync have done nothing for five minutes; they keep the database from cleaning up.`,
        'End the process that hangs: select pid, application_name from pg_stat_activity.',
      ),
    );
  return findings;
}

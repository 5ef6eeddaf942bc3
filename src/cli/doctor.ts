/**
 * `lvsync doctor`: everything that a run needs, looked at piece by piece and side by side, each within a time limit, so that one broken piece
 * hides no other. Changes nothing. Exit code 1 when something that is needed does not work; a warning leaves it 0.
 */
import { type Config, loadPlaces } from '../config.ts';
import { ConfigError, toMessage } from '../errors.ts';
import { checkConfig } from './doctor/check-config.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { checkHome } from './doctor/check-home.ts';
import { checkLimits } from './doctor/check-limits.ts';
import { checkLiveVox } from './doctor/check-livevox.ts';
import { checkNode } from './doctor/check-node.ts';
import { checkOpen } from './doctor/check-open.ts';
import { checkRecord } from './doctor/check-record.ts';
import { checkRedis } from './doctor/check-redis.ts';
import { checkSchedule } from './doctor/check-schedule.ts';
import { type Finding, fail, type Level } from './doctor/finding.ts';
import { makePatient, type Patient } from './doctor/patient.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { formatTable, formatVisible } from './print.ts';
import type { CommandShell, Shell } from './shell.ts';
import { loadCommandConfig } from './with-workplace.ts';

type Check = (patient: Patient) => readonly Finding[] | Promise<readonly Finding[]>;

export type Examined = { readonly check: string; readonly findings: readonly Finding[] };

/** In the order in which they are told: what the later ones rest on first. */
const checks: readonly (readonly [string, Check])[] = [
  ['node', () => checkNode()],
  ['config', checkConfig],
  ['home', checkHome],
  ['database', checkDatabase],
  ['redis', checkRedis],
  ['livevox', checkLiveVox],
  ['limits', checkLimits],
  ['record', checkRecord],
  ['schedule', checkSchedule],
  ['open', checkOpen],
];

/** Of one check. Longer than a connection takes to fail, and than the recovery of a small database. */
const patienceMs = 30_000;

export async function doctor(shell: CommandShell, options: CommonOptions): Promise<void> {
  const patient = await admit(shell, options);
  let examined: readonly Examined[];
  try {
    examined = await Promise.all(checks.map(([name, check]) => examine(name, check, patient)));
  } finally {
    await patient.close();
  }
  shell.signal.throwIfAborted();
  const isWell = !examined.some(({ findings }) => findings.some(({ level }) => level === 'fail'));
  await printAnswer(shell, options, { healthy: isWell, checks: examined }, formatExamined(examined));
  shell.end(isWell ? exitCodes.proven : exitCodes.failed);
}

/** Missing credentials are a problem, and keep nobody from looking at the rest. */
async function admit(shell: Shell, options: CommonOptions): Promise<Patient> {
  const { cwd, env, signal } = shell;
  const strict = await readConfig(shell, options, true);
  const { config } = strict.config === undefined ? await readConfig(shell, options, false) : strict;
  const places = config ?? (await loadPlaces({ cwd, env }));
  return makePatient({ places, config, problems: strict.problems, cwd, signal }, options.tenant);
}

async function readConfig(
  shell: Shell,
  options: CommonOptions,
  demandCredentials: boolean,
): Promise<{ readonly config?: Config; readonly problems: readonly string[] }> {
  try {
    return { config: await loadCommandConfig(shell, options, demandCredentials), problems: [] };
  } catch (error) {
    return { problems: error instanceof ConfigError ? error.problems : [toMessage(error)] };
  }
}

/** What a check throws is a finding: an error of ours says what to do. */
async function examine(check: string, run: Check, patient: Patient): Promise<Examined> {
  const limit = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([patient.signal, limit]);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    const findings = await Promise.race([Promise.resolve(run({ ...patient, signal })), stopped]);
    return { check, findings };
  } catch (error) {
    const says = limit.aborted ? `No answer within ${patienceMs / 1000} s.` : toMessage(error);
    return {
      check,
      findings: [fail(says, limit.aborted ? 'See whether it is overloaded, and run it again.' : undefined)],
    };
  }
}

const marks: Readonly<Record<Level, string>> = { ok: 'ok', warn: 'warn', fail: 'FAIL', skipped: '-' };

/** A line for each finding, what to do below it, and the sum. */
export function formatExamined(examined: readonly Examined[]): string {
  const all = examined.flatMap(({ check, findings }) => findings.map((finding) => ({ check, ...finding })));
  const rows = all.flatMap(({ check, level, tenant, says, todo }) => [
    [marks[level], check, formatVisible(tenant === undefined ? says : `${tenant}: ${says}`)],
    ...(todo === undefined ? [] : [['', '', `→ ${formatVisible(todo)}`]]),
  ]);
  const count = (level: Level): number => all.filter((one) => one.level === level).length;
  const sum = `${count('fail')} to mend, ${count('warn')} to look at, ${count('ok')} well\n`;
  return `${formatTable(rows)}\n${sum}`;
}

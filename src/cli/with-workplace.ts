/**
 * What most commands begin and end with: read the configuration, choose the tenant, open the workplace, show progress, close.
 * Wrong names are found before a database is started.
 */
import { systemClock } from '../clock.ts';
import { type Config, chooseTenant, loadConfig } from '../config.ts';
import { type Log, makeLog } from '../log.ts';
import type { RunReport, TenantDeps } from '../pipeline.ts';
import { silentProgress } from '../progress.ts';
import { openWorkplace, vendorMethodNames, type Workplace, type WorkplaceOptions } from '../wiring.ts';
import { toRunExitCode } from './exit-code.ts';
import { type CommonOptions, printAnswer } from './make-command.ts';
import { makeProgressLines } from './progress-lines.ts';
import { formatRunAnswer, toRunAnswer } from './report.ts';
import type { CommandShell, Shell } from './shell.ts';

export type Needs = {
  /** Whether LiveVox will be called, so that missing credentials are a problem. @default false */
  readonly credentials?: boolean;
  /** What is checked before the workplace is opened. */
  readonly check?: (config: Config) => void;
  readonly migrations?: WorkplaceOptions['migrations'];
};

/** The validated configuration that a command's options ask for. */
export function loadCommandConfig(shell: Shell, options: CommonOptions, demandCredentials = false): Promise<Config> {
  const { config: configFile, tenant } = options;
  const vendorMethods = vendorMethodNames;
  return loadConfig({ configFile, cwd: shell.cwd, env: shell.env, demandCredentials, tenant, vendorMethods });
}

/** A command's own answer says what went wrong; its log adds errors alone, unless more is asked for. */
export function makeCommandLog(config: Config): Log {
  return makeLog(config.logLevel ?? 'error');
}

/** Runs `work` in an open workplace and closes it, however it ends. */
export async function withWorkplace<Result>(
  shell: Shell,
  options: CommonOptions,
  needs: Needs,
  work: (place: Workplace, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = await loadCommandConfig(shell, options, needs.credentials);
  if (options.tenant !== undefined) chooseTenant(config, options.tenant);
  needs.check?.(config);
  const lines = makeProgressLines(shell, systemClock);
  const { migrations } = needs;
  // A program that asks for a document has nobody who watches.
  const progress = options.json === true ? silentProgress : lines.progress;
  const place = await openWorkplace(config, { log: makeCommandLog(config), progress, migrations });
  try {
    return await work(place, config);
  } finally {
    lines.clear();
    await place.close();
  }
}

/** Runs one kind of run for the chosen tenant, prints what it came to, and ends with its exit code. */
export async function runAndReport(
  shell: CommandShell,
  options: CommonOptions,
  needs: Needs,
  run: (deps: TenantDeps, place: Workplace) => Promise<RunReport>,
): Promise<void> {
  const check = (config: Config): void => {
    chooseTenant(config, options.tenant);
    needs.check?.(config);
  };
  const answer = await withWorkplace(shell, options, { ...needs, check }, async (place) =>
    toRunAnswer(place.store, await run(place.tenant(options.tenant), place)),
  );
  await printAnswer(shell, options, answer, formatRunAnswer(answer));
  shell.end(toRunExitCode(answer.state));
}

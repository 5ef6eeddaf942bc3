/**
 * The command line: builds the commands, runs one, and turns whatever happens into an exit code. Wrong usage is one sentence
 * with the nearest right one; other failures are one sentence each; a stack is shown only at LVSYNC_LOG_LEVEL=debug.
 */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { isDebugging } from '../config/terminal.ts';
import { ConfigError, toMessage, toTrace } from '../errors.ts';
import { makeApplyCommand } from './commands/apply.ts';
import { makeApproveCommand } from './commands/approve.ts';
import { makeBlockCommand } from './commands/block.ts';
import { makeCompletionCommand } from './commands/completion.ts';
import { makeCoverageCommand } from './commands/coverage.ts';
import { makeDeadCommand } from './commands/dead.ts';
import { makeDemoCommand } from './commands/demo.ts';
import { makeDoctorCommand } from './commands/doctor.ts';
import { makeForgetCommand } from './commands/forget.ts';
import { makeInitCommand } from './commands/init.ts';
import { makeMapCommand } from './commands/map.ts';
import { makeMigrateCommand } from './commands/migrate.ts';
import { makeNotifyCommand } from './commands/notify.ts';
import { makePlanCommand } from './commands/plan.ts';
import { makePullCommand } from './commands/pull.ts';
import { makeReconcileCommand } from './commands/reconcile.ts';
import { makeReplayCommand } from './commands/replay.ts';
import { makeRetentionCommand } from './commands/retention.ts';
import { makeRevertCommand } from './commands/revert.ts';
import { makeRunCommand } from './commands/run.ts';
import { makeRunsCommand } from './commands/runs.ts';
import { makeSandboxCommand } from './commands/sandbox.ts';
import { makeScheduleCommand } from './commands/schedule.ts';
import { makeShowCommand } from './commands/show.ts';
import { makeStatusCommand } from './commands/status.ts';
import { makeStopsCommand } from './commands/stops.ts';
import { makeSweepCommand } from './commands/sweep.ts';
import { makeSyncCommand } from './commands/sync.ts';
import { makeWhyCommand } from './commands/why.ts';
import { makeWorkerCommand } from './commands/worker.ts';
import { exitCodes, toErrorExitCode } from './exit-code.ts';
import type { CommandMaker } from './make-command.ts';
import { type CommandShell, isReaderGone, makeProcessShell, type Shell } from './shell.ts';

/** In the order of the help: first what a newcomer needs first. */
const commandMakers: readonly CommandMaker[] = [
  makeInitCommand,
  makeDoctorCommand,
  makeMigrateCommand,
  makePullCommand,
  makeReplayCommand,
  makeCoverageCommand,
  makeMapCommand,
  makePlanCommand,
  makeShowCommand,
  makeWhyCommand,
  makeApproveCommand,
  makeApplyCommand,
  makeRevertCommand,
  makeSyncCommand,
  makeBlockCommand,
  makeDeadCommand,
  makeSweepCommand,
  makeReconcileCommand,
  makeWorkerCommand,
  makeScheduleCommand,
  makeStatusCommand,
  makeRunsCommand,
  makeRunCommand,
  makeStopsCommand,
  makeRetentionCommand,
  makeForgetCommand,
  makeNotifyCommand,
  makeSandboxCommand,
  makeDemoCommand,
  makeCompletionCommand,
];

/**
 * Runs the command that `argv` names: the words after `lvsync`. Never throws; resolves to the exit code.
 * SIGINT and SIGTERM stop it cleanly, a second one at once.
 */
export async function main(argv: readonly string[], shell?: Shell): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(exitCodes.failed);
    stop.abort(new Error(`Stopped by ${signal}; what was done is kept, run the command again to go on.`));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    return await runProgram(argv, shell ?? makeProcessShell(stop.signal));
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function runProgram(argv: readonly string[], shell: Shell): Promise<number> {
  let code: number = exitCodes.proven;
  const pending: Promise<void>[] = [];
  const print = (text: string): void => void pending.push(shell.print(text));
  try {
    const program = makeProgram({ ...shell, end: (ended) => (code = ended) }, print);
    await program.parseAsync(toKnownHelp(program, argv), { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.proven;
    return await reportError(error, argv, shell).catch(() => exitCodes.failed);
  } finally {
    await Promise.all(pending).catch(() => {});
  }
}

/** The program with all its commands; also what the documentation is held against. */
export function makeProgram(shell: CommandShell, print: (text: string) => void): Command {
  const program = new Command('lvsync')
    .description('Keeps LiveVox contacts and a system of record the same, and proves it.')
    .version(readVersion(), '--version')
    .helpCommand('help [command]', 'help on a command')
    .exitOverride()
    // What commander would print of an error is said by reportError instead, in one sentence.
    .configureOutput({ writeOut: print, writeErr: (text) => shell.say(text.trimEnd()), outputError: () => {} });
  for (const make of commandMakers) program.addCommand(make(shell).copyInheritedSettings(program));
  return program;
}

/** `help plann` becomes `plann`, which is answered with the nearest command; commander would show the whole help and say nothing. */
function toKnownHelp(program: Command, argv: readonly string[]): string[] {
  const [help, name] = argv;
  const isUnknown = help === 'help' && name !== undefined && !program.commands.some((one) => one.name() === name);
  return isUnknown && name !== 'help' ? [...argv.slice(1)] : [...argv];
}

function readVersion(): string {
  const { version } = createRequire(import.meta.url)('livevox-sync/package.json') as { version: string };
  return version;
}

/** Says what went wrong, a line per problem on stderr, and as a document on stdout where one was asked for. */
async function reportError(error: unknown, argv: readonly string[], shell: Shell): Promise<number> {
  if (isReaderGone(error)) return exitCodes.failed;
  const told = error instanceof CommanderError ? new ConfigError(toUsageProblem(error)) : error;
  const problems = listProblems(told, shell.signal);
  if (!(error instanceof CommanderError && error.code === 'commander.help')) {
    for (const problem of problems) shell.say(`lvsync: ${problem}`);
  }
  if (isDebugging(shell.env) && error instanceof Error) shell.say(toTrace(error));
  const exitCode = toErrorExitCode(told);
  if (argv.includes('--json'))
    await shell.print(`${JSON.stringify({ error: { problems, exitCode } }, undefined, 2)}\n`);
  return exitCode;
}

/** A sentence per problem. */
function listProblems(error: unknown, signal: AbortSignal): readonly string[] {
  if (signal.aborted) return [toMessage(signal.reason)];
  return error instanceof ConfigError ? error.problems : [toMessage(error)];
}

/** `error: unknown option '--ful'\n(Did you mean --full?)` → `unknown option '--ful' (did you mean --full?)`. */
function toUsageProblem(error: CommanderError): string {
  const text = error.message.replace(/^error: /, '').replace('\n(Did', ' (did');
  return `${text.trim()}; lvsync --help lists the commands and their options.`;
}

/**
 * The command line: builds the commands, runs one, and turns whatever happens into an exit code. Wrong usage is one sentence
 * with the nearest right one; other failures are one sentence each; a stack is shown only at LVSYNC_LOG_LEVEL=debug.
 */
import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { isDebugging } from '../config.ts';
import { ConfigError, toMessage } from '../errors.ts';
import { makeApplyCommand } from './apply.ts';
import { makeApproveCommand } from './approve.ts';
import { makeBlockCommand } from './block.ts';
import { makeCoverageCommand } from './coverage.ts';
import { makeDeadCommand } from './dead.ts';
import { makeDemoCommand } from './demo.ts';
import { exitCodes, toErrorExitCode } from './exit-code.ts';
import { makeInitCommand } from './init.ts';
import type { CommandMaker } from './make-command.ts';
import { makeMapCommand } from './map.ts';
import { makeMigrateCommand } from './migrate.ts';
import { makePlanCommand } from './plan.ts';
import { makePullCommand } from './pull.ts';
import { makeReplayCommand } from './replay.ts';
import { makeRevertCommand } from './revert.ts';
import { makeSandboxCommand } from './sandbox.ts';
import { makeScheduleCommand } from './schedule.ts';
import { type CommandShell, isReaderGone, makeProcessShell, type Shell } from './shell.ts';
import { makeShowCommand } from './show.ts';
import { makeStatusCommand } from './status.ts';
import { makeStopsCommand } from './stops.ts';
import { makeSweepCommand } from './sweep.ts';
import { makeSyncCommand } from './sync.ts';
import { makeWhyCommand } from './why.ts';
import { makeWorkerCommand } from './worker.ts';

/** In the order of the help: first what a newcomer needs first. */
const commandMakers: readonly CommandMaker[] = [
  makeInitCommand,
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
  makeWorkerCommand,
  makeScheduleCommand,
  makeStatusCommand,
  makeStopsCommand,
  makeSandboxCommand,
  makeDemoCommand,
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
    await program.parseAsync([...argv], { from: 'user' });
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
  if (isDebugging(shell.env) && error instanceof Error) shell.say(error.stack ?? '');
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

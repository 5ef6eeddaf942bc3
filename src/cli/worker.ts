/** `lvsync worker`: runs the queue's workers until it is told to stop. */
import type { Command } from 'commander';
import { makeLog } from '../log.ts';
import { exitCodes } from './exit-code.ts';
import { type CommonOptions, makeCommand } from './make-command.ts';
import type { CommandShell } from './shell.ts';
import { loadCommandConfig } from './with-workplace.ts';

export function makeWorkerCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'worker',
    summary: "run the queue's workers until stopped with Ctrl-C or SIGTERM",
    example: 'lvsync worker',
  }).action(async (options: CommonOptions) => {
    const config = await loadCommandConfig(shell, options, true);
    // Loaded when needed: no other command pays for the queue's libraries.
    const { runWorker } = await import('../../jobs/worker.ts');
    await runWorker(config, { log: makeLog(config.logLevel ?? 'info'), signal: shell.signal });
    shell.end(exitCodes.proven);
  });
}

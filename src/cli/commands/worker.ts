/** How `lvsync worker` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeWorkerCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'worker',
    summary: "run the queue's workers until stopped with Ctrl-C or SIGTERM",
    when: 'On every machine that shall run the nightlies; as many as you like. lvsync schedule says when they come.',
    examples: ['lvsync worker'],
  }).action(async (options: CommonOptions) => (await import('../worker.ts')).worker(shell, options));
}

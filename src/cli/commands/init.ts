/** How `lvsync init` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeInitCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'init',
    summary: 'write a commented lvsync.config.ts and .env to fill in; refuses to overwrite',
    when: 'The first command in a new folder. Then: fill in .env, name your system of record, lvsync doctor.',
    examples: ['lvsync init', 'lvsync init --tenant acme'],
  }).action(async (options: CommonOptions) => (await import('../init.ts')).init(shell, options));
}

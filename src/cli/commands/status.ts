/** How `lvsync status` is called, for its help; what it does is loaded when it runs. */
import { type Command, Option } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import type { StatusOptions } from '../status.ts';

export function makeStatusCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'status',
    summary: 'last runs, coverage, open plans, queue counts, freshness of the mirror',
    when: 'The first look. lvsync runs lists more runs, lvsync run one of them, lvsync doctor finds what is wrong around them.',
    examples: ['lvsync status', 'lvsync status --watch', 'lvsync status --json'],
  })
    .addOption(new Option('--watch', 'show it again every two seconds until Ctrl-C').conflicts('json'))
    .action(async (options: StatusOptions) => (await import('../status.ts')).status(shell, options));
}

/** How `lvsync retention` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { RetentionOptions } from '../retention.ts';
import type { CommandShell } from '../shell.ts';

export function makeRetentionCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'retention',
    summary: 'delete what is kept longer than the configuration asks for',
    when: 'Now and then by hand, or by schedule.retention in the config. What goes when stands under retention there.',
    examples: ['lvsync retention --dry-run', 'lvsync retention'],
  })
    .option('--dry-run', 'count what would go, delete nothing')
    .action(async (options: RetentionOptions) => (await import('../retention.ts')).retention(shell, options));
}

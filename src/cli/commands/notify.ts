/** How `lvsync notify` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { NotifyOptions } from '../notify.ts';
import type { CommandShell } from '../shell.ts';

export function makeNotifyCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'notify',
    summary: 'tell the webhook what it has not been told yet, or try it with --test',
    when: 'To try a new webhook, and from cron where no worker runs. Runs and workers tell by themselves.',
    examples: ['lvsync notify --test', 'lvsync notify --tenant acme'],
  })
    .option('--test', 'send a notice that means nothing, to see whether the webhook works')
    .action(async (options: NotifyOptions) => (await import('../notify.ts')).notify(shell, options));
}

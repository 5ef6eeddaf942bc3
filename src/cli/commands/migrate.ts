/** How `lvsync migrate` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { type CommonOptions, makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeMigrateCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'migrate',
    summary: "bring the database's schema up to date; safe from two processes at once",
    when: 'After an upgrade, where DATABASE_URL names a server of your own. The embedded PostgreSQL migrates itself.',
    examples: ['lvsync migrate'],
  }).action(async (options: CommonOptions) => (await import('../migrate.ts')).migrate(shell, options));
}

/** How `lvsync migrate` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { MigrateOptions } from '../migrate.ts';
import type { CommandShell } from '../shell.ts';
import { defaultRolePrefix } from './shared-options.ts';

export function makeMigrateCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'migrate',
    summary: "bring the database's schema up to date; safe from two processes at once",
    when: 'After an upgrade, where DATABASE_URL names a server of your own. The embedded PostgreSQL migrates itself.',
    examples: ['lvsync migrate', 'lvsync migrate --roles'],
  })
    .option('--roles', 'also make the roles for owner, worker and analysts, and grant them what they need')
    .option('--role-prefix <word>', `what the names of the roles begin with (default: ${defaultRolePrefix})`)
    .action(async (options: MigrateOptions) => (await import('../migrate.ts')).migrate(shell, options));
}

/** How `lvsync sync` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import type { SyncOptions } from '../sync.ts';
import { addUntilOption } from './shared-options.ts';

export function makeSyncCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'sync',
    summary: 'the nightly: pull, verify, plan, apply, pull, verify',
    when: 'The whole way at once, by hand; what a schedule runs at night. After most failures, running it again mends it.',
    examples: ['lvsync sync', 'lvsync sync --dry-run', 'lvsync sync --tenant acme --until 06:00'],
    exits: { 3: 'a guard holds the plan, nothing was sent', 4: 'sent, but not all of it came back as sent' },
  })
    .option('--source <name>', 'the system of record; needed when the tenant has several')
    .option('--dry-run', 'stop after the plan; nothing is sent');
  return addUntilOption(command).action(async (options: SyncOptions) =>
    (await import('../sync.ts')).sync(shell, options),
  );
}

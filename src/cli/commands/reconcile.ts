/** How `lvsync reconcile` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { ReconcileOptions } from '../reconcile.ts';
import type { CommandShell } from '../shell.ts';

export function makeReconcileCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'reconcile',
    summary: 'are we right, now: LiveVox, the mirror and the system of record compared, for some contacts or all',
    when: 'When somebody doubts some contacts, or after a change made by hand in LiveVox. Sends nothing without --apply.',
    examples: [
      'lvsync reconcile --accounts A-1,A-2',
      'lvsync reconcile --where "state = \'TX\' and active" --apply',
      'lvsync reconcile --queue',
    ],
    exits: { 3: 'with --apply: a guard holds the plan, nothing was sent', 4: 'something still differs' },
  })
    .option('--accounts <file>', 'only these contacts: a file with an account in each line, or A,B')
    .option('--where <expr>', 'only contacts of the mirror for which this holds, e.g. "state = \'TX\' and active"')
    .option('--source <name>', 'the system of record; needed when the tenant has several')
    .option('--apply', 'send what differs from the system of record, through the guards of lvsync sync')
    .option('--queue', 'let a worker do it, and end at once')
    .action(async (options: ReconcileOptions) => (await import('../reconcile.ts')).reconcile(shell, options));
}

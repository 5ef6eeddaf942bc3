/** How `lvsync forget` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import type { ForgetOptions } from '../forget.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeForgetCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'forget',
    summary: 'erase one contact here, for a request of erasure, with a receipt',
    when: 'When a person asks to be erased, after they are erased in the system of record and in LiveVox.',
    examples: ['lvsync forget 4711 --by "Ann Lee" --reason "request 2026-17"'],
    exits: { 3: 'something stands against it, nothing was erased' },
  })
    .argument('<account>', 'account of the contact')
    .requiredOption('--by <name>', 'who erases')
    .requiredOption('--reason <text>', 'why, for the record; without personal data')
    .option('--even-so', 'although LiveVox or the system of record still shows the contact, and would bring it back')
    .action(async (account: string, options: ForgetOptions) =>
      (await import('../forget.ts')).forget(shell, account, options),
    );
}

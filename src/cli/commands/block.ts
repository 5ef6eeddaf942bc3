/** How `lvsync block` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import type { BlockOptions } from '../block.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeBlockCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'block',
    summary: 'block contacts or numbers at once, also while another run is under way',
    when: 'When somebody said stop and must not be called again today. It does not wait for the nightly.',
    examples: [
      'lvsync block --numbers-file stops.txt --by "Ann Lee" --reason "said stop on the phone"',
      'lvsync block --account 4711 4712 --by "Ann Lee" --reason "letter of 3 May"',
    ],
    exits: { 4: 'somebody who was named is not blocked: not shown, or not taken' },
  })
    .option('--account <account...>', 'contacts to block as a whole')
    .option('--accounts-file <file>', 'the same, one to a line')
    .option(
      '--number <number...>',
      'numbers to block on every contact that carries them; in the list of processes for a while',
    )
    .option('--numbers-file <file>', 'the same, one to a line')
    .requiredOption('--by <name>', 'who says so')
    .requiredOption('--reason <text>', 'why, for the record; without personal data')
    .action(async (options: BlockOptions) => (await import('../block.ts')).block(shell, options));
}

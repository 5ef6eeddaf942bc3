/** How `lvsync show` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import type { ShowOptions } from '../show.ts';
import { addFilterOptions, addUnmaskOptions } from './shared-options.ts';

export function makeShowCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'show',
    summary: "show a plan's rows: account, operation, field, from, to",
    when: 'Before an approval, and after a push to see what became of each row.',
    examples: [
      'lvsync show 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11',
      'lvsync show 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11 --account 4711',
      'lvsync show 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11 --state not_taken,altered --out left.csv',
    ],
  }).argument('<plan>', 'id of the plan');
  return addUnmaskOptions(addFilterOptions(command))
    .option('--out <file>', 'write them to a new file instead, .csv, .jsonl, .json or .html (mode 0600)')
    .action(async (planId: string, options: ShowOptions) => (await import('../show.ts')).show(shell, planId, options));
}

/** How `lvsync revert` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { RevertOptions } from '../revert.ts';
import type { CommandShell } from '../shell.ts';

export function makeRevertCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'revert',
    summary: 'make a plan that takes back what an earlier one has changed; sends nothing',
    when: 'When a plan was sent that should not have been. Read it, then lvsync apply.',
    examples: [
      'lvsync revert 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11',
      'lvsync revert 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11 --accounts wrong.txt',
    ],
    exits: { 3: 'a guard holds the plan' },
  })
    .argument('<plan>', 'id of the plan, or of a run that planned or applied it')
    .option('--accounts <file>', 'only these contacts: a file with an account in each line, or A,B')
    .action(async (id: string, options: RevertOptions) => (await import('../revert.ts')).revert(shell, id, options));
}

/** How `lvsync plan` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import { makeCommand } from '../make-command.ts';
import type { PlanOptions } from '../plan.ts';
import type { CommandShell } from '../shell.ts';
import { addUnmaskOptions } from './shared-options.ts';

export function makePlanCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'plan',
    summary: 'compare the mirror with the system of record and store what should change; sends nothing',
    when: 'To see what a sync would do. lvsync show lists every field, lvsync apply sends it.',
    examples: ['lvsync plan', 'lvsync plan --source crm --out plan.html'],
    exits: { 3: 'a guard holds the plan; lvsync approve lets it through' },
  }).option('--source <name>', 'the system of record; needed when the tenant has several');
  return addUnmaskOptions(command)
    .option('--out <file>', 'also write the changed fields to a new file, .csv, .jsonl, .json or .html (mode 0600)')
    .action(async (options: PlanOptions) => (await import('../plan.ts')).plan(shell, options));
}

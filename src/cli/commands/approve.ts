/** How `lvsync approve` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import type { ApproveOptions } from '../approve.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';

export function makeApproveCommand(shell: CommandShell): Command {
  return makeCommand({
    name: 'approve',
    summary: 'let a held plan through, by name and with a reason; sends nothing',
    when: 'When a run ended as held, after you have read lvsync show PLAN. Some guards want two people: each approves once.',
    examples: [
      'lvsync approve 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11 --by "Ann Lee" --reason "new accounts of the merger"',
    ],
    exits: { 3: 'noted, and another person has to approve as well' },
  })
    .argument('<plan>', 'id of the plan')
    .requiredOption('--by <name>', 'who approves; where a guard asks for two people, each approves once')
    .requiredOption('--reason <text>', 'why, for the record; without personal data')
    .option('--expect <seal>', 'refuse unless the seal of the plan begins with these digits')
    .action(async (planId: string, options: ApproveOptions) =>
      (await import('../approve.ts')).approve(shell, planId, options),
    );
}

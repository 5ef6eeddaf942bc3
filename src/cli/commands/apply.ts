/** How `lvsync apply` is called, for its help; what it does is loaded when it runs. */
import type { Command } from 'commander';
import type { ApplyOptions } from '../apply.ts';
import { makeCommand } from '../make-command.ts';
import type { CommandShell } from '../shell.ts';
import { addUntilOption } from './shared-options.ts';

export function makeApplyCommand(shell: CommandShell): Command {
  const command = makeCommand({
    name: 'apply',
    summary: 'send a plan to LiveVox, then read back and verify',
    when: 'After lvsync plan, or after lvsync approve. Run again after a failure: it goes on where it stopped.',
    examples: [
      'lvsync apply 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11',
      'lvsync apply 0b8f7e5c-4c2f-4a7e-9a51-3f1f0e6c2d11 --until 06:00',
    ],
    exits: { 3: 'the plan is held', 4: 'sent, but not all of it came back as sent' },
  }).argument('<plan>', 'id of the plan');
  return addUntilOption(command).action(async (planId: string, options: ApplyOptions) =>
    (await import('../apply.ts')).apply(shell, planId, options),
  );
}
